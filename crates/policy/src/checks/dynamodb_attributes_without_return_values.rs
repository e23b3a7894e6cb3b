//! Rule `dynamodb-attributes-without-return-values`: a limit on attributes that a write returning all of them passes by.

use super::dynamo::{self, WRITE};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let message = "a write can return the whole item: compare `dynamodb:ReturnValues` with `NONE`, `UPDATED_OLD` and `UPDATED_NEW`, too";
    dynamo::without(cx, "dynamodb:ReturnValues", WRITE, message, out);
}
