//! Rule `invalid-vpc-format`: a value that is no identifier of a network.

use super::identifiers;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    identifiers::report(cx, "aws:SourceVpc", "vpc-", out);
}
