//! Statements that let an action of IAM reach every role: named, through a pattern or through `NotAction`, on `*` or on
//! `NotResource`, with no condition that holds it back. Not here: what each of the six ways is called (`pass_role_*`, …).

use keylint_diagnostics::Span;

use crate::{
    PolicyKind, arn,
    condition::has_unknown_keys,
    context::{Context, Problem},
    model::{ConditionKey, Operator, Statement, Value},
    wildcard,
};

/// An action that should not reach everything.
#[derive(Debug)]
pub(super) struct Target {
    /// In lower case.
    action: &'static str,
    /// Its name as AWS writes it.
    name: &'static str,
    /// All resources that it can be used on, as a pattern.
    all: &'static str,
    /// The condition keys that hold it back, in lower case.
    keys: &'static [&'static str],
    /// What comes of it, to end a sentence.
    effect: &'static str,
    /// The key to name in a message.
    key: &'static str,
}

/// Passing a role to a service.
pub(super) const PASS_ROLE: Target = Target {
    action: "iam:passrole",
    name: "iam:PassRole",
    all: "arn:*:iam::????????????:role/*",
    keys: &["iam:passedtoservice", "iam:associatedresourcearn"],
    effect: "every role of the account can be passed to every service",
    key: "iam:PassedToService",
};

/// Creating a role that a service uses.
pub(super) const CREATE_SERVICE_LINKED_ROLE: Target = Target {
    action: "iam:createservicelinkedrole",
    name: "iam:CreateServiceLinkedRole",
    all: "arn:*:iam::????????????:role/*",
    keys: &["iam:awsservicename"],
    effect: "service-linked roles of every service can be created",
    key: "iam:AWSServiceName",
};

/// How a statement comes to the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// It names it.
    Name,
    /// Through a pattern.
    Pattern,
    /// `NotAction` does not exclude it.
    NotAction,
}

/// On what it grants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// On everything, named as `*`.
    Star,
    /// On all but what `NotResource` excludes.
    NotResource,
}

/// Reports the statements that grant `target` in one of the six ways.
pub(super) fn report(cx: &Context<'_>, out: &mut Vec<Problem>, target: &Target, by: By, on: On) {
    // A boundary and a session's policy grant nothing: with all actions they only leave the rest as it is.
    if cx.policy.kind != PolicyKind::Identity {
        return;
    }
    for statement in cx.statements() {
        if !statement.allows() || is_held_back(statement, target) {
            continue;
        }
        let Some(action) = reached(statement, target, by) else { continue };
        let Some(resource) = resource(statement, target, on) else { continue };
        let what = match by {
            By::Name => format!("`{}`", target.name),
            By::Pattern => format!("a pattern that takes in `{}`", target.name),
            By::NotAction => format!("`NotAction` that leaves `{}` in", target.name),
        };
        let place = match on {
            On::Star => "every resource",
            On::NotResource => "all resources but those of `NotResource`",
        };
        let message = format!("{what} on {place}: {}, and no condition on `{}` says which", target.effect, target.key);
        out.push(Problem::new(action, message).related(resource, "on these resources").witness(target.name));
    }
}

/// Whether a condition says what the action may be used with. One that also holds where the key is missing does not, and
/// neither does one that only says what may not be.
fn is_held_back(statement: &Statement, target: &Target) -> bool {
    let held = |(operator, key): (&Operator, &ConditionKey)| {
        let positive = !operator.parts.base.contains("Not") && !operator.parts.base.eq_ignore_ascii_case("null");
        // Access Analyzer takes `StringLikeIfExists` as enough, and `StringEqualsIfExists` not.
        let absent = operator.parts.if_exists && operator.parts.base.eq_ignore_ascii_case("StringEquals");
        positive && !absent && target.keys.iter().any(|name| key.name.text.eq_ignore_ascii_case(name))
    };
    has_unknown_keys(statement) || statement.condition_keys().any(held)
}

/// Where a statement grants the action in this way.
fn reached(statement: &Statement, target: &Target, by: By) -> Option<Span> {
    let admits = |value: &Value| {
        let text = value.known().unwrap_or_default();
        // Cheap first: nearly all values are of another service.
        text.as_bytes().first().is_some_and(|byte| matches!(byte, b'*' | b'?' | b'i' | b'I'))
            && wildcard::admits(&text.to_ascii_lowercase(), target.action)
    };
    if by == By::NotAction {
        let excluded = statement.not_action.as_ref().filter(|excluded| excluded.complete)?;
        return (!excluded.items.iter().any(admits)).then_some(excluded.span);
    }
    let items = &statement.action.as_ref()?.items;
    // A statement that names the action is reported for that, whatever patterns stand beside it.
    let named = items.iter().find(|value| value.known && value.text.eq_ignore_ascii_case(target.action));
    match by {
        By::Name => named.map(|value| value.span),
        _ if named.is_some() => None,
        _ => items.iter().find(|value| admits(value)).map(|value| value.span),
    }
}

/// The resources that are all roles.
fn resource(statement: &Statement, target: &Target, on: On) -> Option<Span> {
    match on {
        On::Star => {
            let all = |value: &&Value| {
                let text = value.known().unwrap_or_default();
                text == "*" || text.ends_with('*') && arn::covers(&any_account(text), target.all)
            };
            statement.resource.as_ref()?.items.iter().find(all).map(|value| value.span)
        }
        On::NotResource => statement.not_resource.as_ref().map(|excluded| excluded.span),
    }
}

/// The pattern with its account and partition left open: all roles of one account are as many as it has.
fn any_account(text: &str) -> String {
    match arn::Arn::parse(text) {
        Some(arn) if !arn.account.is_empty() => {
            let service = if arn.service.is_empty() { "-" } else { arn.service };
            format!("arn:*:{service}:{}:*:{}", arn.region, arn.resource)
        }
        _ => text.to_string(),
    }
}
