//! Rule `read-of-all-tables`: every item of every DynamoDB table can be read.

use super::data_everywhere::{Data, report};
use crate::context::{Context, Problem};

const DATA: Data = Data {
    actions: &[
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:PartiQLSelect",
    ],
    all: "arn:aws:dynamodb:*:*:table/*",
    may: "read every item of every DynamoDB table",
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(cx, &DATA, out);
}
