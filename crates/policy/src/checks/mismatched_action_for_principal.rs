//! Rule `mismatched-action-for-principal`: a way to assume a role that its principals cannot go.

use super::principals::{self, Provider};
use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::{Principal, Statement, Value},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let (Some(principal), Some(actions)) = (&statement.principal, &statement.action) else { continue };
        let who = Who::of(statement, principal);
        for (value, text) in actions.known() {
            let (fits, needed) = match &*text.to_ascii_lowercase() {
                "sts:assumerole" => (who.own, "accounts, roles and services"),
                "sts:assumerolewithsaml" => (who.saml, "SAML providers"),
                "sts:assumerolewithwebidentity" => (who.web, "OpenID Connect providers"),
                _ => continue,
            };
            if !fits {
                let message = format!("`{text}` is for {needed}, and the statement names none");
                let problem = Problem::new(value.span, message);
                out.push(
                    principal_values(principal)
                        .fold(problem, |problem, value| problem.related(value.span, "the principal")),
                );
            }
        }
    }
}

/// Which kinds of principals a statement names.
struct Who {
    own: bool,
    saml: bool,
    web: bool,
}

impl Who {
    fn of(statement: &Statement, principal: &Principal) -> Who {
        let named = |kind: &str| principal.entries.iter().any(|entry| entry.name.is(kind));
        let federated: Vec<Provider> = statement.principals_of("Federated").map(principals::provider).collect();
        // What only a run knows, and what is malformed, may be either.
        let open = named("Federated") && federated.iter().all(|p| matches!(p, Provider::Unknown | Provider::Malformed));
        Who {
            own: principal.bare.is_some() || named("AWS") || named("Service") || principal.entries.is_empty(),
            saml: open || federated.contains(&Provider::Saml),
            web: open || federated.contains(&Provider::Web),
        }
    }
}

fn principal_values(principal: &Principal) -> impl Iterator<Item = &Value> {
    principal.bare.iter().chain(principal.entries.iter().flat_map(|entry| &entry.values.items))
}
