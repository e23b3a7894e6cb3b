//! Rule `restrict-access-to-service-principal`: a service that may be used by anybody to reach the resource.

use super::on_behalf::{self, LESSER};
use crate::{
    condition,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in on_behalf::statements(cx) {
        if condition::of(statement).any(|test| test.is_any(LESSER)) {
            continue;
        }
        for (value, text) in statement.principals_of("Service").filter_map(|value| Some((value, value.known()?))) {
            let message = format!(
                "`{text}` is let in for whomever it calls: say for whom by `aws:SourceArn` or `aws:SourceAccount`"
            );
            out.push(Problem::new(value.span, message));
        }
    }
}
