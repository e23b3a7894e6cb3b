//! Terraform's configuration in JSON (`.tf.json`), as the blocks and expressions of the native syntax.
//! Not here: what a resource's arguments mean, and plans (`plan.rs`).

use keylint_syntax::tree::{Block, Body, Entry, Kind, Node, Part, hcl_template};

use super::super::unknown::entry;

/// The blocks of a `.tf.json` tree.
pub(super) fn body(root: &Node) -> Body {
    let mut body = Body::default();
    for kind in ["resource", "data"] {
        for of_type in objects(root.get(kind)) {
            for resource in objects(Some(&of_type.value)) {
                for value in each(&resource.value) {
                    body.blocks.push(Block {
                        span: value.span,
                        kind: kind.into(),
                        kind_span: resource.key_span,
                        labels: vec![label(of_type), label(resource)],
                        body: block(value),
                    });
                }
            }
        }
    }
    if let Some(locals) = root.get("locals") {
        let attributes = objects(Some(locals)).into_iter().map(attribute).collect();
        let body_of = Body { attributes, blocks: Vec::new() };
        let (span, kind) = (locals.span, "locals".into());
        body.blocks.push(Block { span, kind, kind_span: span, labels: Vec::new(), body: body_of });
    }
    body
}

fn label(entry: &Entry) -> (Box<str>, keylint_diagnostics::Span) {
    (entry.key.as_str().unwrap_or_default().into(), entry.key_span)
}

/// The entries of a map, or of the maps of a list.
fn objects(node: Option<&Node>) -> Vec<&Entry> {
    let Some(node) = node else { return Vec::new() };
    node.entries().iter().chain(node.elements().iter().flat_map(Node::entries)).collect()
}

/// The elements of a list, or the one value that stands in its place.
fn each(node: &Node) -> &[Node] {
    match &node.kind {
        Kind::List(elements) => elements,
        _ => std::slice::from_ref(node),
    }
}

/// Arguments that are blocks in the native syntax.
const BLOCKS: &[&str] =
    &["statement", "principals", "not_principals", "condition", "inline_policy", "details", "content"];

fn block(node: &Node) -> Body {
    let mut body = Body::default();
    for argument in objects(Some(node)) {
        let name = argument.key.as_str().unwrap_or_default();
        let maps = each(&argument.value).iter().all(|node| matches!(node.kind, Kind::Map(_)));
        if BLOCKS.contains(&name) && maps {
            body.blocks.extend(each(&argument.value).iter().map(|inner| of_kind(name, argument, inner, Vec::new())));
        } else if name == "dynamic" {
            for made in objects(Some(&argument.value)) {
                let made_of = |inner| of_kind("dynamic", made, inner, vec![label(made)]);
                body.blocks.extend(each(&made.value).iter().map(made_of));
            }
        } else {
            body.attributes.push(attribute(argument));
        }
    }
    body
}

fn of_kind(kind: &str, written: &Entry, inner: &Node, labels: Vec<(Box<str>, keylint_diagnostics::Span)>) -> Block {
    Block { span: inner.span, kind: kind.into(), kind_span: written.key_span, labels, body: block(inner) }
}

fn attribute(argument: &Entry) -> Entry {
    entry(argument.key.as_str().unwrap_or_default(), argument.key_span, expressions(&argument.value))
}

/// The same tree with each string as the template that it is. One that does not parse is left as it is.
fn expressions(node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::List(elements) => Kind::List(elements.iter().map(expressions).collect()),
        Kind::Map(entries) => {
            let values = entries.iter().map(|entry| Entry { value: expressions(&entry.value), ..entry.clone() });
            Kind::Map(values.collect())
        }
        Kind::String(template) => match template.parts.as_slice() {
            [Part::Text(text)] => hcl_template(text).map_or_else(|_| node.kind.clone(), |read| read.kind),
            _ => node.kind.clone(),
        },
        other => other.clone(),
    };
    Node { span: node.span, tag: None, kind }
}
