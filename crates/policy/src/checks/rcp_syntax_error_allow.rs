//! Rule `rcp-syntax-error-allow`: an Allow in a resource control policy other than the one that AWS attaches itself.

use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::{Statement, Values},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Rcp {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows() && !is_full_access(statement)) {
        let span = statement.effect_value.as_ref().map_or(statement.node.span, |value| value.span);
        out.push(Problem::new(span, "a resource control policy denies; only everything can be allowed in it"));
    }
}

/// `RCPFullAWSAccess`: everything for everybody, without a condition.
fn is_full_access(statement: &Statement) -> bool {
    let star = |values: &Option<Values>| {
        values.as_ref().is_some_and(|values| values.items.iter().any(|value| !value.known || value.is("*")))
    };
    let everybody = statement.principal.as_ref().and_then(|principal| principal.bare.as_ref());
    star(&statement.action) && star(&statement.resource) && everybody.is_some() && statement.condition.is_empty()
}
