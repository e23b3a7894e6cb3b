//! Rule `unique-sids-required`: one `Sid` twice in a policy of a kind that refuses it.

use super::sids::repeated;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if is_strict(cx.policy.kind) {
        repeated(cx, "is the `Sid` of several statements, which AWS refuses in this kind of policy", out);
    }
}

/// Whether policies of this kind need a `Sid` of its own for each statement.
pub(super) fn is_strict(kind: PolicyKind) -> bool {
    kind.is_identity() || kind.is_organization()
}
