//! Rule `missing-action`: a statement that speaks of no action.

use super::elements::{OF_STATEMENT, has, statements};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for node in statements(cx).filter(|node| !has(node, &["Action", "NotAction"], OF_STATEMENT)) {
        out.push(Problem::new(node.span, "the statement names no action"));
    }
}
