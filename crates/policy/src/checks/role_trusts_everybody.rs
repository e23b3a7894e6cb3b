//! Rule `role-trusts-everybody`: a role that anyone with an AWS account can assume.

use super::everybody::{everybody, is_fenced};
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows() && !is_fenced(cx, statement)) {
        // A secret external id keeps strangers out as long as it is one.
        let shared = statement.condition_keys().any(|(operator, key)| {
            key.name.text.eq_ignore_ascii_case("sts:ExternalId")
                && !operator.parts.if_exists
                && !operator.parts.base.contains("Not")
        });
        let Some(value) = statement.principal.as_ref().and_then(everybody).filter(|_| !shared) else { continue };
        let message = "everybody with an AWS account may assume this role";
        out.push(Problem::new(value.span, message).witness("sts:AssumeRole by any AWS account"));
    }
}
