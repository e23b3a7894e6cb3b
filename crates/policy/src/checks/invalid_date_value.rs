//! Rule `invalid-date-value`: a date in seconds since 1970.

use crate::{
    condition::{
        self, Family,
        date::{self, Form},
    },
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.info.family == Family::Date) {
        if test.is("aws:EpochTime") {
            continue;
        }
        for (value, text) in test.key.values.known() {
            if date::form(text) == Some(Form::Epoch) {
                let message =
                    format!("`{text}` is read as seconds since 1970, write a date such as `2026-09-26T08:00:00Z`");
                out.push(Problem::new(value.span, message));
            }
        }
    }
}
