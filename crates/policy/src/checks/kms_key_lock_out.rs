//! Rule `kms-key-lock-out`: a key policy that nobody can change any more.

use keylint_diagnostics::{Confidence, Severity};

use super::key::{allowing, is_known};
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::KmsKey || cx.statements().is_empty() || !is_known(cx) {
        return;
    }
    if allowing(cx, "kms:PutKeyPolicy").next().is_none() {
        let message = "nobody may change this key policy: the key cannot be managed any more, and only AWS Support can help";
        let problem = Problem::new(cx.policy.node.span, message);
        // A text that stands alone may be a statement that is to be added to a key policy.
        let alone = cx.policy.attached.is_empty();
        out.push(if alone { problem.severity(Severity::Medium).confidence(Confidence::Medium) } else { problem });
    }
}
