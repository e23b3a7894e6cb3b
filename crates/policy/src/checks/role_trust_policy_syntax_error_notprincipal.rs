//! Rule `role-trust-policy-syntax-error-notprincipal`: `NotPrincipal` in the trust policy of a role.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind == PolicyKind::Trust {
        for principal in cx.statements().iter().filter_map(|statement| statement.not_principal.as_ref()) {
            out.push(Problem::new(principal.span, "a trust policy takes no `NotPrincipal`"));
        }
    }
}
