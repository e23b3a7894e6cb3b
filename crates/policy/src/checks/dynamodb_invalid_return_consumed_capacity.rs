//! Rule `dynamodb-invalid-return-consumed-capacity`: a value that the consumed capacity is not asked by.

use super::dynamo;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let known = &["TOTAL", "NONE"];
    dynamo::values(cx, "dynamodb:ReturnConsumedCapacity", known, out);
}
