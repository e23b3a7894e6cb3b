//! Rule `missing-principal`: a statement of a resource policy that speaks of nobody.

use super::elements::{OF_STATEMENT, has, statements};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let names = cx.policy.kind.is_resource() || cx.policy.kind == crate::PolicyKind::Rcp;
    if !names || cx.policy.kind == crate::PolicyKind::VpcEndpoint {
        return;
    }
    for node in statements(cx).filter(|node| !has(node, &["Principal", "NotPrincipal"], OF_STATEMENT)) {
        out.push(Problem::new(node.span, "the statement does not say whose requests it is about"));
    }
}
