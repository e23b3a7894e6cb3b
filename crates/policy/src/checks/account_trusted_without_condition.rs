//! Rule `account-trusted-without-condition`: a role that everybody in another account may assume, as far as that account
//! lets them.

use super::everybody::is_account;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows() && statement.condition.is_empty()) {
        for value in statement.principals_of("AWS").filter(|value| value.known().is_some_and(is_account)) {
            let message = format!(
                "every principal of the account in `{}` may be let into this role, with no external id and no second factor",
                value.text
            );
            out.push(Problem::new(value.span, message));
        }
    }
}
