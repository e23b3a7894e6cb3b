//! Rule `invalid-policy-element`: a key that is no element of a policy or a statement.

use keylint_diagnostics::Applicability;
use keylint_syntax::tree::Node;

use super::elements::{OF_POLICY, OF_STATEMENT, meant, statements};
use crate::{
    context::{Context, Problem},
    model::Value,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    unknown(cx, &cx.policy.node, OF_POLICY, "a policy", out);
    for node in statements(cx) {
        unknown(cx, node, OF_STATEMENT, "a statement", out);
    }
}

fn unknown(cx: &Context<'_>, node: &Node, known: &'static [&'static str], whose: &str, out: &mut Vec<Problem>) {
    for entry in node.entries() {
        let Some(name) = entry.key.as_str().filter(|name| !known.contains(name)) else { continue };
        let key = Value::template(&entry.key.parts, entry.key_span);
        let (hint, fix) = match meant(name, known) {
            Some(element) if node.get(element).is_none() => {
                (format!(", did you mean `{element}`?"), cx.rewrite(&key, element, Applicability::Safe))
            }
            _ => (String::new(), None),
        };
        out.push(Problem::new(entry.key_span, format!("`{name}` is no element of {whose}{hint}")).fix(fix));
    }
}
