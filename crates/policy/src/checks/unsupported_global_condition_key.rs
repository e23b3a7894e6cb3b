//! Rule `unsupported-global-condition-key`: `aws:ARN` in a policy of a resource, where it is not filled.

use super::keys;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !cx.policy.kind.is_resource() {
        return;
    }
    for (value, text) in keys::names(cx) {
        if text.eq_ignore_ascii_case("aws:ARN") {
            let message = format!(
                "`{text}` is not supported here, write `aws:PrincipalArn` for the caller or `aws:SourceArn` for what it calls for"
            );
            out.push(Problem::new(value.span, message));
        }
    }
}
