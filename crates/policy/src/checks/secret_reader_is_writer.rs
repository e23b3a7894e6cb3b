//! Rule `secret-reader-is-writer`: one principal that both reads a secret and replaces it.

use super::{everybody::is_account, key::allowing};
use crate::{
    PolicyKind,
    arn::Arn,
    context::{Context, Problem},
    model::{Statement, Value},
    wildcard,
};

const READ: &str = "secretsmanager:GetSecretValue";
const WRITE: &[&str] = &["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret", "secretsmanager:RotateSecret"];
/// What only the function that rotates a secret does: it reads and writes by its task.
const ROTATION: &str = "secretsmanager:UpdateSecretVersionStage";

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    match cx.policy.kind {
        PolicyKind::Secret => of_secret(cx, out),
        PolicyKind::Identity => of_principal(cx, out),
        _ => {}
    }
}

/// A principal of the secret's own policy, over all its statements.
fn of_secret(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let holders = |action: &'static str| {
        allowing(cx, action).flat_map(|(statement, _)| statement.principals_of("AWS")).collect::<Vec<&Value>>()
    };
    let readers = holders(READ);
    let rotates = |name: &str| {
        let own = |statement: &&Statement| statement.principals_of("AWS").any(|value| value.is(name));
        cx.statements().iter().filter(own).any(names_rotation)
    };
    let mut told: Vec<&str> = Vec::new();
    for writer in WRITE.iter().flat_map(|action| holders(action)) {
        let Some(name) = writer.known().filter(|name| !is_account(name) && *name != "*") else { continue };
        let Some(reader) = readers.iter().find(|reader| reader.text == writer.text) else { continue };
        if told.contains(&name) || rotates(name) {
            continue;
        }
        told.push(name);
        let problem = Problem::new(writer.span, format!("`{name}` both reads this secret and replaces it"));
        out.push(if reader.span == writer.span { problem } else { problem.related(reader.span, "reads it here") });
    }
}

/// One statement of a principal's policy that speaks of one secret.
fn of_principal(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements().iter().filter(|statement| statement.allows() && !names_rotation(statement)) {
        let Some(resource) = statement.resource.iter().flat_map(|values| &values.items).find(|value| is_one(value))
        else {
            continue;
        };
        let grants = |action: &str| granting(statement, action);
        let (Some(read), Some(write)) = (grants(READ), WRITE.iter().find_map(|action| grants(action))) else {
            continue;
        };
        // The secret's administrator is told by the pattern that makes him one.
        let problem = Problem::new(write.span, "the holder both reads the secret and replaces it");
        let problem = if read.span == write.span { problem } else { problem.related(read.span, "reads it here") };
        out.push(problem.related(resource.span, "this secret"));
    }
}

/// Whether a resource is one secret: its name is written, and its account is no pattern.
fn is_one(value: &Value) -> bool {
    let Some(arn) = Arn::parse(&value.text).filter(|arn| arn.service == "secretsmanager") else { return false };
    let name = arn.resource.strip_prefix("secret:").unwrap_or_default();
    let suffix = name.strip_suffix("-??????").or_else(|| name.strip_suffix("-*")).unwrap_or(name);
    !suffix.is_empty() && !wildcard::is_pattern(suffix) && !wildcard::is_pattern(arn.account)
}

fn names_rotation(statement: &Statement) -> bool {
    let listed = statement.action.iter().flat_map(|values| &values.items);
    listed.filter_map(Value::known).any(|text| text.eq_ignore_ascii_case(ROTATION))
}

/// The value by which a statement grants an action of this service; `*` alone is not meant for secrets.
fn granting<'s>(statement: &'s Statement, action: &str) -> Option<&'s Value> {
    let action = action.to_ascii_lowercase();
    let admits = |value: &&Value| value.known && wildcard::admits(&value.text.to_ascii_lowercase(), &action);
    statement.action.as_ref()?.items.iter().filter(|value| !value.text.starts_with('*')).find(admits)
}
