//! Text with holes that only a run fills: how a JSON text with interpolations is read, and how holes are made.
//! Not here: which expressions make a hole; the hosts know.

use keylint_diagnostics::Span;
use keylint_syntax::{
    Text,
    tree::{Entry, Kind, Node, Part, Template},
};

use crate::model::UNKNOWN;

/// A node in whose place a run puts a value.
pub(super) fn unknown(span: Span) -> Node {
    let hole = Node { span, tag: None, kind: Kind::Null };
    string(span, vec![Part::Unknown(Box::new(hole))])
}

/// A string made of parts; parts of literal text that stand side by side are joined where one of them is empty.
pub(super) fn string(span: Span, parts: Vec<Part>) -> Node {
    let parts = parts.into_iter().filter(|part| !matches!(part, Part::Text(text) if text.bytes.is_empty())).collect();
    Node { span, tag: None, kind: Kind::String(Template { parts }) }
}

/// A string that the host says in other words, standing at `span`.
pub(super) fn said(span: Span, text: &str) -> Node {
    let mut said = Text::default();
    said.unit(text.as_bytes(), span.start as usize, span.len());
    string(span, vec![Part::Text(said)])
}

/// An entry whose key the host says in other words.
pub(super) fn entry(key: &str, key_span: Span, value: Node) -> Entry {
    let mut said = Text::default();
    said.unit(key.as_bytes(), key_span.start as usize, key_span.len());
    Entry { key: Template { parts: vec![Part::Text(said)] }, key_span, value }
}

/// The text of a template in which each hole is [`UNKNOWN`], in quotes where it stands outside a JSON string.
pub(super) fn plugged(template: &Template) -> Text {
    plug(template, |_| true)
}

/// The same; a hole outside a JSON string for which `stands` does not hold leaves nothing.
pub(super) fn plug(template: &Template, stands: impl Fn(&Node) -> bool) -> Text {
    let mut out = Text::default();
    let mut quoted = false;
    for part in &template.parts {
        match part {
            Part::Text(text) => {
                quoted = ends_quoted(&text.bytes, quoted);
                append(&mut out, text);
            }
            Part::Unknown(node) if !quoted && !stands(node) => {}
            Part::Unknown(node) => {
                let mut buffer = [0; 4];
                let hole = UNKNOWN.encode_utf8(&mut buffer);
                let hole = if quoted { hole.to_string() } else { format!("\"{hole}\"") };
                out.unit(hole.as_bytes(), node.span.start as usize, node.span.len());
            }
        }
    }
    out
}

/// Whether a JSON text that begins inside a string or not ends inside one.
fn ends_quoted(text: &[u8], mut quoted: bool) -> bool {
    let mut escaped = false;
    for &byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    quoted
}

/// Appends a text with its way back, byte by byte where it does not stand as it is.
fn append(out: &mut Text, text: &Text) {
    let whole = text.map.span(0..text.bytes.len());
    if whole.len() == text.bytes.len() {
        out.copy(&text.bytes, whole.start as usize);
        return;
    }
    let decoded = String::from_utf8_lossy(&text.bytes);
    for (at, char) in decoded.char_indices() {
        let span = text.map.span(at..at + char.len_utf8());
        let mut buffer = [0; 4];
        out.unit(char.encode_utf8(&mut buffer).as_bytes(), span.start as usize, span.len());
    }
}
