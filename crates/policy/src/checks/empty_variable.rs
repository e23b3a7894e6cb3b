//! Rule `empty-variable`: a policy variable without a name.

use super::texts;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, variable) in texts::each(cx) {
        if variable.closed && variable.inner.trim().is_empty() {
            out.push(Problem::new(value.span, "a policy variable in it has no name"));
        }
    }
}
