//! Rule `empty-sid-value`: a `Sid` without text.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for sid in cx.statements().iter().filter_map(|statement| statement.sid.as_ref()).filter(|sid| sid.is("")) {
        out.push(Problem::new(sid.span, "the `Sid` is empty"));
    }
}
