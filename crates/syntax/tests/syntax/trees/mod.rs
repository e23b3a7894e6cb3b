//! Tests of the trees: what holds of every tree of every text, checked wherever a tree is made.
//! Not here: what the three formats mean (`json.rs`, `yaml.rs`, `hcl.rs`).

mod hcl;
mod json;
mod yaml;

use keylint_diagnostics::Span;
use keylint_syntax::Text;
use keylint_syntax::tree::{Expression, Kind, Node, Part, SyntaxError, Template};

/// `text` as a document of its own.
fn document(text: &str) -> Text {
    Text::identity(text.as_bytes(), 0)
}

/// Panics where the tree breaks a promise of `tree.rs`: spans lie in the text and in their parents, in order; every byte
/// of a string leads back into it. `cloned` says that nodes may stand elsewhere (aliases of YAML).
fn check(node: &Node, text: &str, cloned: bool) {
    let within = Span { start: 0, end: text.len() as u32 };
    node_in(node, within, within, cloned);
}

fn node_in(node: &Node, parent: Span, whole: Span, cloned: bool) {
    let outer = if cloned { whole } else { parent };
    assert!(outer.contains(node.span), "{node:?} lies outside of {outer:?}");
    match &node.kind {
        Kind::String(template) => template_in(template, node.span, whole, cloned),
        Kind::List(elements) => {
            assert!(cloned || elements.is_sorted_by_key(|element| element.span.start), "{node:?}");
            elements.iter().for_each(|element| node_in(element, node.span, whole, cloned));
        }
        Kind::Map(entries) => {
            for entry in entries {
                assert!(whole.contains(entry.key_span), "{entry:?}");
                template_in(&entry.key, entry.key_span, whole, cloned);
                node_in(&entry.value, node.span, whole, cloned);
            }
        }
        Kind::Expression(Expression::Call { arguments, .. }) => {
            arguments.iter().for_each(|argument| node_in(argument, node.span, whole, cloned));
        }
        Kind::Expression(Expression::Conditional(first, second)) => {
            node_in(first, node.span, whole, cloned);
            node_in(second, node.span, whole, cloned);
        }
        _ => {}
    }
}

fn template_in(template: &Template, span: Span, whole: Span, cloned: bool) {
    let literal = |part: &Part| matches!(part, Part::Text(_));
    assert!(!template.parts.windows(2).any(|pair| pair.iter().all(literal)), "{template:?}");
    for part in &template.parts {
        match part {
            Part::Text(text) => {
                assert!(!text.bytes.is_empty(), "an empty part: {template:?}");
                assert_eq!(text.map.decoded_len(), text.bytes.len(), "{text:?}");
                let mut last = span.start;
                for at in 0..text.bytes.len() {
                    let byte = text.map.span(at..at + 1);
                    assert!(span.contains(byte), "byte {at} at {byte:?} lies outside of {span:?}: {text:?}");
                    assert!(byte.start >= last, "byte {at} goes back: {text:?}");
                    last = byte.start;
                }
            }
            Part::Unknown(node) => node_in(node, span, whole, cloned),
        }
    }
}

/// The stored text of `span`.
fn at(text: &str, span: Span) -> &str {
    &text[span.range()]
}

/// The stored text at which the error stands, and what it says.
fn error<'a>(text: &'a str, error: &'a SyntaxError) -> (&'a str, &'a str) {
    (at(text, error.span), &error.message)
}
