//! Rule `private-not-ip-address`: only private addresses left out by `aws:SourceIp`.

use super::addresses;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let message = "`aws:SourceIp` holds public addresses, so the condition always holds";
    addresses::report(cx, true, true, message, out);
}
