//! Rule `kms-key-without-iam`: a key policy that gives nothing to its account, so that IAM policies for the key do nothing.

use super::{
    everybody::{everybody, is_account},
    key::{allowing, is_known},
};
use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::{Statement, UNKNOWN},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::KmsKey || !is_known(cx) {
        return;
    }
    let mut holders = allowing(cx, "kms:PutKeyPolicy").peekable();
    // That nobody holds it is `kms-key-lock-out`.
    if holders.peek().is_some() && !holders.any(|(statement, _)| is_for_account(statement)) {
        let message = "the account itself is given nothing, so IAM policies have no effect on this key";
        out.push(Problem::new(cx.policy.node.span, message));
    }
}

fn is_for_account(statement: &Statement) -> bool {
    let root =
        |text: &str| is_account(text) || text.ends_with(":root") || text.contains(UNKNOWN) && !text.contains("role/");
    statement.principal.as_ref().and_then(everybody).is_some()
        || statement.principals_of("AWS").any(|value| root(&value.text))
}
