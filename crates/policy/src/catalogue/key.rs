//! Condition keys: their types, and the templates that keys with a variable part belong to.
//! Not here: condition operators, and which of them fit a type (`checks`).

use super::{Catalogue, Service, layout::kind_byte};

/// What is known of a condition key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyInfo<'c> {
    /// As AWS writes it, with its variable: `aws:RequestTag/${TagKey}`.
    pub name: &'c str,
    /// The type of its values.
    pub kind: KeyKind,
    /// Whether a request can hold several values of it, so that a policy needs `ForAllValues` or `ForAnyValue`.
    pub multivalued: bool,
    /// Whether AWS documents it as a global key. Of those, tags on requests and resources still depend on the action.
    pub global: bool,
    /// The service whose prefix it has; none for global keys and for claims of identity providers.
    pub service: Option<Service<'c>>,
    /// Whether its name has a variable part.
    pub template: bool,
    /// The key that AWS offers in its place, where it is an old one: `aws:PrincipalArn` for `aws:ARN`.
    pub replacement: Option<&'c str>,
}

impl KeyInfo<'_> {
    /// Whether `written`, a key in a policy, is this key.
    pub fn admits(&self, written: &str) -> bool {
        if self.template { admits(self.name, written) } else { self.name.eq_ignore_ascii_case(written) }
    }
}

/// The type of a condition key's values. AWS's `ArrayOf…` types are these with [`KeyInfo::multivalued`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// For `String…` operators.
    String,
    /// For `Arn…` operators.
    Arn,
    /// For `Bool`.
    Bool,
    /// For `Numeric…` operators.
    Numeric,
    /// For `Date…` operators.
    Date,
    /// For `IpAddress` and `NotIpAddress`.
    IpAddress,
    /// For `BinaryEquals`.
    Binary,
}

impl KeyKind {
    /// As packed; the eighth bit of the byte says that the key has many values.
    pub(super) fn from_byte(byte: u8) -> (KeyKind, bool) {
        use KeyKind::*;
        let kinds = [String, Arn, Bool, Numeric, Date, IpAddress, Binary];
        (kinds.get(usize::from(byte & 0x7f)).copied().unwrap_or(String), byte & 0x80 != 0)
    }
}

/// The key of this number in the list of all services' keys.
pub(super) fn listed(catalogue: &Catalogue, index: usize) -> KeyInfo<'_> {
    let keys = catalogue.keys();
    let name = keys.names.get(index);
    let (kind, multivalued) = KeyKind::from_byte(keys.kinds.get(index).copied().unwrap_or_default());
    let global = name.split_once(':').is_some_and(|(prefix, _)| prefix == "aws");
    let service = keys.services.get(index).copied().flatten().filter(|_| !global);
    let service = service.map(|index| Service { catalogue, index: usize::from(index) });
    KeyInfo { name, kind, multivalued, global, service, template: is_template(name), replacement: None }
}

/// Whether a key has a variable in its name, as `aws:RequestTag/${TagKey}` has.
fn is_template(name: &str) -> bool {
    name.bytes().any(|byte| byte == b'$')
}

/// The global key of this number.
pub(super) fn global(catalogue: &Catalogue, index: usize) -> KeyInfo<'_> {
    let mut columns = catalogue.tables().global_keys.get(index).split('\t');
    let name = columns.next().unwrap_or_default();
    let byte = kind_byte(columns.next().unwrap_or_default()).unwrap_or_default();
    let (kind, multivalued) = KeyKind::from_byte(byte);
    let prefix = name.split(':').next().unwrap_or_default();
    let service = if prefix == "aws" { None } else { catalogue.service(prefix) };
    let replacement = columns.next();
    KeyInfo { name, kind, multivalued, global: true, service, template: is_template(name), replacement }
}

/// The claims that AWS takes from the tokens of every OpenID Connect provider, and whether they have many values.
/// IAM User Guide, "Available keys for AWS OIDC federation".
const CLAIMS: [(&str, bool); 5] = [
    ("${OidcProvider}:amr", true),
    ("${OidcProvider}:aud", false),
    ("${OidcProvider}:email", false),
    ("${OidcProvider}:oaud", false),
    ("${OidcProvider}:sub", false),
];

/// The key of a claim, as in `gitlab.com:sub`: a host before the last colon, and a claim after it.
fn claim(written: &str) -> Option<KeyInfo<'static>> {
    let (host, _) = written.rsplit_once(':')?;
    let (name, multivalued) = *CLAIMS.iter().find(|(name, _)| host.contains('.') && admits(name, written))?;
    let kind = KeyKind::String;
    Some(KeyInfo { name, kind, multivalued, global: false, service: None, template: true, replacement: None })
}

/// See [`Catalogue::key`].
pub(super) fn find<'c>(catalogue: &'c Catalogue, written: &str) -> Option<KeyInfo<'c>> {
    if let Some(index) = catalogue.tables().global_keys.find_row(written) {
        return Some(global(catalogue, index));
    }
    let tables = catalogue.tables();
    let mut templates = tables.global_templates.iter().copied();
    if let Some(index) = templates.find(|&index| admits(tables.global_key(index), written)) {
        return Some(global(catalogue, index));
    }
    let keys = catalogue.keys();
    if let Some(index) = keys.find(written) {
        return Some(listed(catalogue, index));
    }
    let begins = |name: &str, front: usize| {
        written.as_bytes().get(..front).is_some_and(|own| own.eq_ignore_ascii_case(&name.as_bytes()[..front]))
    };
    let index = keys.templates.iter().map(|&(index, front)| (usize::from(index), usize::from(front))).find(
        |&(index, front)| {
            let name = keys.names.get(index);
            begins(name, front) && admits(name, written)
        },
    );
    index.map(|(index, _)| listed(catalogue, index)).or_else(|| claim(written))
}

/// Whether a key in a policy has the form of a template: the fixed parts are there but for case, and no variable is empty.
pub(super) fn admits(template: &str, written: &str) -> bool {
    let Some((front, rest)) = template.split_once("${") else { return template.eq_ignore_ascii_case(written) };
    let Some((_, back)) = rest.split_once('}') else { return false };
    let Some((start, written)) = written.split_at_checked(front.len()) else { return false };
    if !start.eq_ignore_ascii_case(front) {
        return false;
    }
    let ends = written.char_indices().skip(1).map(|(at, _)| at).chain([written.len()]);
    !written.is_empty() && ends.into_iter().any(|at| admits(back, &written[at..]))
}
