//! Rule `dynamodb-attributes-without-select`: a limit on attributes that a request for all of them passes by.

use super::dynamo::{self, READ};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let message = "a request that names no attributes returns all of them: compare `dynamodb:Select` with `SPECIFIC_ATTRIBUTES`, too";
    dynamo::without(cx, "dynamodb:Select", READ, message, out);
}
