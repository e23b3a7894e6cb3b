//! Trust in identity providers of the web: which hosts a statement trusts, and the keys of their claims. Not a check itself.
//! Not here: what a federated principal is (`principals`).

use crate::{
    condition::{self, has_unknown_keys},
    context::Context,
    model::{Statement, Value},
};

/// GitHub Actions.
pub(super) const GITHUB: &str = "token.actions.githubusercontent.com";

/// A provider that a statement trusts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trusted<'a> {
    /// The statement.
    pub(super) statement: &'a Statement,
    /// The principal.
    pub(super) value: &'a Value,
    /// The host, with its path, which is also the prefix of its keys.
    pub(super) host: &'a str,
}

/// The providers of OpenID Connect that are trusted, in statements whose conditions are known.
pub(super) fn trusted<'a>(cx: &Context<'a>) -> impl Iterator<Item = Trusted<'a>> {
    let statements = cx.statements().iter().filter(|statement| statement.allows() && !has_unknown_keys(statement));
    statements.flat_map(|statement| {
        statement.principals_of("Federated").filter_map(move |value| {
            let host = host(value)?;
            Some(Trusted { statement, value, host })
        })
    })
}

/// The host of a provider. The rest of an ARN before it may be unknown.
fn host(value: &Value) -> Option<&str> {
    let text = &*value.text;
    let host = match text.split_once(":oidc-provider/") {
        Some((_, host)) => host,
        None if text.contains(['/', ':']) => return None,
        None => text,
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/');
    (host.contains('.') && host.bytes().all(plain)).then_some(host)
}

impl Trusted<'_> {
    /// Whether it is GitHub Actions, of everybody or of an enterprise.
    pub(super) fn is_github(&self) -> bool {
        self.host.strip_prefix(GITHUB).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether the statement tests a claim of the provider that `of` names: `sub`, `aud`.
    pub(super) fn tests(&self, of: impl Fn(&str) -> bool) -> bool {
        condition::of(self.statement).filter(|test| test.needs_key()).any(|test| {
            let claim = test.name().and_then(|name| name.rsplit_once(':'));
            claim.is_some_and(|(host, claim)| host.eq_ignore_ascii_case(self.host) && of(claim))
        })
    }
}
