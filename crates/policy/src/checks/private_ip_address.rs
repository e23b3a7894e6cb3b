//! Rule `private-ip-address`: only private addresses compared with `aws:SourceIp`.

use super::addresses;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let message = "`aws:SourceIp` holds public addresses, so the condition never holds";
    addresses::report(cx, false, true, message, out);
}
