//! Condition keys with an empty list of values, by how their operator treats it. Not a check itself.

use crate::{
    context::{Context, Problem},
    model::OperatorName,
};

/// A finding for each key without values whose operator is of the sort that `of` says.
pub(super) fn report(cx: &Context<'_>, of: fn(&OperatorName) -> bool, message: &str, out: &mut Vec<Problem>) {
    for (operator, key) in cx.statements().iter().flat_map(|statement| statement.condition_keys()) {
        let values = &key.values;
        if values.is_list && values.items.is_empty() && values.complete && of(&operator.parts) {
            out.push(Problem::new(values.span, format!("`{}` is compared with nothing: {message}", key.name.text)));
        }
    }
}
