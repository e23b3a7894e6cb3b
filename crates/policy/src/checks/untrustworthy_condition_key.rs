//! Rule `untrustworthy-condition-key`: a key whose value the caller chooses.

use crate::{
    condition,
    context::{Context, Problem},
};

/// Keys that callers fill as they like.
const KEYS: &[&str] = &["aws:Referer", "aws:UserAgent"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.is_any(KEYS)) {
        let name = &test.key.name;
        let message = format!("callers write into `{}` what they like, it protects nothing", name.text);
        out.push(Problem::new(name.span, message));
    }
}
