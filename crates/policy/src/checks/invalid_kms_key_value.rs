//! Rule `invalid-kms-key-value`: a value that is no ARN of a KMS key where one is compared.

use crate::{
    arn::Arn,
    condition::{self, Family},
    context::{Context, Problem},
};

/// Keys that hold the ARN of a KMS key.
const KEYS: &[&str] = &["s3:x-amz-server-side-encryption-aws-kms-key-id"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if !matches!(test.info.family, Family::String | Family::Arn) || !test.is_any(KEYS) {
            continue;
        }
        for (value, text) in test.key.values.known() {
            if !text.contains("${") && text.bytes().any(|byte| byte != b'*') && !is_key(text) {
                let message = format!(
                    "`{}` holds the ARN of a key, `arn:aws:kms:region:account:key/id`, and `{text}` is none",
                    test.key.name.text
                );
                out.push(Problem::new(value.span, message));
            }
        }
    }
}

/// Whether the text is the ARN of a key, or a pattern of such.
fn is_key(text: &str) -> bool {
    let Some(arn) = Arn::parse(text) else { return false };
    let wild = arn.resource.starts_with('*');
    arn.service == "kms"
        && !arn.region.is_empty()
        && !arn.account.is_empty()
        && (wild || arn.resource.starts_with("key/"))
}
