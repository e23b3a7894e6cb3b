//! Rule `unsupported-sid`: a `Sid` of other characters than letters and digits, where only these are taken.

use keylint_diagnostics::Applicability;

use super::unique_sids_required::is_strict;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !is_strict(cx.policy.kind) {
        return;
    }
    for sid in cx.statements().iter().filter_map(|statement| statement.sid.as_ref()) {
        let Some(text) = sid.known() else { continue };
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let fix = if plain.is_empty() { None } else { cx.rewrite(sid, &plain, Applicability::Safe) };
        let message = format!("the `Sid` `{text}` may hold letters and digits only");
        out.push(Problem::new(sid.span, message).fix(fix));
    }
}
