//! Rule `empty-object-condition`: a condition, or an operator of one, that is an empty map.

use keylint_syntax::tree::{Kind, Node};

use super::elements::statements;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let is_empty = |node: &&Node| matches!(&node.kind, Kind::Map(entries) if entries.is_empty());
    for condition in statements(cx).filter_map(|node| node.get("Condition")) {
        let operators = condition.entries().iter().map(|entry| &entry.value);
        for node in std::iter::once(condition).chain(operators).filter(is_empty) {
            out.push(Problem::new(node.span, "the condition is empty and always holds"));
        }
    }
}
