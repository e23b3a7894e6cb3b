//! Services as callers: the service principals that a policy names, in `Principal` and in conditions.
//! Not here: what is wrong with them (`invalid_service`, `invalid_service_principal_format`).

use crate::{
    context::Context,
    model::{ConditionKey, Operator, Value},
};

/// Keys that hold services which called on behalf of somebody; AWS knows them by one name before the ending.
const VIA: &[&str] = &["aws:calledvia", "aws:calledviafirst", "aws:calledvialast"];

/// Keys that hold service principals.
const NAMED: &[&str] = &["aws:principalservicename", "aws:principalservicenameslist"];

/// A service principal as a policy writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller<'a> {
    /// The value.
    pub(super) value: &'a Value,
    /// Its text, which holds no wildcard and no variable.
    pub(super) text: &'a str,
    /// Whether it called for somebody else: then it has one name before the ending.
    pub(super) via: bool,
}

/// The service principals that a policy names.
pub(super) fn callers<'a>(cx: &Context<'a>) -> impl Iterator<Item = Caller<'a>> {
    let principals = cx.statements().iter().flat_map(|statement| {
        let entries = statement.principals().flat_map(|principal| &principal.entries);
        entries.filter(|entry| entry.name.is("Service")).flat_map(|entry| &entry.values.items)
    });
    let conditions = cx
        .statements()
        .iter()
        .flat_map(|statement| statement.condition_keys())
        .filter_map(|(operator, key)| is_of_text(operator).then(|| holds(key)).flatten().map(|via| (key, via)));
    principals
        .map(|value| (value, false))
        .chain(conditions.flat_map(|(key, via)| key.values.items.iter().map(move |value| (value, via))))
        .filter_map(|(value, via)| {
            let text = value.known().filter(|text| !text.contains(['*', '?', '$']))?;
            Some(Caller { value, text, via })
        })
}

/// The values of `kms:ViaService`, which holds a service with its region.
pub(super) fn regional<'a>(cx: &Context<'a>) -> impl Iterator<Item = (&'a Value, &'a str)> {
    let keys = cx.statements().iter().flat_map(|statement| statement.condition_keys());
    let via =
        keys.filter(|(operator, key)| is_of_text(operator) && key.name.text.eq_ignore_ascii_case("kms:viaservice"));
    via.flat_map(|(_, key)| key.values.known()).filter(|(_, text)| !text.contains('$'))
}

fn is_of_text(operator: &Operator) -> bool {
    operator.parts.base.get(..6).is_some_and(|base| base.eq_ignore_ascii_case("string"))
}

/// Whether the values of a key are service principals, and if so whether they are those that called for somebody.
fn holds(key: &ConditionKey) -> Option<bool> {
    let is_one = |names: &[&str]| names.iter().any(|name| key.name.text.eq_ignore_ascii_case(name));
    if is_one(VIA) {
        return Some(true);
    }
    is_one(NAMED).then_some(false)
}

impl<'a> Caller<'a> {
    /// What stands before the ending; `None` where that is no ending of a service principal.
    pub(super) fn stem(&self, cx: &Context<'_>) -> Option<&'a str> {
        let endings = cx.catalogue.partitions().map(|partition| partition.dns_suffix).chain(["amazon.com"]);
        let stems = endings.filter_map(|ending| self.text.strip_suffix(ending)?.strip_suffix('.'));
        stems.min_by_key(|stem| stem.len()).filter(|stem| !stem.is_empty())
    }
}
