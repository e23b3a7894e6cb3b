//! Rule `duplicate-keys-with-different-case`: one condition key twice in one operator, in different capitals.

use keylint_diagnostics::Map;

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for operator in cx.statements().iter().flat_map(|statement| &statement.condition) {
        let mut first: Map<String, usize> = Map::new();
        for (index, key) in operator.keys.iter().enumerate() {
            let Some(name) = key.name.known() else { continue };
            let twin = *first.get_or_insert_with(name.to_ascii_lowercase(), || index);
            if twin != index {
                let message = format!("the condition key `{name}` stands twice, and case makes no difference in keys");
                let twin = operator.keys[twin].name.span;
                out.push(Problem::new(key.name.span, message).related(twin, "the same key"));
            }
        }
    }
}
