//! Actions that do not know the tags of the resource, under a condition on them. Not a check itself.
//! Not here: tags in requests.

use crate::{
    catalogue::Action,
    condition::{self, Test},
    context::{Context, Problem},
    model::{Statement, Value},
    wildcard,
};

/// The key of the tags of the resource, without the tag's name.
const TAGS: &str = "aws:ResourceTag/";

/// Findings for a statement whose actions of one service do not know the tags: one for each service and key.
pub(super) fn actions(cx: &Context<'_>, statement: &Statement, says: &str, out: &mut Vec<Problem>) {
    let Some(values) = &statement.action else { return };
    for test in asked(statement) {
        let mut services: Vec<(&str, Vec<&Value>)> = Vec::new();
        for (value, text) in values.known() {
            let Some((prefix, name)) = text.split_once(':') else { continue };
            if wildcard::is_pattern(prefix) || knows_tags(cx, text, name) {
                continue;
            }
            match services.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(prefix)) {
                Some((_, own)) => own.push(value),
                None => services.push((prefix, vec![value])),
            }
        }
        for (prefix, values) in services {
            let Some((first, rest)) = values.split_first() else { continue };
            let and = if rest.is_empty() { String::new() } else { format!(" and {} more of `{prefix}`", rest.len()) };
            let message = format!("`{}`{and} does not know `{}`: the statement {says}", first.text, test.key.name.text);
            let mut problem = Problem::new(first.span, message).as_of(cx.catalogue);
            for value in rest {
                problem = problem.related(value.span, "nor does this one");
            }
            out.push(problem.related(test.key.name.span, "the condition"));
        }
    }
}

/// Findings for a statement about all actions but some.
pub(super) fn others(statement: &Statement, says: &str, out: &mut Vec<Problem>) {
    let Some(values) = &statement.not_action else { return };
    for test in asked(statement) {
        let message = format!("many actions do not know `{}`: the statement {says}", test.key.name.text);
        out.push(Problem::new(values.span, message).related(test.key.name.span, "the condition"));
    }
}

/// The conditions that only hold where the resource has a tag.
fn asked(statement: &Statement) -> impl Iterator<Item = Test<'_>> {
    condition::of(statement).filter(|test| test.needs_key() && test.starts_with(TAGS))
}

/// Whether some action that the pattern admits is asked with the tags of its resource.
fn knows_tags(cx: &Context<'_>, text: &str, name: &str) -> bool {
    if wildcard::is_pattern(name) {
        let mut actions = cx.catalogue.actions_matching(text).peekable();
        return actions.peek().is_none() || actions.any(|action| has_tags(&action));
    }
    cx.catalogue.action(text).is_none_or(|action| has_tags(&action))
}

/// Whether requests of the action hold tags. Where it makes the resource they hold those that it is to get, which Access
/// Analyzer takes for enough.
fn has_tags(action: &Action<'_>) -> bool {
    action.has_key("aws:ResourceTag/name") || action.has_key("aws:RequestTag/name")
}
