//! Rule `invalid-arn-account`: an ARN whose account is not twelve digits.

use keylint_diagnostics::Severity;

use super::forms;
use crate::{
    arn::Arn,
    context::{Context, Problem},
};

/// What stands for AWS itself in the ARNs of what it shares with all accounts.
const OWNERS: &[&str] = &["aws", "amazon", "aws-managed", "aws-marketplace", "cloudfront", "third-party"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        if !arn.account.is_empty() && !OWNERS.contains(&arn.account) && !is_account(arn.account) {
            let message = format!("`{}` is no account: an account has twelve digits", arn.account);
            let problem = Problem::new(written.value.span, message);
            out.push(if forms::is_placeholder(arn.account) { problem.severity(Severity::Low) } else { problem });
        }
    }
}

/// Whether a pattern admits twelve digits.
fn is_account(pattern: &str) -> bool {
    let digits = pattern.bytes().filter(|byte| byte.is_ascii_digit() || *byte == b'?').count();
    let only = pattern.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'?' | b'*'));
    only && (digits == 12 || pattern.contains('*') && digits < 12)
}
