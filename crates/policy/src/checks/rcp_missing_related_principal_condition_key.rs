//! Rule `rcp-missing-related-principal-condition-key`: a property of callers that also stops services, which have none.

use super::perimeter::{self, IS_SERVICE, PRINCIPAL};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in perimeter::first(cx, PRINCIPAL) {
        if !perimeter::asks(test.statement, IS_SERVICE) {
            let name = &test.key.name;
            let message = format!(
                "services have no `{}` and are stopped, too: add `BoolIfExists` with `{IS_SERVICE}` `false`",
                name.text
            );
            out.push(Problem::new(name.span, message));
        }
    }
}
