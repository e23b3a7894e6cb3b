//! Rule `equivalent-to-null-true`: a pattern that leaves out every text, which only asks that the key is absent.

use super::any_text;
use crate::{
    condition,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.info.negated && !test.qualified("ForAnyValue")) {
        let Some(value) = any_text::value(&test) else { continue };
        let message = format!("no value of `{}` will do, so `Null` with `true` says it better", test.key.name.text);
        out.push(Problem::new(value.span, message).fix(any_text::ask(cx, &test, true)));
    }
}
