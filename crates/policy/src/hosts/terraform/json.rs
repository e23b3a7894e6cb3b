//! Terraform as JSON: configuration in `.tf.json`, and the plan that `terraform show -json` prints.
//! Not here: what a resource's arguments mean.

use keylint_syntax::{
    Text,
    tree::{Block, Body, Entry, Expression, Kind, Node, Part, Template, json},
};

use super::{
    super::{Found, Hosted, attachment, json::is_policy, unknown::entry},
    in_body,
};

/// Finds the policies of a `.tf.json` tree.
pub(in super::super) fn configuration(root: &Node) -> Hosted {
    let mut body = Body::default();
    for kind in ["resource", "data"] {
        for of_type in objects(root.get(kind)) {
            for resource in objects(Some(&of_type.value)) {
                let label = |entry: &Entry| (entry.key.as_str().unwrap_or_default().into(), entry.key_span);
                body.blocks.push(Block {
                    span: resource.value.span,
                    kind: kind.into(),
                    kind_span: resource.key_span,
                    labels: vec![label(of_type), label(resource)],
                    body: block(&resource.value),
                });
            }
        }
    }
    in_body(&body)
}

/// The entries of a map, or of the maps of a list.
fn objects(node: Option<&Node>) -> Vec<&Entry> {
    let Some(node) = node else { return Vec::new() };
    node.entries().iter().chain(node.elements().iter().flat_map(Node::entries)).collect()
}

/// Arguments that are blocks in the native syntax.
const BLOCKS: &[&str] = &["statement", "principals", "not_principals", "condition", "inline_policy"];

fn block(node: &Node) -> Body {
    let mut body = Body::default();
    for argument in objects(Some(node)) {
        let name = argument.key.as_str().unwrap_or_default();
        if BLOCKS.contains(&name) {
            let one = std::slice::from_ref(&argument.value);
            let all = if argument.value.elements().is_empty() { one } else { argument.value.elements() };
            body.blocks.extend(all.iter().map(|inner| Block {
                span: inner.span,
                kind: name.into(),
                kind_span: argument.key_span,
                labels: Vec::new(),
                body: block(inner),
            }));
        } else {
            let value = expressions(&argument.value);
            body.attributes.push(Entry { value, ..entry(name, argument.key_span, argument.value.clone()) });
        }
    }
    body
}

/// The same tree with `${…}` in strings as what it is in the native syntax.
fn expressions(node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::List(elements) => Kind::List(elements.iter().map(expressions).collect()),
        Kind::String(Template { parts }) => match parts.as_slice() {
            [Part::Text(text)] => interpolated(text),
            _ => node.kind.clone(),
        },
        other => other.clone(),
    };
    Node { span: node.span, tag: None, kind }
}

fn interpolated(text: &Text) -> Kind {
    let bytes = &text.bytes;
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(open) = memchr::memmem::find(&bytes[from..], b"${").map(|at| from + at) {
        let Some(close) = memchr::memchr(b'}', &bytes[open..]).map(|at| open + at + 1) else { break };
        let path = String::from_utf8_lossy(&bytes[open + 2..close - 1]).replace(' ', "");
        let reference = Kind::Expression(Expression::Reference(path.into()));
        if open == 0 && close == bytes.len() {
            return reference;
        }
        if open > from {
            parts.push(Part::Text(text.slice(from..open)));
        }
        parts.push(Part::Unknown(Box::new(Node { span: text.map.span(open..close), tag: None, kind: reference })));
        from = close;
    }
    if from < bytes.len() {
        parts.push(Part::Text(text.slice(from..bytes.len())));
    }
    Kind::String(Template { parts })
}

/// Whether a tree is a plan or a state.
pub(in super::super) fn is_plan(root: &Node) -> bool {
    root.get("terraform_version").is_some() && (root.get("planned_values").is_some() || root.get("values").is_some())
}

/// Finds the policies of a plan: those of the values that it plans, so that each stands once.
pub(in super::super) fn plan(root: &Node, hosted: &mut Hosted) {
    let values = root.get("planned_values").or_else(|| root.get("values"));
    let mut modules: Vec<&Node> = values.and_then(|values| values.get("root_module")).into_iter().collect();
    while let Some(module) = modules.pop() {
        modules.extend(module.get("child_modules").map_or(&[][..], Node::elements));
        for resource in module.get("resources").map_or(&[][..], Node::elements) {
            planned(resource, hosted);
        }
    }
    hosted.policies.sort_by_key(|found| found.node.span);
}

fn planned(resource: &Node, hosted: &mut Hosted) {
    let text = |name: &str| resource.get(name).and_then(Node::as_str);
    let (Some(kind), Some(values)) = (text("type"), resource.get("values")) else { return };
    for attachment in attachment::of(kind) {
        let mut values = vec![values];
        for step in attachment.property.split('.') {
            let next: Vec<&Node> = values.iter().filter_map(|node| node.get(step)).collect();
            let flat = next.iter().flat_map(|node| {
                if node.elements().is_empty() { std::slice::from_ref(*node) } else { node.elements() }
            });
            values = flat.collect();
        }
        for node in values {
            let Kind::String(Template { parts }) = &node.kind else { continue };
            let [Part::Text(text)] = parts.as_slice() else { continue };
            if let Ok(policy) = json(text)
                && is_policy(&policy)
            {
                hosted.policies.push(Found {
                    node: policy,
                    kind: Some(attachment.kind),
                    service: attachment.service.map(Into::into),
                    attached: resource.get("address").and_then(Node::as_str).map(Into::into),
                });
            }
        }
    }
}
