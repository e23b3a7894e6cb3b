//! Hosts that write a policy in their own words: objects of HCL, Python and TypeScript, and YAML in block style.
//! Not here: the data source of Terraform (`document.rs`).

use keylint_syntax::tree::{Entry, Kind, Node, Part, Template};

use super::{
    text::{Spelling, hcl, interpolated},
    written::Written,
};

/// How a language writes an object literal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    quote: &'static str,
    /// How a character stands in quotes; none where `${` is doubled too.
    spelling: Option<Spelling>,
    /// Whether keys that are names stand without quotes.
    bare_keys: bool,
    equals: &'static str,
    /// `null`, `true`, `false`.
    words: [&'static str; 3],
}

/// The argument of `jsonencode`.
pub(crate) const HCL: Style =
    Style { quote: "\"", spelling: None, bare_keys: true, equals: " = ", words: ["null", "true", "false"] };

/// A dictionary of Python.
pub(crate) const PYTHON: Style =
    Style { quote: "'", spelling: Some(quoted_once), bare_keys: false, equals: ": ", words: ["None", "True", "False"] };

/// An object of JavaScript or TypeScript.
pub(crate) const SCRIPT: Style = Style {
    quote: "\"",
    spelling: Some(super::text::json),
    bare_keys: true,
    equals: ": ",
    words: ["null", "true", "false"],
};

fn quoted_once(character: char) -> String {
    if matches!(character, '\'' | '\\') { format!("\\{character}") } else { character.to_string() }
}

/// Writes an object literal.
pub(crate) fn object(out: &mut Written, node: &Node, style: Style) {
    out.stand(node.span, |out| match &node.kind {
        Kind::Null => out.say(style.words[0]),
        Kind::Bool(value) => out.say(style.words[if *value { 1 } else { 2 }]),
        Kind::Number(digits) => out.say(digits),
        Kind::String(template) => quoted(out, template, style),
        Kind::List(elements) => {
            out.say("[");
            for (index, element) in elements.iter().enumerate() {
                out.say(if index > 0 { ", " } else { "" });
                object(out, element, style);
            }
            out.say("]");
        }
        Kind::Map(entries) => {
            out.say("{");
            for (index, entry) in entries.iter().enumerate() {
                out.say(if index > 0 { ",\n  " } else { "\n  " });
                key(out, entry, style);
                out.say(style.equals);
                object(out, &entry.value, style);
            }
            out.say("\n}");
        }
        Kind::Expression(_) => unreachable!("an example in JSON has no expression"),
    });
}

fn key(out: &mut Written, entry: &Entry, style: Style) {
    let text = entry.key.as_str().expect("a key of JSON is a text");
    let name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic());
    out.stand(entry.key_span, |out| {
        if style.bare_keys && name {
            letters(out, &entry.key, super::text::plain);
        } else {
            quoted(out, &entry.key, style);
        }
    });
}

fn quoted(out: &mut Written, template: &Template, style: Style) {
    out.say(style.quote);
    match style.spelling {
        Some(spelling) => letters(out, template, spelling),
        None => with_dollars(out, template),
    }
    out.say(style.quote);
}

/// The characters of a string of the example, each standing for what it is written as there.
pub(crate) fn letters(out: &mut Written, template: &Template, spelling: Spelling) {
    for part in &template.parts {
        let Part::Text(text) = part else { unreachable!("JSON has no holes") };
        let decoded = String::from_utf8_lossy(&text.bytes);
        for (at, character) in decoded.char_indices() {
            out.stand(text.map.span(at..at + character.len_utf8()), |out| out.say(&spelling(character)));
        }
    }
}

/// The same in HCL, where `${` is doubled. Examples do not escape characters before a `$`.
pub(crate) fn with_dollars(out: &mut Written, template: &Template) {
    let text = template.as_str().expect("UTF-8");
    let Some(Part::Text(first)) = template.parts.first() else { return };
    let whole = first.map.span(0..first.bytes.len());
    if whole.len() == text.len() {
        interpolated(out, text, whole.start as usize, hcl);
    } else {
        letters(out, template, hcl);
    }
}

/// Writes a node as the value of a YAML key that stands `depth` blanks in, or as an element of a list there.
pub(crate) fn yaml(out: &mut Written, node: &Node, depth: usize) {
    match &node.kind {
        Kind::List(elements) if !elements.is_empty() => {
            let mut start = None;
            for element in elements {
                out.say(&format!("\n{}", " ".repeat(depth)));
                start.get_or_insert(out.text.len());
                out.say("-");
                yaml_element(out, element, depth + 2);
            }
            out.stood(node.span, start.unwrap_or_default());
        }
        Kind::Map(entries) if !entries.is_empty() => {
            out.say(&format!("\n{}", " ".repeat(depth)));
            map(out, node, entries, depth);
        }
        _ => {
            out.say(" ");
            out.stand(node.span, |out| scalar(out, node));
        }
    }
}

/// Writes a node behind the dash of a list; what follows its first line stands `depth` blanks in.
pub(crate) fn yaml_element(out: &mut Written, node: &Node, depth: usize) {
    match &node.kind {
        // A map in a list begins on the line of its dash.
        Kind::Map(entries) if !entries.is_empty() => {
            out.say(" ");
            map(out, node, entries, depth);
        }
        _ => yaml(out, node, depth),
    }
}

fn map(out: &mut Written, node: &Node, entries: &[Entry], depth: usize) {
    out.stand(node.span, |out| {
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 {
                out.say(&format!("\n{}", " ".repeat(depth)));
            }
            out.stand(entry.key_span, |out| yaml_string(out, &entry.key));
            out.say(":");
            yaml(out, &entry.value, depth + 2);
        }
    });
}

fn scalar(out: &mut Written, node: &Node) {
    match &node.kind {
        Kind::Null => out.say("null"),
        Kind::Bool(value) => out.say(if *value { "true" } else { "false" }),
        Kind::Number(digits) => out.say(digits),
        Kind::String(template) => yaml_string(out, template),
        Kind::List(_) => out.say("[]"),
        _ => out.say("{}"),
    }
}

/// Plain where that means the same string.
fn yaml_string(out: &mut Written, template: &Template) {
    let text = template.as_str().expect("UTF-8");
    let letter = |character: char| character.is_ascii_alphanumeric() || "-_./:*?=+@$".contains(character);
    let number = text.bytes().all(|byte| byte.is_ascii_digit() || b".+-_eExb".contains(&byte)) && text.len() != 10;
    let word = matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "null");
    let plain = text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.chars().all(letter)
        && !text.ends_with(':');
    if plain && !number && !word {
        letters(out, template, super::text::plain);
    } else {
        out.say("\"");
        letters(out, template, super::text::json);
        out.say("\"");
    }
}
