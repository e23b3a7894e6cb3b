//! Rule `missing-quote-in-variable`: a default value of a policy variable without both of its quotes.

use super::texts;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, variable) in texts::each(cx) {
        if variable.closed && variable.default().is_some_and(|default| !is_quoted(default)) {
            out.push(Problem::new(value.span, "the default value of a policy variable stands in single quotes"));
        }
    }
}

fn is_quoted(default: &str) -> bool {
    default.len() >= 2 && default.starts_with('\'') && default.ends_with('\'')
}
