//! Rule `redundant-action`: an action that another one of the same list takes in, or that stands there twice.

use super::redundancy;
use crate::{
    context::{Context, Problem},
    model::Value,
    wildcard,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements() {
        for values in statement.action.iter().chain(&statement.not_action).filter(|values| values.items.len() > 1) {
            let items: Vec<&Value> = values.items.iter().filter(|value| value.known).collect();
            let texts: Vec<String> = items.iter().map(|value| value.text.to_ascii_lowercase()).collect();
            for group in redundancy::groups(&texts, wildcard::covers) {
                out.push(redundancy::problem(cx, values, &items, &group, "action of the list"));
            }
        }
    }
}
