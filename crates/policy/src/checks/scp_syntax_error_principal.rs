//! Rule `scp-syntax-error-principal`: a principal in a service control policy, which is about everybody in the account.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind == PolicyKind::Scp {
        for principal in cx.statements().iter().flat_map(|statement| statement.principals()) {
            out.push(Problem::new(principal.span, "a service control policy names no principal"));
        }
    }
}
