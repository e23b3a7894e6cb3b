//! Rule `rcp-missing-related-service-principal-condition-key`: a property of what services call for that also stops everybody else.

use super::perimeter::{self, IS_SERVICE, SOURCE};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in perimeter::first(cx, SOURCE) {
        if !perimeter::asks(test.statement, IS_SERVICE) {
            let name = &test.key.name;
            let message = format!(
                "only services have `{}` and others are stopped, too: add `Bool` with `{IS_SERVICE}` `true`",
                name.text
            );
            out.push(Problem::new(name.span, message));
        }
    }
}
