//! Rule `all-kms-actions`: every KMS action on every key, in a policy that is not a key's own.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Identity {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows() && statement.condition.is_empty()) {
        let action = statement
            .action
            .iter()
            .flat_map(|values| &values.items)
            .find(|value| value.text.eq_ignore_ascii_case("kms:*"));
        let resource = statement.resource.iter().flat_map(|values| &values.items).find(|value| value.is("*"));
        if let (Some(action), Some(resource)) = (action, resource) {
            let message = "the holder may do everything with every key: decrypt, open it to others, delete it";
            let problem = Problem::new(action.span, message).related(resource.span, "on every key");
            out.push(problem.witness("kms:ScheduleKeyDeletion on arn:aws:kms:*:*:key/*"));
        }
    }
}
