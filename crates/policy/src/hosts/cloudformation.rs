//! Policies in CloudFormation and SAM templates, of YAML or JSON; what `cdk synth` writes is one too.
//! Not here: which property holds what kind of policy (`attachment`).

use keylint_diagnostics::Span;
use keylint_syntax::{
    Text,
    tree::{Entry, Kind, Node, Part, Template, json},
};

use super::{
    Found, Hosted, attachment,
    json::is_policy,
    unknown::{entry, plugged, string, unknown},
};
use crate::PolicyKind;

/// Whether a document is a template: its resources have types of AWS.
pub(super) fn is_template(root: &Node) -> bool {
    let of_aws =
        |entry: &Entry| entry.value.get("Type").and_then(Node::as_str).is_some_and(|name| name.starts_with("AWS::"));
    root.get("Resources").is_some_and(|resources| resources.entries().iter().any(of_aws))
}

/// Finds the policies of a template.
pub(super) fn find(root: &Node, hosted: &mut Hosted) {
    for resource in root.get("Resources").map_or(&[][..], Node::entries) {
        let Some(name) = resource.value.get("Type").and_then(Node::as_str) else { continue };
        let Some(properties) = resource.value.get("Properties") else { continue };
        let logical = resource.key.as_str().unwrap_or_default();
        let of_resource = Owner { name, logical, properties };
        for attachment in attachment::of(name) {
            let path: Vec<&str> = attachment.property.split('.').collect();
            let kind = of_resource.kind(attachment.kind);
            of_resource.descend(properties, &path, kind, attachment.service, hosted);
        }
    }
}

/// A resource of a template.
struct Owner<'a> {
    name: &'a str,
    logical: &'a str,
    properties: &'a Node,
}

impl Owner<'_> {
    /// Policies of an organization say their type themselves.
    fn kind(&self, kind: PolicyKind) -> Option<PolicyKind> {
        if kind != PolicyKind::Scp {
            return Some(kind);
        }
        match self.properties.get("Type").and_then(Node::as_str) {
            Some("SERVICE_CONTROL_POLICY") => Some(PolicyKind::Scp),
            Some("RESOURCE_CONTROL_POLICY") => Some(PolicyKind::Rcp),
            _ => None,
        }
    }

    fn descend(&self, node: &Node, path: &[&str], kind: Option<PolicyKind>, service: Option<&str>, out: &mut Hosted) {
        if let Kind::List(elements) = &node.kind {
            elements.iter().for_each(|element| self.descend(element, path, kind, service, out));
            return;
        }
        if let Some((first, rest)) = path.split_first() {
            if let Some(next) = node.get(first) {
                self.descend(next, rest, kind, service, out);
            }
            return;
        }
        // An organization's policy of another type (tags, backups) is no policy of ours.
        if kind.is_none() {
            return;
        }
        if let Some(node) = self.document(node, out) {
            let found = Found { node, kind, service: service.map(Into::into), attached: Some(self.attached(kind)) };
            out.policies.push(found);
        }
    }

    /// The policy that stands at a property: a map, a text of JSON, or the statement alone.
    fn document(&self, node: &Node, out: &mut Hosted) -> Option<Node> {
        let node = resolve(node);
        let node = match &node.kind {
            Kind::String(template) => match json(&plugged(template)) {
                Ok(policy) => policy,
                Err(error) => {
                    // SAM names managed policies and templates where policies may stand.
                    if template.parts.len() == 1 && node.as_str().is_some_and(|text| text.trim_start().starts_with('{'))
                    {
                        out.errors.push(error);
                    }
                    return None;
                }
            },
            _ => node,
        };
        if is_policy(&node) {
            return Some(node);
        }
        let statement = node.get("Effect").is_some();
        statement.then(|| Node {
            span: node.span,
            tag: None,
            kind: Kind::Map(vec![entry("Statement", node.span, node)]),
        })
    }

    /// Whose policy it is: the one principal that an own resource names, else the resource itself. A trust policy is
    /// about others, so it stands apart.
    fn attached(&self, kind: Option<PolicyKind>) -> Box<str> {
        let named =
            ["Roles", "Users", "Groups", "RoleName", "UserName", "GroupName"].into_iter().find_map(|property| {
                let names = self.properties.get(property)?;
                let one = match &names.kind {
                    Kind::List(elements) if elements.len() == 1 => &elements[0],
                    Kind::List(_) => return None,
                    _ => names,
                };
                reference(one)
            });
        let own = self.name.ends_with("Policy");
        let suffix = if kind == Some(PolicyKind::Trust) { " (trust)" } else { "" };
        match named {
            Some(name) if own => format!("{name}{suffix}").into(),
            _ => format!("{}{suffix}", self.logical).into(),
        }
    }
}

