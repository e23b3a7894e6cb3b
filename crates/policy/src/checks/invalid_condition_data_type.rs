//! Rule `invalid-condition-data-type`: values of one condition key that are of several JSON types.

use keylint_syntax::tree::{Kind, Node};

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements().iter().filter(|statement| !statement.condition.is_empty()) {
        let operators = statement.node.get("Condition").into_iter().flat_map(|node| node.entries());
        for entry in operators.flat_map(|operator| operator.value.entries()) {
            let mut kinds = entry.value.elements().iter().filter_map(kind);
            let first = kinds.next();
            if kinds.any(|kind| Some(kind) != first) {
                let name = entry.key.as_str().unwrap_or("the key");
                let message = format!("the values of `{name}` are of several JSON types, AWS wants them to be of one");
                out.push(Problem::new(entry.value.span, message));
            }
        }
    }
}

/// The JSON type, of those that a value can have.
fn kind(node: &Node) -> Option<&'static str> {
    match node.kind {
        Kind::String(_) => Some("string"),
        Kind::Number(_) => Some("number"),
        Kind::Bool(_) => Some("boolean"),
        _ => None,
    }
}
