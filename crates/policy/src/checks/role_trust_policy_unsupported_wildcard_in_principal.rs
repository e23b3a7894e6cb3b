//! Rule `role-trust-policy-unsupported-wildcard-in-principal`: a service or an identity provider written as `*` in the
//! trust policy of a role, where only `AWS` may be.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for kind in ["Service", "Federated", "CanonicalUser"] {
        for statement in cx.statements() {
            for value in statement.principals_of(kind).filter(|value| value.is("*")) {
                let message = format!("`*` is no principal of type `{kind}` that a role can trust");
                out.push(Problem::new(value.span, message));
            }
        }
    }
}
