//! Rule `private-ip-address-subset`: private addresses among public ones for `aws:SourceIp`.

use super::addresses;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let message = "`aws:SourceIp` holds public addresses, so a private range among them does nothing: `aws:VpcSourceIp` holds the private ones";
    addresses::report(cx, false, false, message, out);
}
