//! Policies in YAML: CloudFormation and SAM templates, Serverless Framework services, and any other document.
//! Not here: what CloudFormation's properties hold.

use keylint_syntax::{
    Text,
    tree::{Entry, Kind, Node, Part, Template, yaml},
};

use super::{Found, Hosted, cloudformation, json, unknown::entry};
use crate::PolicyKind;

/// Finds the policies of a YAML text.
pub(super) fn find(text: &Text) -> Hosted {
    let (documents, _) = yaml(text);
    let mut hosted = Hosted::default();
    for root in &documents {
        if cloudformation::is_template(root) {
            cloudformation::find(root, &mut hosted);
        } else if root.get("service").is_some() && root.get("provider").is_some() {
            serverless(&variables(root), &mut hosted);
        } else {
            json::in_tree(&cloudformation::resolve(root), &mut hosted);
        }
    }
    hosted
}

/// A service of the Serverless Framework: statements of the shared role, of each function's role, of the API, and a
/// template.
fn serverless(root: &Node, hosted: &mut Hosted) {
    let at = |path: &[&str]| path.iter().try_fold(root, |node, step| node.get(step));
    for path in [&["provider", "iam", "role", "statements"][..], &["provider", "iamRoleStatements"]] {
        statements(at(path), PolicyKind::Identity, None, "provider", hosted);
    }
    for path in [&["provider", "apiGateway", "resourcePolicy"][..], &["provider", "resourcePolicy"]] {
        statements(at(path), PolicyKind::Resource, Some("execute-api"), "provider (API)", hosted);
    }
    for function in root.get("functions").map_or(&[][..], Node::entries) {
        let own = function.value.get("iamRoleStatements");
        statements(own, PolicyKind::Identity, None, function.key.as_str().unwrap_or_default(), hosted);
    }
    let Some(resources) = root.get("resources") else { return };
    let one = std::slice::from_ref(resources);
    let templates = if resources.elements().is_empty() { one } else { resources.elements() };
    templates.iter().for_each(|template| cloudformation::find(template, hosted));
}

/// The same tree with each variable of the framework, `${self:custom.name}`, as what it leaves open. `${AWS::Region}` and
/// `${!aws:username}` are CloudFormation's.
fn variables(node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::List(elements) => Kind::List(elements.iter().map(variables).collect()),
        Kind::Map(entries) => {
            let values = entries.iter().map(|entry| Entry { value: variables(&entry.value), ..entry.clone() });
            Kind::Map(values.collect())
        }
        Kind::String(Template { parts }) => {
            let parts = parts.iter().flat_map(|part| match part {
                Part::Text(text) => holes(text),
                Part::Unknown(_) => vec![part.clone()],
            });
            Kind::String(Template { parts: parts.collect() })
        }
        other => other.clone(),
    };
    Node { kind, ..node.clone() }
}

/// The parts of a text with variables, which may stand in each other.
fn holes(text: &Text) -> Vec<Part> {
    let bytes = &text.bytes;
    let (mut parts, mut from) = (Vec::new(), 0);
    for open in memchr::memmem::find_iter(bytes, &b"${"[..]) {
        let word = bytes[open + 2..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let behind = &bytes[open + 2 + word..];
        let source = behind.starts_with(b"(") || behind.starts_with(b":") && !behind.starts_with(b"::");
        let Some(close) = closing(bytes, open + 1).filter(|_| open >= from && word > 0 && source) else { continue };
        if open > from {
            parts.push(Part::Text(text.slice(from..open)));
        }
        let hole = Node { span: text.map.span(open..close), tag: None, kind: Kind::Null };
        parts.push(Part::Unknown(Box::new(hole)));
        from = close;
    }
    if from < bytes.len() {
        parts.push(Part::Text(text.slice(from..bytes.len())));
    }
    parts
}

/// A variable is read up to this length.
const MAX_VARIABLE: usize = 1024;

/// Where the brace at `open` is closed.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(open).take(MAX_VARIABLE) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at + 1),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A bare list of statements as the policy that is made of it.
fn statements(list: Option<&Node>, kind: PolicyKind, service: Option<&str>, owner: &str, hosted: &mut Hosted) {
    let Some(list) = list.filter(|node| !node.elements().is_empty()) else { return };
    let version = entry("Version", list.span, super::unknown::said(list.span, "2012-10-17"));
    let body = entry("Statement", list.span, cloudformation::resolve(list));
    let node = Node { span: list.span, tag: None, kind: Kind::Map(vec![version, body]) };
    hosted.policies.push(Found {
        node,
        kind: Some(kind),
        service: service.map(Into::into),
        attached: vec![owner.into()],
    });
}
