//! Rule `rcp-syntax-error-principal`: a resource control policy about others than everybody.

use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::Principal,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Rcp {
        return;
    }
    for statement in cx.statements() {
        if let Some(principal) = statement.principal.as_ref().filter(|principal| !is_everybody(principal)) {
            out.push(Problem::new(principal.span, "the principal of a resource control policy is `\"*\"`"));
        }
        if let Some(principal) = &statement.not_principal {
            out.push(Problem::new(principal.span, "a resource control policy takes no `NotPrincipal`"));
        }
    }
}

fn is_everybody(principal: &Principal) -> bool {
    principal.bare.as_ref().is_some_and(|value| !value.known || value.is("*"))
}
