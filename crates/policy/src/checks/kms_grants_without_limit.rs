//! Rule `kms-grants-without-limit`: whoever may create grants for a key can give any use of it to anybody.

use super::everybody::is_account;
use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::Value,
};

/// Keys that keep grants within bounds:
/// https://docs.aws.amazon.com/kms/latest/developerguide/grant-authorization.html
const LIMITS: &[&str] = &[
    "kms:grantisforawsresource",
    "kms:grantoperations",
    "kms:grantconstrainttype",
    "kms:granteeprincipal",
    "kms:retiringprincipal",
    "kms:viaservice",
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::KmsKey {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let limited = statement.condition_keys().any(|(_, key)| LIMITS.contains(&&*key.name.text.to_ascii_lowercase()));
        let people = statement.principals_of("AWS").any(|value| value.known().is_some_and(|name| !is_account(name)));
        if limited || !people {
            continue;
        }
        let named = |value: &&Value| value.text.eq_ignore_ascii_case("kms:CreateGrant");
        if let Some(value) = statement.action.iter().flat_map(|values| &values.items).find(named) {
            let message = "`kms:CreateGrant` without a limit lets its holder give any use of the key to anybody";
            out.push(Problem::new(value.span, message));
        }
    }
}
