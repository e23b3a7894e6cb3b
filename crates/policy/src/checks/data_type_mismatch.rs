//! Rule `data-type-mismatch`: a value of another kind than its element takes: a number for an action, a list for `Effect`.

use keylint_syntax::tree::{Entry, Kind, Node, Part};

use crate::{
    context::{Context, Problem},
    model::UNKNOWN,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let node = &cx.policy.node;
    for entry in node.entries() {
        match entry.key.as_str() {
            Some("Version" | "Id") => want(&entry.value, is_text, "a string", out),
            Some("Statement") => want(&entry.value, |node| is_list(node) || is_map(node), "a list of statements", out),
            _ => {}
        }
    }
    let list = node.get("Statement").map_or(&[][..], Node::elements);
    list.iter().for_each(|node| want(node, is_map, "a statement", out));
    for statement in cx.statements() {
        statement.node.entries().iter().for_each(|entry| element(entry, out));
    }
}

fn element(entry: &Entry, out: &mut Vec<Problem>) {
    let value = &entry.value;
    match entry.key.as_str() {
        Some("Sid" | "Effect") => want(value, is_text, "a string", out),
        Some("Action" | "NotAction" | "Resource" | "NotResource") => texts(value, out),
        Some("Principal" | "NotPrincipal") => {
            want(value, |node| is_text(node) || is_map(node), "`\"*\"` or a map", out);
            value.entries().iter().for_each(|entry| texts(&entry.value, out));
        }
        Some("Condition") => {
            want(value, is_map, "a map of operators", out);
            for operator in value.entries() {
                want(&operator.value, is_map, "a map of condition keys", out);
                operator.value.entries().iter().for_each(|key| scalars(&key.value, out));
            }
        }
        _ => {}
    }
}

/// A string, or a list of strings.
fn texts(node: &Node, out: &mut Vec<Problem>) {
    want(node, |node| is_text(node) || is_list(node), "a string or a list of strings", out);
    node.elements().iter().for_each(|node| want(node, is_text, "a string", out));
}

/// A string, number or boolean, or a list of them.
fn scalars(node: &Node, out: &mut Vec<Problem>) {
    let scalar = |node: &Node| is_text(node) || matches!(node.kind, Kind::Number(_) | Kind::Bool(_));
    want(node, |node| scalar(node) || is_list(node), "a value or a list of values", out);
    node.elements().iter().for_each(|node| want(node, scalar, "a value", out));
}

fn want(node: &Node, fits: impl Fn(&Node) -> bool, what: &str, out: &mut Vec<Problem>) {
    if !fits(node) && !is_of_run(node) {
        out.push(Problem::new(node.span, format!("here stands {}, where {what} is needed", name(node))));
    }
}

/// Whether all of a value is only known to a run, which may make anything of it.
fn is_of_run(node: &Node) -> bool {
    let Kind::String(template) = &node.kind else { return matches!(node.kind, Kind::Expression(_)) };
    let hole = |text: &[u8]| text.trim_ascii() == UNKNOWN.encode_utf8(&mut [0; 4]).as_bytes();
    match template.parts.as_slice() {
        [Part::Text(text)] => hole(&text.bytes),
        parts => !parts.is_empty() && parts.iter().all(|part| matches!(part, Part::Unknown(_))),
    }
}

fn is_text(node: &Node) -> bool {
    matches!(node.kind, Kind::String(_) | Kind::Expression(_))
}

fn is_list(node: &Node) -> bool {
    matches!(node.kind, Kind::List(_))
}

fn is_map(node: &Node) -> bool {
    matches!(node.kind, Kind::Map(_))
}

fn name(node: &Node) -> &'static str {
    match node.kind {
        Kind::Null => "nothing",
        Kind::Bool(_) => "a boolean",
        Kind::Number(_) => "a number",
        Kind::String(_) => "a string",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a map",
        Kind::Expression(_) => "an expression",
    }
}
