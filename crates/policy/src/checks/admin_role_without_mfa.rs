//! Rule `admin-role-without-mfa`: a role that is an administrator's by its name, and that people may assume with access keys
//! alone.

use super::everybody::is_account;
use crate::{
    PolicyKind,
    arn::Arn,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let named = |name: &str| name.to_ascii_lowercase().contains("admin");
    if cx.policy.kind != PolicyKind::Trust || !cx.policy.attached.iter().any(|name| named(name)) {
        return;
    }
    // Any condition says something of who comes, from where or with what; whether that is enough is not known here.
    let free = cx.statements().iter().filter(|statement| statement.allows() && statement.condition_span.is_none());
    for statement in free {
        let people =
            |text: &str| is_account(text) || Arn::parse(text).is_some_and(|arn| arn.resource.starts_with("user/"));
        for value in statement.principals_of("AWS").filter(|value| value.known().is_some_and(people)) {
            let message = "an access key alone opens this administrator's role: no condition asks for a second factor";
            out.push(Problem::new(value.span, message));
        }
    }
}
