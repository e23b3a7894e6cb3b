//! Rule `recommended-condition-key-for-service-principal`: a key that says badly for whom a service calls.

use super::on_behalf::{self, LESSER};
use crate::{
    condition,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in on_behalf::statements(cx) {
        for test in condition::of(statement).filter(|test| test.is_any(LESSER)) {
            let name = &test.key.name;
            let message = format!(
                "`{}` does not say for whom a service calls, `aws:SourceArn` and `aws:SourceAccount` do",
                name.text
            );
            out.push(Problem::new(name.span, message));
        }
    }
}
