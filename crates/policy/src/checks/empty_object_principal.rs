//! Rule `empty-object-principal`: a statement whose principal is an empty map.

use keylint_syntax::tree::Kind;

use super::elements::statements;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for node in statements(cx) {
        for principal in ["Principal", "NotPrincipal"].iter().filter_map(|element| node.get(element)) {
            if matches!(&principal.kind, Kind::Map(entries) if entries.is_empty()) {
                out.push(Problem::new(principal.span, "the statement names no principal"));
            }
        }
    }
}
