//! Rule `equivalent-to-null-false`: a pattern for any text, which only asks that the key is there.

use super::any_text;
use crate::{
    condition,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.needs_key()) {
        let Some(value) = any_text::value(&test) else { continue };
        let message = format!("any value of `{}` will do, so `Null` with `false` says it better", test.key.name.text);
        out.push(Problem::new(value.span, message).fix(any_text::ask(cx, &test, false)));
    }
}
