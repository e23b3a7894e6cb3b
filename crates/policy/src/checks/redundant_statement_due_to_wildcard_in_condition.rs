//! Rule `redundant-statement-due-to-wildcard-in-condition`: a condition that holds for no request, so that its statement does nothing.

use super::any_text;
use crate::{
    condition,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.info.negated && test.qualified("ForAnyValue")) {
        if !test.operator.parts.if_exists && any_text::value(&test).is_some() {
            let name = &test.key.name;
            let message = format!("no value of `{}` is left out of `*`, so the statement never applies", name.text);
            out.push(Problem::new(name.span, message));
        }
    }
}
