//! Rule `missing-statement`: a policy without statements.

use keylint_syntax::tree::Kind;

use super::elements::{OF_POLICY, has};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let node = &cx.policy.node;
    let message = "the policy has no statement";
    match node.get("Statement") {
        None if !has(node, &["Statement"], OF_POLICY) => out.push(Problem::new(node.span, message)),
        Some(list) if matches!(&list.kind, Kind::List(elements) if elements.is_empty()) => {
            out.push(Problem::new(list.span, message));
        }
        _ => {}
    }
}
