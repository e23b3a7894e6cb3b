//! What a key policy gives to whom. Not a check itself.

use crate::{
    context::Context,
    model::{Statement, Value, Values},
    wildcard,
};

/// Actions that administer a key, by which whoever holds them can give himself any other.
pub(super) const ADMINISTRATION: &[&str] = &["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"];

/// Actions that use a key.
pub(super) const USE: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];

/// The value by which a statement speaks of an action.
pub(super) fn speaks_of<'s>(statement: &'s Statement, action: &str) -> Option<&'s Value> {
    let action = action.to_ascii_lowercase();
    let admits = |value: &&Value| wildcard::admits(&value.text.to_ascii_lowercase(), &action);
    statement.action.as_ref()?.items.iter().find(admits)
}

/// The statements that allow an action, also those of the other parts of the policy.
pub(super) fn allowing<'a>(
    cx: &Context<'a>,
    action: &'a str,
) -> impl Iterator<Item = (&'a Statement, Option<&'a Value>)> {
    let allows = cx.peers().flat_map(|part| &part.statements).filter(|statement| statement.allows());
    allows.filter_map(move |statement| {
        let excludes = |values: &Values| {
            !values
                .items
                .iter()
                .any(|value| wildcard::admits(&value.text.to_ascii_lowercase(), &action.to_ascii_lowercase()))
        };
        match speaks_of(statement, action) {
            Some(value) => Some((statement, Some(value))),
            None => statement.not_action.as_ref().filter(|values| excludes(values)).map(|_| (statement, None)),
        }
    })
}

/// Whether everything in the statements is known, so that what is not there is surely not there.
pub(super) fn is_known(cx: &Context<'_>) -> bool {
    cx.peers().flat_map(|part| &part.statements).all(|statement| {
        let lists = statement.action.iter().chain(&statement.not_action);
        statement.effect.is_some() && lists.into_iter().all(|values| values.complete)
    })
}
