//! Rule `empty-array-condition-forallvalues`: a condition key without values after `ForAllValues`.

use super::empty_values::report;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(
        cx,
        |name| name.qualifier.as_deref() == Some("ForAllValues"),
        "the condition holds only where the key is absent, which `Null` says plainly",
        out,
    );
}
