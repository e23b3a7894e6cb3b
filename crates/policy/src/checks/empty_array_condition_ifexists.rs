//! Rule `empty-array-condition-ifexists`: a condition key without values before `IfExists`.

use super::empty_values::report;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(
        cx,
        |name| name.qualifier.is_none() && name.if_exists,
        "the condition holds only where the key is absent, which `Null` says plainly",
        out,
    );
}
