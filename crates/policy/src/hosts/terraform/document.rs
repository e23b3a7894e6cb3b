//! The data source `aws_iam_policy_document` as the policy that it writes.
//! Not here: what the policy is attached to.

use keylint_diagnostics::Span;
use keylint_syntax::tree::{Block, Body, Entry, Kind, Node, Part, Template};

use super::{
    super::unknown::{entry, said, unknown},
    attribute,
};
use crate::model::UNKNOWN;

/// The data source's type.
pub(super) const DATA: &str = "aws_iam_policy_document";

/// The arguments that take in policies over which the own statements lie.
pub(super) const BELOW: [&str; 2] = ["source_json", "source_policy_documents"];

/// The arguments that take in policies which lie over the own statements.
pub(super) const ABOVE: [&str; 2] = ["override_json", "override_policy_documents"];

/// The policy of a data source without the statements whose `sid` is overridden; `None` where none of its own is left.
/// Where it is open, a run brings in more.
pub(super) fn policy(block: &Block, is_overridden: impl Fn(&str) -> bool, open: bool) -> Option<Node> {
    let is_left = |statement: &Node| !statement.get("Sid").and_then(Node::as_str).is_some_and(&is_overridden);
    let mut statements: Vec<Node> = block.body.blocks.iter().filter_map(statement).filter(is_left).collect();
    if statements.is_empty() {
        return None;
    }
    statements.extend(open.then(|| unknown(block.kind_span)));
    let list = Node { span: block.span, tag: None, kind: Kind::List(statements) };
    let version = match block.body.attributes.iter().find(|entry| entry.key.as_str() == Some("version")) {
        Some(written) => entry("Version", written.key_span, written.value.clone()),
        None => entry("Version", block.kind_span, said(block.kind_span, "2012-10-17")),
    };
    let entries = vec![version, entry("Statement", block.kind_span, list)];
    Some(Node { span: block.span, tag: None, kind: Kind::Map(entries) })
}

/// A `statement` block, or the `content` of a `dynamic "statement"` block.
fn statement(block: &Block) -> Option<Node> {
    let body = match &*block.kind {
        "statement" => &block.body,
        "dynamic" if block.labels.first().is_some_and(|(name, _)| &**name == "statement") => {
            &block.body.blocks.iter().find(|block| &*block.kind == "content")?.body
        }
        _ => return None,
    };
    let mut entries: Vec<Entry> = Vec::new();
    if attribute(body, "effect").is_none() {
        entries.push(entry("Effect", block.kind_span, said(block.kind_span, "Allow")));
    }
    for written in &body.attributes {
        let name = written.key.as_str().unwrap_or_default();
        if let Some((_, element)) = ELEMENTS.iter().find(|(argument, _)| *argument == name) {
            entries.push(entry(element, written.key_span, variables(single(&written.value))));
        }
    }
    for (name, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        entries.extend(principals(body, name, element));
    }
    entries.extend(conditions(body));
    Some(Node { span: block.span, tag: None, kind: Kind::Map(entries) })
}

