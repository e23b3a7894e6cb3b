//! Rule `allow-with-not-resource`: actions are allowed on everything but what is named.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind.is_organization() {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        if let Some(excluded) = &statement.not_resource {
            let message = "the actions are allowed on every resource but these, also on those that are yet to come";
            out.push(Problem::new(excluded.span, message));
        }
    }
}
