//! Rule `redundant-principal-in-role-trust-policy`: a session of a role that is trusted as a whole beside it.

use crate::{
    PolicyKind,
    arn::Arn,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for statement in cx.statements() {
        for session in statement.principals_of("AWS") {
            let Some(arn) = session.known().and_then(Arn::parse) else { continue };
            let Some(name) = arn.resource.strip_prefix("assumed-role/").and_then(|rest| rest.split('/').next()) else {
                continue;
            };
            let role = statement.principals_of("AWS").find(|value| {
                let role = value.known().and_then(Arn::parse).filter(|role| role.account == arn.account);
                let path = role.and_then(|role| role.resource.strip_prefix("role/"));
                path.is_some_and(|path| path.rsplit('/').next() == Some(name))
            });
            out.extend(role.map(|role| {
                let message = format!("the session is trusted with the role `{name}` anyway, which stands beside it");
                Problem::new(session.span, message).related(role.span, "the role")
            }));
        }
    }
}
