//! What the name of a condition key is: known, a tag without its name, misspelt.
//! Not here: what a check says of it.

use keylint_diagnostics::Applicability;

use crate::{
    context::{Context, Problem},
    model::Value,
};

/// What a name of a condition key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// It is a key, or nobody can know whether it is.
    Known,
    /// It is the beginning of a key for tags.
    BareTag,
    /// It has the prefix of the global keys and is none of them.
    UnknownGlobal,
    /// Its service is known and has no such key.
    UnknownOfService,
    /// No service has its prefix.
    UnknownService,
}

/// The condition keys, as far as their names are known.
pub(super) fn names<'a>(cx: &Context<'a>) -> impl Iterator<Item = (&'a Value, &'a str)> {
    let keys = cx.statements().iter().flat_map(|statement| statement.condition_keys());
    keys.filter_map(|(_, key)| Some((&key.name, key.name.known()?)))
}

/// What a name is.
pub(super) fn judge(cx: &Context<'_>, text: &str) -> Name {
    let Some((prefix, rest)) = text.split_once(':') else { return Name::Known };
    if rest.is_empty() || text.contains("${") || cx.catalogue.key(text).is_some() {
        return Name::Known;
    }
    if is_bare_tag(cx, text) {
        return Name::BareTag;
    }
    if prefix.eq_ignore_ascii_case("aws") {
        return Name::UnknownGlobal;
    }
    // What AWS took away is said of the actions.
    if cx.catalogue.retired(prefix).is_some() {
        return Name::Known;
    }
    if cx.catalogue.service(prefix).is_some() {
        return Name::UnknownOfService;
    }
    // Claims of identity providers have their host as prefix.
    let claim = prefix.contains(['.', '/'])
        || prefix.eq_ignore_ascii_case("saml")
        || cx.catalogue.undocumented(prefix).is_some();
    if claim { Name::Known } else { Name::UnknownService }
}

/// Whether the name lacks the tag's: `aws:RequestTag`, `aws:RequestTag/`.
fn is_bare_tag(cx: &Context<'_>, text: &str) -> bool {
    let name = text.strip_suffix('/').unwrap_or(text);
    let ends =
        name.len().checked_sub(3).and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case("tag"));
    ends && cx.catalogue.key(&format!("{name}/name")).is_some_and(|key| key.template)
}

/// Says that there is no such key, and which one may be meant.
pub(super) fn problem(cx: &Context<'_>, value: &Value, text: &str, what: String) -> Problem {
    match cx.catalogue.nearest_key(text) {
        Some(near) => {
            let fix = cx.rewrite(value, &near, Applicability::Safe);
            Problem::new(value.span, format!("{what}, did you mean `{near}`?")).fix(fix).as_of(cx.catalogue)
        }
        None => Problem::new(value.span, what).as_of(cx.catalogue),
    }
}
