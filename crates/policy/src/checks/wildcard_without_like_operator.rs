//! Rule `wildcard-without-like-operator`: a wildcard that an operator compares as it is.

use keylint_diagnostics::Applicability;

use super::operators;
use crate::{
    condition::{self, Compared, Family},
    context::{Context, Problem},
    variable::variables,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if test.info.family != Family::String || test.info.compared != Compared::Exactly {
            continue;
        }
        for (value, text) in test.key.values.known() {
            if !has_wildcard(text) {
                continue;
            }
            let like = match test.info.name {
                "StringEquals" => Some("StringLike"),
                "StringNotEquals" => Some("StringNotLike"),
                _ => None,
            };
            let fix = like.and_then(|like| operators::rename(cx, &test, like, Applicability::Unsafe));
            let operator = &test.operator.name.text;
            let message = match like {
                Some(like) => {
                    format!("`{operator}` compares the wildcard in `{text}` as it is, did you mean `{like}`?")
                }
                None => format!("`{operator}` compares the wildcard in `{text}` as it is"),
            };
            out.push(Problem::new(value.span, message).fix(fix));
        }
    }
}

/// Whether a wildcard stands outside of policy variables.
fn has_wildcard(text: &str) -> bool {
    let inside = |at: usize| variables(text).any(|variable| variable.range.contains(&at));
    text.match_indices(['*', '?']).any(|(at, _)| !inside(at))
}
