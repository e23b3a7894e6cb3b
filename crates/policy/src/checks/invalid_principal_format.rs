//! Rule `invalid-principal-format`: a principal that does not say of which kind it is.

use keylint_syntax::tree::Kind;

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements() {
        for principal in statement.principals() {
            if let Some(text) = principal.bare.as_ref().and_then(|bare| bare.known()).filter(|text| *text != "*") {
                let message =
                    format!("`{text}` does not say what it is: write `{{\"AWS\": …}}` or `{{\"Service\": …}}`");
                out.push(Problem::new(principal.span, message));
            }
        }
        for name in ["Principal", "NotPrincipal"] {
            let list = statement.node.get(name).filter(|node| matches!(node.kind, Kind::List(_)));
            out.extend(list.map(|node| {
                let message = format!("`{name}` is a list: it is a map of kinds, as `{{\"AWS\": […]}}`");
                Problem::new(node.span, message)
            }));
        }
    }
}
