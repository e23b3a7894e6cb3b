//! Rule `missing-effect`: a statement that neither allows nor denies.

use super::elements::{OF_STATEMENT, has, statements};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for node in statements(cx).filter(|node| !has(node, &["Effect"], OF_STATEMENT)) {
        out.push(Problem::new(node.span, "the statement says neither `Allow` nor `Deny`"));
    }
}
