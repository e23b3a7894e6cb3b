//! Rule `unique-sids-recommended`: one `Sid` twice in a policy of a kind that takes it.

use super::{sids::repeated, unique_sids_required::is_strict};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !is_strict(cx.policy.kind) {
        repeated(cx, "is the `Sid` of several statements", out);
    }
}
