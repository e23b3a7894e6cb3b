//! Rule `redundant-key-due-to-wildcard-in-condition`: a condition that holds for every request.

use super::any_text;
use crate::{
    condition,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| !test.info.negated) {
        let absent_is_fine = test.operator.parts.if_exists || test.qualified("ForAllValues");
        if absent_is_fine && any_text::value(&test).is_some() {
            let name = &test.key.name;
            let message =
                format!("`{}` with any value, or without one, will do: the condition always holds", name.text);
            out.push(Problem::new(name.span, message));
        }
    }
}
