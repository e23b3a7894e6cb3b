//! Rule `unsupported-element-combination`: an element and its opposite in one statement.

use super::elements::statements;
use crate::context::{Context, Problem};

const PAIRS: &[(&str, &str)] = &[("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for node in statements(cx) {
        for (element, opposite) in PAIRS {
            if let (Some(first), Some(second)) = (node.get(element), node.get(opposite)) {
                let message = format!("`{element}` and `{opposite}` cannot stand in one statement");
                out.push(Problem::new(first.span, message).related(second.span, format!("the `{opposite}`")));
            }
        }
    }
}
