//! Rule `missing-action-for-roles-anywhere-trust-policy`: a role for IAM Roles Anywhere that it cannot assume.

use crate::{
    PolicyKind,
    context::{Context, Problem},
    wildcard,
};

/// What the service does when it hands out a session.
const NEEDED: &[&str] = &["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    let of_service = || {
        let allows = cx.statements().iter().filter(|statement| statement.allows());
        allows.filter(|s| s.principals_of("Service").any(|value| value.text.starts_with("rolesanywhere.")))
    };
    let granted = |action: &str| {
        of_service().any(|statement| {
            let actions = statement.action.iter().flat_map(|values| &values.items);
            let admits = |text: &str| wildcard::admits(&text.to_ascii_lowercase(), &action.to_ascii_lowercase());
            statement.action.is_none() || actions.into_iter().any(|value| !value.known || admits(&value.text))
        })
    };
    let Some(actions) = of_service().find_map(|statement| statement.action.as_ref()) else { return };
    let missing: Vec<String> = NEEDED.iter().filter(|name| !granted(name)).map(|name| format!("`{name}`")).collect();
    if !missing.is_empty() && actions.complete {
        let message = format!("IAM Roles Anywhere also needs {} to assume the role", missing.join(" and "));
        out.push(Problem::new(actions.span, message));
    }
}
