//! Rule `kms-key-lock-out`: a key policy that nobody can change any more.

use keylint_diagnostics::{Confidence, Severity};

use super::{
    everybody::everybody,
    key::{allowing, is_known, speaks_of},
};
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::KmsKey || cx.statements().is_empty() || !is_known(cx) {
        return;
    }
    let change = "kms:PutKeyPolicy";
    // A deny of everybody denies the account and its administrators, too.
    let denied = cx.peers().flat_map(|part| &part.statements).any(|statement| {
        let everybody = statement.principal.as_ref().and_then(everybody);
        statement.denies()
            && statement.condition.is_empty()
            && everybody.is_some()
            && speaks_of(statement, change).is_some()
    });
    if denied || allowing(cx, change).next().is_none() {
        let message =
            "nobody may change this key policy: the key cannot be managed any more, and only AWS Support can help";
        let problem = Problem::new(cx.policy.node.span, message);
        // A text that stands alone may be a statement that is to be added to a key policy.
        let alone = cx.policy.attached.is_empty();
        out.push(if alone { problem.severity(Severity::Medium).confidence(Confidence::Medium) } else { problem });
    }
}
