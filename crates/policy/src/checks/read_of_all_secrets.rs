//! Rule `read-of-all-secrets`: every secret of Secrets Manager can be read.

use super::data_everywhere::{Data, report};
use crate::context::{Context, Problem};

const DATA: Data = Data {
    actions: &["secretsmanager:GetSecretValue"],
    all: "arn:aws:secretsmanager:*:*:secret:*",
    may: "read every secret of Secrets Manager",
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(cx, &DATA, out);
}
