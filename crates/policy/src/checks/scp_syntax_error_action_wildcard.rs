//! Rule `scp-syntax-error-action-wildcard`: a wildcard in front of the colon of an action in a service control policy.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Scp {
        return;
    }
    let lists = cx.statements().iter().flat_map(|statement| statement.action.iter().chain(&statement.not_action));
    for (value, text) in lists.flat_map(|values| values.known()) {
        let Some((service, _)) = text.split_once(':') else { continue };
        if service != "*" && service.contains(['*', '?']) {
            let message = format!("a service control policy takes no wildcard within a service name, as in `{text}`");
            out.push(Problem::new(value.span, message));
        }
    }
}
