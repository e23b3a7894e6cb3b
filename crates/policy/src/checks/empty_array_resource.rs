//! Rule `empty-array-resource`: a statement with an empty list of resources.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for values in cx.statements().iter().flat_map(|statement| statement.resource.iter().chain(&statement.not_resource))
    {
        if values.is_list && values.items.is_empty() && values.complete {
            out.push(Problem::new(values.span, "the statement is about no resource"));
        }
    }
}