/// The logical name that `Ref` names.
fn reference(node: &Node) -> Option<&str> {
    if node.tag.as_deref() == Some("!Ref") {
        return node.as_str();
    }
    match node.entries() {
        [only] if only.key.as_str() == Some("Ref") => only.value.as_str(),
        _ => None,
    }
}

/// The same tree with each intrinsic function replaced by what it leaves open.
pub(super) fn resolve(node: &Node) -> Node {
    if let Some(tag) = &node.tag {
        let name = tag.trim_start_matches('!');
        let untagged = Node { tag: None, ..node.clone() };
        return intrinsic(name, &untagged, node.span);
    }
    match &node.kind {
        Kind::Map(entries) => {
            if let [only] = entries.as_slice()
                && let Some(key) = only.key.as_str()
                && let Some(name) = if key == "Ref" { Some(key) } else { key.strip_prefix("Fn::") }
            {
                return intrinsic(name, &only.value, node.span);
            }
            let resolved = entries.iter().map(|entry| Entry { value: resolve(&entry.value), ..entry.clone() });
            Node { span: node.span, tag: None, kind: Kind::Map(resolved.collect()) }
        }
        Kind::List(elements) => {
            Node { span: node.span, tag: None, kind: Kind::List(elements.iter().map(resolve).collect()) }
        }
        _ => node.clone(),
    }
}

/// What `!Name argument` leaves open: the text of `Sub` and `Join` around its holes, all of anything else.
fn intrinsic(name: &str, argument: &Node, span: Span) -> Node {
    match name {
        "Sub" => {
            let text = match &argument.kind {
                Kind::List(elements) => elements.first(),
                _ => Some(argument),
            };
            match text.map(|node| &node.kind) {
                Some(Kind::String(Template { parts })) if parts.len() == 1 => match &parts[0] {
                    Part::Text(text) => string(span, substitute(text)),
                    Part::Unknown(_) => unknown(span),
                },
                _ => unknown(span),
            }
        }
        "Join" => join(argument, span).unwrap_or_else(|| unknown(span)),
        _ => unknown(span),
    }
}

/// The parts of `text`, in which `${Name}` is a hole and `${!Name}` is the text `${Name}`.
fn substitute(text: &Text) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut from = 0;
    let bytes = &text.bytes;
    while let Some(open) = memchr::memmem::find(&bytes[from..], b"${").map(|at| from + at) {
        let Some(close) = memchr::memchr(b'}', &bytes[open..]).map(|at| open + at + 1) else { break };
        if bytes.get(open + 2) == Some(&b'!') {
            // A policy variable: its text is kept, without the mark.
            parts.push(Part::Text(text.slice(from..open + 2)));
            parts.push(Part::Text(text.slice(open + 3..close)));
        } else {
            parts.push(Part::Text(text.slice(from..open)));
            let hole = Node { span: text.map.span(open..close), tag: None, kind: Kind::Null };
            parts.push(Part::Unknown(Box::new(hole)));
        }
        from = close;
    }
    parts.push(Part::Text(text.slice(from..bytes.len())));
    merged(parts)
}

/// `Join` of a known delimiter and a list.
fn join(argument: &Node, span: Span) -> Option<Node> {
    let [delimiter, list] = argument.elements() else { return None };
    let delimiter = delimiter.as_str()?;
    let Kind::List(elements) = &list.kind else { return None };
    let mut parts = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            let mut text = Text::default();
            text.unit(delimiter.as_bytes(), span.start as usize, span.len());
            parts.push(Part::Text(text));
        }
        match resolve(element).kind {
            Kind::String(template) => parts.extend(template.parts),
            _ => return None,
        }
    }
    Some(string(span, merged(parts)))
}

/// Joins literal parts that stand side by side.
fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Text(last)), Part::Text(text)) => *last = joined(last, &text),
            (_, part) => out.push(part),
        }
    }
    out
}

/// Two texts in one.
fn joined(first: &Text, second: &Text) -> Text {
    let both = Template { parts: vec![Part::Text(first.clone()), Part::Text(second.clone())] };
    plugged(&both)
}
