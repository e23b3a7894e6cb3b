//! Rule `dynamodb-invalid-select-value`: a value that attributes are not selected by.

use super::dynamo;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let known = &["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"];
    dynamo::values(cx, "dynamodb:Select", known, out);
}
