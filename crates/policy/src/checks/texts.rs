//! The strings of a policy, element by element, for checks of variables. Not a check itself.

use crate::{
    context::Context,
    model::{Statement, Value},
    variable::{Variable, variables},
};

/// The strings in which variables are replaced: resources and the values of conditions.
pub(super) fn with_variables<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Value> {
    cx.statements().iter().flat_map(|statement| {
        let resources = statement.resource.iter().chain(&statement.not_resource).flat_map(|values| &values.items);
        resources.chain(statement.condition_keys().flat_map(|(_, key)| &key.values.items))
    })
}

/// The strings in which they are not: actions, principals, the `Sid` and the effect.
pub(super) fn without_variables(statement: &Statement) -> impl Iterator<Item = &Value> {
    let actions = statement.action.iter().chain(&statement.not_action).flat_map(|values| &values.items);
    let principals = statement.principals().flat_map(|principal| {
        principal.bare.iter().chain(principal.entries.iter().flat_map(|entry| &entry.values.items))
    });
    actions.chain(principals).chain(&statement.sid).chain(&statement.effect_value)
}

/// Each variable of the strings in which they are replaced.
pub(super) fn each<'a>(cx: &Context<'a>) -> impl Iterator<Item = (&'a Value, Variable<'a>)> {
    with_variables(cx)
        .filter(|value| value.text.contains("${"))
        .flat_map(|value| variables(&value.text).map(move |variable| (value, variable)))
}
