//! Rule `allow-with-not-resource`: actions are allowed on everything but what is named.

use crate::{
    arn::Arn,
    context::{Context, Problem},
    model::{Statement, Values},
    wildcard,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind.is_organization() {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let excluded = statement.not_resource.as_ref();
        if let Some(excluded) = excluded.filter(|excluded| !chooses_kinds(statement, excluded)) {
            let message = "the actions are allowed on every resource but these, also on those that are yet to come";
            out.push(Problem::new(excluded.span, message));
        }
    }
}

/// Whether named actions are kept from whole kinds of resources (`arn:aws:ec2:*:*:vpc-endpoint/*`): that chooses among the
/// kinds that these actions know, and no resource is let in that a name would have kept out.
fn chooses_kinds(statement: &Statement, excluded: &Values) -> bool {
    let named = |values: &Values| values.complete && values.known().all(|(_, text)| !wildcard::is_pattern(text));
    let kind = |text: &str| {
        let open = |part: &str| matches!(part, "" | "*");
        Arn::parse(text).is_some_and(|arn| {
            let name = arn.resource.strip_suffix("/*").or_else(|| arn.resource.strip_suffix(":*"));
            open(arn.region)
                && open(arn.account)
                && name.is_some_and(|name| !wildcard::is_pattern(name) && !name.contains('/'))
        })
    };
    statement.action.as_ref().is_some_and(named) && excluded.complete && excluded.known().all(|(_, text)| kind(text))
}
