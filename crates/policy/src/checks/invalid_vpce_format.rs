//! Rule `invalid-vpce-format`: a value that is no identifier of an endpoint.

use super::identifiers;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    identifiers::report(cx, "aws:SourceVpce", "vpce-", out);
}
