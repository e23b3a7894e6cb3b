//! Rule `missing-brace-in-variable`: a policy variable without its closing brace.

use super::texts;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, variable) in texts::each(cx) {
        if !variable.closed {
            out.push(Problem::new(value.span, "a policy variable in it is not closed by `}`"));
        }
    }
}
