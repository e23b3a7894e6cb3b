//! Rule `resource-policy-without-tls`: a bucket, queue or topic that may be used without encryption on the way.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let asked =
        cx.policy.kind == PolicyKind::Resource && matches!(cx.policy.service.as_deref(), Some("s3" | "sqs" | "sns"));
    if !asked || !cx.statements().iter().any(|statement| statement.allows()) {
        return;
    }
    let named = |(_, key): (_, &crate::model::ConditionKey)| key.name.text.eq_ignore_ascii_case("aws:SecureTransport");
    if !cx.statements().iter().any(|statement| statement.condition_keys().any(named)) {
        out.push(Problem::new(cx.policy.node.span, "nothing denies requests without TLS"));
    }
}
