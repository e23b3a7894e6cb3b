//! Rule `unsupported-principal`: a principal in a policy that is attached to whom it grants.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !cx.policy.kind.is_identity() || !cx.policy.kind_is_told {
        return;
    }
    for principal in cx.statements().iter().flat_map(|statement| statement.principals()) {
        let message = "an identity policy names no principal: it speaks of whom it is attached to";
        out.push(Problem::new(principal.span, message));
    }
}
