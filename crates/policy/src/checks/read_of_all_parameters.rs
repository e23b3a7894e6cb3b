//! Rule `read-of-all-parameters`: every parameter of Systems Manager can be read, secure ones among them.

use super::data_everywhere::{Data, report};
use crate::context::{Context, Problem};

const DATA: Data = Data {
    actions: &["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"],
    all: "arn:aws:ssm:*:*:parameter/*",
    may: "read every parameter of Systems Manager",
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(cx, &DATA, out);
}
