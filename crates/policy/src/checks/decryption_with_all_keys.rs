//! Rule `decryption-with-all-keys`: everything encrypted with any KMS key can be decrypted.

use super::data_everywhere::{Data, report};
use crate::context::{Context, Problem};

const DATA: Data = Data {
    actions: &["kms:Decrypt", "kms:ReEncryptFrom"],
    all: "arn:aws:kms:*:*:key/*",
    may: "decrypt with every KMS key whose policy leaves it to IAM",
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    report(cx, &DATA, out);
}
