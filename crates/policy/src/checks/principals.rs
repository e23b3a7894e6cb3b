//! Principals as policies write them: unique ids, and what a federated principal is.
//! Not here: service principals (`callers`), or what is wrong with any of them.

use crate::{
    arn::Arn,
    context::Context,
    model::{UNKNOWN, Value},
};

/// Unique ids have 16 characters at least, and 21 today.
const MIN_ID: usize = 16;

/// The principals that are unique ids with this prefix, such as `AROA` for roles.
pub(super) fn ids<'a>(cx: &Context<'a>, prefix: &'static str) -> impl Iterator<Item = &'a Value> {
    let entries = cx.statements().iter().flat_map(|s| s.principals()).flat_map(|principal| &principal.entries);
    let values = entries.filter(|entry| entry.name.is("AWS")).flat_map(|entry| &entry.values.items);
    values.filter(move |value| {
        let id = value.known().and_then(|text| text.strip_prefix(prefix));
        let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        id.is_some_and(|id| id.len() + prefix.len() >= MIN_ID && id.bytes().all(plain))
    })
}

/// What a federated principal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Provider {
    /// A SAML provider.
    Saml,
    /// An OpenID Connect provider, or one of those that AWS knows by their host.
    Web,
    /// Only a run knows.
    Unknown,
    /// None of these.
    Malformed,
}

/// What a federated principal is.
pub(super) fn provider(value: &Value) -> Provider {
    let text = &*value.text;
    if text.contains(":saml-provider/") {
        return Provider::Saml;
    }
    if text.contains(":oidc-provider/") {
        return Provider::Web;
    }
    if text.contains(UNKNOWN) || text.contains("${") {
        return Provider::Unknown;
    }
    if Arn::parse(text).is_some() {
        return Provider::Malformed;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let names = text.split('.');
    let is_host = text.contains('.') && names.into_iter().all(|name| !name.is_empty() && name.bytes().all(plain));
    if is_host { Provider::Web } else { Provider::Malformed }
}
