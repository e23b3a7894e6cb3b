//! Rule `missing-condition-key-for-oidc-principal`: an identity provider of the web that is trusted with every token that it issues.

use super::web_identity;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    // Elsewhere a provider is no principal at all.
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for trusted in web_identity::trusted(cx) {
        // What GitHub needs is a rule of its own.
        if !trusted.is_github() && !trusted.tests(|_| true) {
            let host = trusted.host;
            let message = format!("every token of `{host}` will do: compare `{host}:aud` and `{host}:sub`");
            out.push(Problem::new(trusted.value.span, message));
        }
    }
}
