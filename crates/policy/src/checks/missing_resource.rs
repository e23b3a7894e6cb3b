//! Rule `missing-resource`: a statement that speaks of no resource.

use super::elements::{OF_STATEMENT, has, statements};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    use crate::PolicyKind::{Boundary, Identity, KmsKey, Rcp, Scp, Secret, Session};
    // Policies of other resources are about the resource that they are attached to, where they name none.
    let bucket = matches!(cx.policy.service.as_deref(), Some("s3" | "sqs" | "sns"));
    if !bucket && !matches!(cx.policy.kind, Boundary | Identity | KmsKey | Rcp | Scp | Secret | Session) {
        return;
    }
    for node in statements(cx).filter(|node| !has(node, &["Resource", "NotResource"], OF_STATEMENT)) {
        out.push(Problem::new(node.span, "the statement names no resource"));
    }
}
