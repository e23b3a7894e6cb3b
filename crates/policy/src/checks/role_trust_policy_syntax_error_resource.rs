//! Rule `role-trust-policy-syntax-error-resource`: a resource in the trust policy of a role, which is about that role.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for statement in cx.statements() {
        for resource in statement.resource.iter().chain(&statement.not_resource) {
            out.push(Problem::new(resource.span, "a trust policy names no resource: it is about its role"));
        }
    }
}
