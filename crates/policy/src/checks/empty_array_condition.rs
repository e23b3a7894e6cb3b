//! Rule `empty-array-condition`: a condition key without values.

use super::empty_values::report;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(cx, |name| name.qualifier.is_none() && !name.if_exists, "the condition never holds", out);
}
