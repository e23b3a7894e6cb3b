//! Rule `rcp-syntax-error-notaction`: `NotAction` in a resource control policy.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind == PolicyKind::Rcp {
        for excluded in cx.statements().iter().filter_map(|statement| statement.not_action.as_ref()) {
            out.push(Problem::new(excluded.span, "a resource control policy takes no `NotAction`"));
        }
    }
}
