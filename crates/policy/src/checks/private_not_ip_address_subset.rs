//! Rule `private-not-ip-address-subset`: private addresses among public ones that `aws:SourceIp` leaves out.

use super::addresses;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let message = "`aws:SourceIp` holds public addresses, so a private range is not left out by it: `aws:VpcSourceIp` holds the private ones";
    addresses::report(cx, true, false, message, out);
}
