//! Rule `secret-policy-may-become-public`: a holder that may write the policies of secrets, public ones included.

use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::Value,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Identity {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let blocked = statement
            .condition_keys()
            .any(|(_, key)| key.name.text.eq_ignore_ascii_case("secretsmanager:BlockPublicPolicy"));
        let named = |value: &&Value| value.text.eq_ignore_ascii_case("secretsmanager:PutResourcePolicy");
        if let Some(value) = statement.action.iter().flat_map(|values| &values.items).find(named).filter(|_| !blocked) {
            let message = "a secret may be made public: nothing asks for `secretsmanager:BlockPublicPolicy`";
            out.push(Problem::new(value.span, message));
        }
    }
}
