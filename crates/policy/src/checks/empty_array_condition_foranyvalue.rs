//! Rule `empty-array-condition-foranyvalue`: a condition key without values after `ForAnyValue`.

use super::empty_values::report;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(cx, |name| name.qualifier.as_deref() == Some("ForAnyValue"), "the condition never holds", out);
}
