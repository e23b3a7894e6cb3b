//! Rule `empty-array-principal`: a statement with an empty list of principals.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let principals = cx.statements().iter().flat_map(|statement| statement.principals());
    for entry in principals.flat_map(|principal| &principal.entries) {
        if entry.values.is_list && entry.values.items.is_empty() && entry.values.complete {
            out.push(Problem::new(entry.values.span, "the list of principals is empty"));
        }
    }
}
