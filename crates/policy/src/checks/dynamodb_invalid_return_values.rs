//! Rule `dynamodb-invalid-return-values`: a value that returned attributes are not asked by.

use super::dynamo;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let known = &["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];
    dynamo::values(cx, "dynamodb:ReturnValues", known, out);
}
