//! Rule `unsupported-condition-key-for-service-principal`: a property of the caller that services do not have.

use crate::{
    condition,
    context::{Context, Problem},
};

/// Keys that requests of services lack.
const KEYS: &[&str] = &["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:username"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let Some(principal) = &statement.principal else { continue };
        let only_services = principal.bare.is_none() && principal.entries.iter().all(|entry| entry.name.is("Service"));
        if principal.entries.is_empty() || !only_services {
            continue;
        }
        for test in condition::of(statement).filter(|test| test.needs_key()) {
            if test.is_any(KEYS) || test.starts_with("aws:PrincipalTag/") {
                let name = &test.key.name;
                let message = format!("requests of services have no `{}`, so the statement never applies", name.text);
                out.push(Problem::new(name.span, message));
            }
        }
    }
}
