//! Rule `allow-with-not-action`: everything is allowed but what is named, and so is whatever AWS adds tomorrow.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !matches!(cx.policy.kind, PolicyKind::Identity | PolicyKind::Resource | PolicyKind::KmsKey | PolicyKind::Secret) {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows() && statement.condition.is_empty()) {
        let everywhere = statement.resource.iter().flat_map(|values| &values.items).any(|value| value.is("*"));
        if let Some(excluded) = statement.not_action.as_ref().filter(|_| everywhere) {
            let message = "every action but these is allowed on every resource, also those of services that are yet to come";
            out.push(Problem::new(excluded.span, message));
        }
    }
}
