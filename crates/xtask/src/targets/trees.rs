//! The targets that read trees: spans lie in the text, and every byte of a string leads back into its place.
//! Not here: what a tree of a known text holds (the tests of `keylint-syntax`).

use keylint_diagnostics::{Encoding, Span};
use keylint_syntax::tree::{Body, Entry, Expression, Kind, Node, Part, SyntaxError, Template};
use keylint_syntax::{Text, to_utf8, tree};

use super::inside;

/// Reads JSON; what serde_json accepts is accepted.
pub fn json(data: &[u8]) {
    texts(data, |text, length| match tree::json(text) {
        Ok(node) => node_in(&node, length),
        Err(error) => {
            error_in(&error, text, length);
            let accepted = serde_json::from_slice::<serde_json::Value>(&text.bytes).is_ok();
            assert!(!accepted, "serde_json reads it: {}", error.message);
        }
    });
}

/// Reads YAML.
pub fn yaml(data: &[u8]) {
    texts(data, |text, length| {
        let (nodes, error) = tree::yaml(text);
        nodes.iter().for_each(|node| node_in(node, length));
        error.iter().for_each(|error| error_in(error, text, length));
    });
}

/// Reads HCL.
pub fn hcl(data: &[u8]) {
    texts(data, |text, length| {
        let (body, errors) = tree::hcl(text);
        body_in(&body, length);
        errors.iter().for_each(|error| error_in(error, text, length));
    });
}

/// The text as it is, and decoded from UTF-16, where a map has many runs; with the length of what is stored.
fn texts(data: &[u8], run: impl Fn(&Text, usize)) {
    run(&Text::identity(data, 0), data.len());
    if let Ok(text) = std::str::from_utf8(data) {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        run(&to_utf8(&wide, Encoding::Utf16Le), wide.len());
    }
}

fn body_in(body: &Body, length: usize) {
    body.attributes.iter().for_each(|entry| entry_in(entry, length));
    for block in &body.blocks {
        inside(block.span, length);
        inside(block.kind_span, length);
        block.labels.iter().for_each(|(_, span)| inside(*span, length));
        body_in(&block.body, length);
    }
}

fn entry_in(entry: &Entry, length: usize) {
    inside(entry.key_span, length);
    template_in(&entry.key, entry.key_span);
    node_in(&entry.value, length);
}

fn node_in(node: &Node, length: usize) {
    inside(node.span, length);
    let each = |nodes: &[Node]| nodes.iter().for_each(|node| node_in(node, length));
    match &node.kind {
        Kind::String(template) => template_in(template, node.span),
        Kind::List(elements) => each(elements),
        Kind::Map(entries) => entries.iter().for_each(|entry| entry_in(entry, length)),
        Kind::Expression(Expression::Call { arguments, .. }) => each(arguments),
        Kind::Expression(Expression::Conditional(first, second)) => {
            node_in(first, length);
            node_in(second, length);
        }
        _ => {}
    }
}

fn template_in(template: &Template, span: Span) {
    let mut after_text = false;
    for part in &template.parts {
        match part {
            Part::Text(text) => {
                assert!(!after_text && !text.bytes.is_empty(), "literal parts are not joined");
                assert_eq!(text.map.decoded_len(), text.bytes.len(), "the map is not as long as the text");
                let mut last = span.start;
                for at in 0..text.bytes.len() {
                    let byte = text.map.span(at..at + 1);
                    assert!(
                        byte.start >= last && byte.end <= span.end,
                        "byte {at} stands at {byte:?}, not in {span:?}"
                    );
                    last = byte.start;
                }
            }
            Part::Unknown(node) => {
                assert!(span.contains(node.span), "{:?} lies outside of {span:?}", node.span);
                node_in(node, span.end as usize);
            }
        }
        after_text = matches!(part, Part::Text(_));
    }
}

fn error_in(error: &SyntaxError, text: &Text, length: usize) {
    inside(error.span, length);
    assert!(!error.message.is_empty(), "an error without a message");
    assert!(text.bytes.is_empty() || !error.span.is_empty(), "an error at no place: {}", error.message);
}
