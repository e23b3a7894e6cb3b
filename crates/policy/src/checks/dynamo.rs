//! Conditions on attributes and keys of DynamoDB tables. Not a check itself.
//! Not here: the actions of DynamoDB (`catalogue`).

use crate::{
    condition::{self, Test},
    context::{Context, Problem},
    model::{Statement, Value},
    wildcard,
};

/// Actions that return attributes of items.
pub(super) const READ: &[&str] = &["dynamodb:getitem", "dynamodb:batchgetitem", "dynamodb:query", "dynamodb:scan"];
/// Actions that write an item and can return its attributes.
pub(super) const WRITE: &[&str] = &["dynamodb:putitem", "dynamodb:updateitem", "dynamodb:deleteitem"];

/// Reports values of a key that are not among `known`.
pub(super) fn values(cx: &Context<'_>, key: &str, known: &[&str], out: &mut Vec<Problem>) {
    for test in
        condition::tests(cx.statements()).filter(|test| test.info.family == condition::Family::String && test.is(key))
    {
        for (value, text) in test.key.values.known() {
            let open = wildcard::is_pattern(text) || text.contains('$');
            if !open && !known.contains(&text) {
                let list = known.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
                out.push(Problem::new(value.span, format!("`{text}` is no value of `{key}`, which has {list}")));
            }
        }
    }
}

/// The values of `Action` that admit one of `actions`, which are in small letters.
pub(super) fn actions<'a>(
    statement: &'a Statement,
    actions: &'static [&'static str],
) -> impl Iterator<Item = &'a Value> {
    let values = statement.action.iter().flat_map(|values| values.known());
    values.filter_map(move |(value, text)| {
        let pattern = text.to_ascii_lowercase();
        let of_service = pattern == "*" || pattern.starts_with("dynamodb:");
        (of_service && actions.iter().any(|action| wildcard::admits(&pattern, action))).then_some(value)
    })
}

/// The conditions of statements that allow, on one key.
pub(super) fn allowed<'a>(cx: &Context<'a>, key: &'a str) -> impl Iterator<Item = Test<'a>> {
    let tests = condition::tests(cx.statements()).filter(move |test| test.statement.allows() && test.is(key));
    tests.filter(|test| test.info.family == condition::Family::String)
}

/// Reports a condition on attributes that lacks `other`, which it needs for `of`.
pub(super) fn without(
    cx: &Context<'_>,
    other: &str,
    of: &'static [&'static str],
    message: &str,
    out: &mut Vec<Problem>,
) {
    for test in allowed(cx, "dynamodb:Attributes") {
        let has = condition::of(test.statement).any(|test| test.is(other));
        if !has && !condition::has_unknown_keys(test.statement) && actions(test.statement, of).next().is_some() {
            out.push(Problem::new(test.key.name.span, message));
        }
    }
}
