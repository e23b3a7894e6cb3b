//! Which elements a policy and a statement may have, and which one was meant. Not a check itself.

use keylint_syntax::tree::{Entry, Kind, Node};

use crate::context::Context;

/// Elements of a policy.
pub(super) const OF_POLICY: &[&str] = &["Version", "Id", "Statement"];

/// Elements of a statement.
pub(super) const OF_STATEMENT: &[&str] =
    &["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// The element that an unknown one was meant to be.
pub(super) fn meant(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
    // Nearly all are written right.
    if let Some(right) = known.iter().find(|element| **element == name) {
        return Some(right);
    }
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_', ' '], "");
    let name = plain(name);
    let same = |element: &&&str| {
        let element = plain(element);
        let close = [format!("{element}s"), format!("{element}:"), element.replace("pal", "ple"), element.clone()];
        close.contains(&name)
    };
    known.iter().find(same).copied()
}

/// Whether a map has one of these elements, written right or nearly so: what is misspelt is not also missing.
pub(super) fn has(node: &Node, elements: &[&str], known: &'static [&'static str]) -> bool {
    let names = |entry: &Entry| {
        let name = entry.key.as_str().unwrap_or_default();
        elements.contains(&name) || meant(name, known).is_some_and(|meant| elements.contains(&meant))
    };
    node.entries().iter().any(names) || !is_plain(node)
}

/// Whether a statement is a map of which all keys are known.
pub(super) fn is_plain(node: &Node) -> bool {
    matches!(&node.kind, Kind::Map(entries) if entries.iter().all(|entry| entry.key.as_str().is_some()))
}

/// The statements that are maps.
pub(super) fn statements<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Node> {
    cx.statements().iter().map(|statement| &*statement.node).filter(|node| matches!(node.kind, Kind::Map(_)))
}
