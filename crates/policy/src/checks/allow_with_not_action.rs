//! Rule `allow-with-not-action`: everything is allowed but what is named, and so is whatever AWS adds tomorrow.

use keylint_diagnostics::Severity;

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
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let Some(excluded) = &statement.not_action else { continue };
        let everywhere = statement.resource.iter().flat_map(|values| &values.items).any(|value| value.is("*"));
        let message = match (kind.is_resource(), everywhere) {
            (true, _) => "every action but these is allowed on this resource, also those that are yet to come",
            (_, true) => {
                "every action but these is allowed on every resource, also those of services that are yet to come"
            }
            _ => "every action but these is allowed on these resources, also those that are yet to come",
        };
        let problem = Problem::new(excluded.span, message);
        let held = !statement.condition.is_empty() || !everywhere && !kind.is_resource();
        out.push(if held { problem.severity(Severity::Low) } else { problem });
    }
}
