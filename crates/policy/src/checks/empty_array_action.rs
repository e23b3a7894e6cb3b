//! Rule `empty-array-action`: a statement with an empty list of actions.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for values in cx.statements().iter().flat_map(|statement| statement.action.iter().chain(&statement.not_action)) {
        if values.is_list && values.items.is_empty() && values.complete {
            out.push(Problem::new(values.span, "the statement is about no action"));
        }
    }
}