/// Arguments of a statement and the elements that they write.
const ELEMENTS: &[(&str, &str)] = &[
    ("sid", "Sid"),
    ("effect", "Effect"),
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

/// The blocks of a name, also those that a `dynamic` block makes.
pub(super) fn blocks<'b>(body: &'b Body, name: &'b str) -> impl Iterator<Item = &'b Body> {
    body.blocks.iter().filter_map(move |block| match &*block.kind {
        "dynamic" if block.labels.first().is_some_and(|(label, _)| &**label == name) => {
            block.body.blocks.iter().find(|block| &*block.kind == "content").map(|block| &block.body)
        }
        kind => (kind == name).then_some(&block.body),
    })
}

/// The span of the first block of a name.
fn first_span(body: &Body, name: &str) -> Option<(Span, Span)> {
    let of_name = |block: &&Block| {
        &*block.kind == name
            || &*block.kind == "dynamic" && block.labels.first().is_some_and(|(label, _)| &**label == name)
    };
    body.blocks.iter().find(of_name).map(|block| (block.kind_span, block.span))
}

/// `principals { type = … identifiers = […] }`.
fn principals(body: &Body, name: &str, element: &str) -> Option<Entry> {
    let (key_span, span) = first_span(body, name)?;
    let mut entries: Vec<Entry> = Vec::new();
    for block in blocks(body, name) {
        let identifiers = attribute(block, "identifiers");
        let kind = attribute(block, "type");
        match (kind.and_then(Node::as_str), identifiers) {
            // Terraform writes this pair as `"Principal": "*"`.
            (Some("*"), Some(all)) if all.elements().iter().any(|node| node.as_str() == Some("*")) => {
                return Some(entry(element, key_span, all.elements()[0].clone()));
            }
            (Some(text), Some(all)) => {
                entries.push(entry(text, kind.map_or(key_span, |node| node.span), single(all).clone()));
            }
            _ => {}
        }
    }
    let map = Node { span, tag: None, kind: Kind::Map(entries) };
    Some(entry(element, key_span, map))
}

/// `condition { test = … variable = … values = […] }`, those of one test together.
fn conditions(body: &Body) -> Option<Entry> {
    let (key_span, span) = first_span(body, "condition")?;
    let mut operators: Vec<Entry> = Vec::new();
    for block in blocks(body, "condition") {
        let (Some(test), Some(variable)) = (attribute(block, "test"), attribute(block, "variable")) else { continue };
        let (Some(test_name), Some(name)) = (test.as_str(), variable.as_str()) else {
            // What a run compares with what: nobody knows, but a condition it is.
            let hole = UNKNOWN.encode_utf8(&mut [0; 4]).to_string();
            operators.push(entry(&hole, test.span, unknown(test.span)));
            continue;
        };
        let Some(values) = attribute(block, "values") else { continue };
        let key = entry(name, variable.span, variables(single(&strings(values))));
        match operators
            .iter_mut()
            .find(|known| known.key.as_str() == Some(test_name))
            .map(|known| &mut known.value.kind)
        {
            Some(Kind::Map(keys)) => keys.push(key),
            _ => {
                let map = Node { span: test.span, tag: None, kind: Kind::Map(vec![key]) };
                operators.push(entry(test_name, test.span, map));
            }
        }
    }
    let map = Node { span, tag: None, kind: Kind::Map(operators) };
    Some(entry("Condition", key_span, map))
}

/// Terraform writes a list of one as that one.
fn single(node: &Node) -> &Node {
    match node.elements() {
        [only] if matches!(only.kind, Kind::String(_)) => only,
        _ => node,
    }
}

/// The same list with numbers and truths as what they become: strings.
fn strings(node: &Node) -> Node {
    let Kind::List(elements) = &node.kind else { return node.clone() };
    let string = |element: &Node| match &element.kind {
        Kind::Number(digits) => said(element.span, digits),
        Kind::Bool(value) => said(element.span, if *value { "true" } else { "false" }),
        _ => element.clone(),
    };
    Node { kind: Kind::List(elements.iter().map(string).collect()), ..node.clone() }
}

/// The same strings with `&{aws:username}`, as policy variables are written here, as `${aws:username}`.
fn variables(node: &Node) -> Node {
    let mut node = node.clone();
    match &mut node.kind {
        Kind::List(elements) => elements.iter_mut().for_each(|element| *element = variables(element)),
        Kind::String(Template { parts }) => {
            for part in parts {
                if let Part::Text(text) = part {
                    for at in 1..text.bytes.len() {
                        if text.bytes[at] == b'{' && text.bytes[at - 1] == b'&' {
                            text.bytes[at - 1] = b'$';
                        }
                    }
                }
            }
        }
        _ => {}
    }
    node
}
