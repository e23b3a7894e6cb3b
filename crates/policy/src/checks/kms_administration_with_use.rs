//! Rule `kms-administration-with-use`: one principal that both administers a key and decrypts with it.

use super::{
    everybody::is_account,
    key::{ADMINISTRATION, USE, allowing},
};
use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::Value,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::KmsKey {
        return;
    }
    let holders = |action: &'static str| {
        allowing(cx, action).flat_map(|(statement, _)| statement.principals_of("AWS")).collect::<Vec<&Value>>()
    };
    let users: Vec<&Value> = USE.iter().flat_map(|action| holders(action)).collect();
    let mut told: Vec<&str> = Vec::new();
    for administrator in ADMINISTRATION.iter().flat_map(|action| holders(action)) {
        let Some(name) = administrator.known().filter(|name| !is_account(name) && *name != "*") else { continue };
        let Some(user) = users.iter().find(|user| user.text == administrator.text) else { continue };
        if told.contains(&name) {
            continue;
        }
        told.push(name);
        let message = format!("`{name}` both administers this key and uses it");
        let problem = Problem::new(administrator.span, message);
        out.push(if user.span == administrator.span {
            problem
        } else {
            problem.related(user.span, "uses the key here")
        });
    }
}
