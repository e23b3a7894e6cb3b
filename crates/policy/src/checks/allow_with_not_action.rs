//! Rule `allow-with-not-action`: everything is allowed but what is named, and so is whatever AWS adds tomorrow.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let kind = cx.policy.kind;
    // An endpoint's policy only narrows what others grant, as a boundary does.
    if kind == PolicyKind::VpcEndpoint || !(kind == PolicyKind::Identity || kind.is_resource()) {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows() && statement.condition.is_empty()) {
        let everywhere = kind.is_resource() || statement.resource.iter().flat_map(|values| &values.items).any(|value| value.is("*"));
        if let Some(excluded) = statement.not_action.as_ref().filter(|_| everywhere) {
            let message = if kind.is_resource() {
                "every action but these is allowed on this resource, also those that are yet to come"
            } else {
                "every action but these is allowed on every resource, also those of services that are yet to come"
            };
            out.push(Problem::new(excluded.span, message));
        }
    }
}
