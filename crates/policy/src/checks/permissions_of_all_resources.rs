//! Rule `permissions-of-all-resources`: a principal that may open every resource of a kind to others.

use keylint_diagnostics::Confidence;

use crate::{
    PolicyKind,
    catalogue::{AccessLevel, Action},
    context::{Context, Problem},
    escalation::Grants,
    model::Value,
};

/// Services whose permissions are those of principals, not of resources: their ways are `privilege-escalation`'s.
const OF_PRINCIPALS: &[&str] = &["iam", "identitystore", "organizations", "ram", "sso", "sso-directory", "sts"];

/// Actions that a message names.
const MAX_NAMED: usize = 5;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Identity {
        return;
    }
    // Everything on everything is told once, by `full-administrator-access`.
    if Grants::new(std::iter::once(cx.policy), cx.catalogue).everything().is_some() {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows() && statement.condition.is_empty()) {
        let everywhere = statement.resource.iter().flat_map(|values| &values.items).find(|value| value.is("*"));
        let Some(everywhere) = everywhere else { continue };
        let values = statement.action.iter().flat_map(|values| &values.items);
        let mut granting = values.filter_map(|value| Some((value, granted(cx, value)?)));
        let Some((first, mut names)) = granting.next() else { continue };
        names.extend(granting.flat_map(|(_, names)| names));
        let more = names.len().saturating_sub(MAX_NAMED);
        names.truncate(MAX_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!("the holder may open all resources of a kind to others: `{}`{more}", names.join("`, `"));
        let problem = Problem::new(first.span, message).related(everywhere.span, "on every resource");
        out.push(problem.confidence(Confidence::Medium).as_of(cx.catalogue));
    }
}

/// The actions that a value admits and that grant or take permissions on a resource; none of what stands for all services.
fn granted(cx: &Context<'_>, value: &Value) -> Option<Vec<String>> {
    let text = value.known().filter(|text| !text.starts_with('*'))?;
    let grants = |action: &Action<'_>| {
        action.access() == AccessLevel::PermissionsManagement && !OF_PRINCIPALS.contains(&action.service().prefix())
    };
    let names: Vec<String> =
        cx.catalogue.actions_matching(text).filter(grants).map(|action| action.to_string()).collect();
    (!names.is_empty()).then_some(names)
}
