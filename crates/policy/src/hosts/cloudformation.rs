//! Policies in CloudFormation and SAM templates, of YAML or JSON; what `cdk synth` writes is one too.
//! Not here: which property holds what kind of policy (`attachment`).

use keylint_diagnostics::{Map, Span};
use keylint_syntax::{
    Text,
    tree::{Entry, Kind, Node, Part, Template, json},
};

use super::{
    Found, Hosted, attachment,
    holders::Holders,
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
    let resources: Vec<Owner<'_>> =
        root.get("Resources").map_or(&[][..], Node::entries).iter().filter_map(Owner::new).collect();
    let names: Map<&str, &str> =
        resources.iter().filter_map(|resource| Some((resource.own_name()?, resource.logical))).collect();
    let mut holders = Holders::default();
    resources.iter().for_each(|resource| resource.relations(&names, &mut holders));
    for resource in &resources {
        for attachment in attachment::of(resource.name) {
            let path: Vec<&str> = attachment.property.split('.').collect();
            // An organization's policy of another type (tags, backups) is no policy of ours.
            let Some(kind) = resource.kind(attachment.kind) else { continue };
            let mut nodes = Vec::new();
            descend(resource.properties, &path, &mut nodes);
            for node in nodes {
                let Some(node) = document(node, hosted) else { continue };
                let service = attachment.service.map(Into::into);
                let found = Found { kind: Some(kind), service, ..Found::bare(node) };
                resource.place(found, &names, &mut holders, hosted);
            }
        }
        for node in resource.others() {
            resource.place(Found::bare(node), &names, &mut holders, hosted);
        }
    }
}

/// A resource of a template.
struct Owner<'a> {
    name: &'a str,
    logical: &'a str,
    properties: &'a Node,
}

impl<'a> Owner<'a> {
    fn new(resource: &'a Entry) -> Option<Owner<'a>> {
        let name = resource.value.get("Type").and_then(Node::as_str)?;
        let properties = resource.value.get("Properties")?;
        Some(Owner { name, logical: resource.key.as_str().unwrap_or_default(), properties })
    }

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

    /// Policies at properties of which nothing is known, such as those of a custom resource or of a new type.
    fn others(&self) -> Vec<Node> {
        // The policies of things have another grammar.
        if self.name == "AWS::IoT::Policy" {
            return Vec::new();
        }
        let known = |name: &str| attachment::of(self.name).any(|known| known.property.split('.').next() == Some(name));
        let unknown =
            self.properties.entries().iter().filter(|entry| entry.key.as_str().is_some_and(|name| !known(name)));
        let maps = unknown.filter(|entry| entry.value.get("Statement").is_some());
        maps.map(|entry| resolve(&entry.value)).filter(is_policy).collect()
    }

    fn is_principal(&self) -> bool {
        matches!(self.name, "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" | "AWS::Serverless::Function")
    }

    /// The name that a principal gives itself.
    fn own_name(&self) -> Option<&'a str> {
        let name = ["RoleName", "UserName", "GroupName"].iter().find_map(|name| self.properties.get(name)?.as_str());
        name.filter(|_| self.is_principal())
    }

    /// What the elements of a property refer to: logical names of the template, or names of what stands elsewhere.
    fn named(&self, property: &str, names: &Map<&str, &str>) -> Vec<String> {
        let Some(node) = self.properties.get(property) else { return Vec::new() };
        let elements = if node.elements().is_empty() { std::slice::from_ref(node) } else { node.elements() };
        let text = |node: &'a Node| node.as_str().filter(|_| node.tag.is_none());
        let named = |node| reference(node).or_else(|| text(node).map(|text| names.get(text).copied().unwrap_or(text)));
        elements.iter().filter_map(named).map(Into::into).collect()
    }

    /// Takes in what a principal says of the policies and groups that it has.
    fn relations(&self, names: &Map<&str, &str>, holders: &mut Holders) {
        if self.name == "AWS::IAM::UserToGroupAddition" {
            for group in self.named("GroupName", names) {
                self.named("Users", names).iter().for_each(|user| holders.join(&group, user));
            }
        }
        if !self.is_principal() {
            return;
        }
        for property in ["ManagedPolicyArns", "Policies"] {
            self.named(property, names).iter().for_each(|policy| holders.attach(policy, self.logical));
        }
        self.named("PermissionsBoundary", names).iter().for_each(|policy| holders.bound(policy, self.logical));
        self.named("Groups", names).iter().for_each(|group| holders.join(group, self.logical));
    }

    /// Adds a policy with those that it is attached to: the principal that it stands in, or those that it lists. A trust
    /// policy is about others, so it stands apart.
    fn place(&self, found: Found, names: &Map<&str, &str>, holders: &mut Holders, hosted: &mut Hosted) {
        if found.kind == Some(PolicyKind::Trust) {
            let attached = vec![format!("{} (trust)", self.logical).into()];
            hosted.policies.push(Found { attached, ..found });
            return;
        }
        let listed = ["Roles", "Users", "Groups", "RoleName", "UserName", "GroupName"];
        let own = self.name.ends_with("Policy");
        let listed = listed.iter().filter(|_| own).flat_map(|property| self.named(property, names));
        holders.place(self.logical, &listed.collect::<Vec<String>>(), found, hosted);
    }
}

/// The nodes at the end of a path, through lists on the way.
fn descend<'a>(node: &'a Node, path: &[&str], out: &mut Vec<&'a Node>) {
    if let Kind::List(elements) = &node.kind {
        elements.iter().for_each(|element| descend(element, path, out));
        return;
    }
    match path.split_first() {
        Some((first, rest)) => {
            if let Some(next) = node.get(first) {
                descend(next, rest, out);
            }
        }
        None => out.push(node),
    }
}

/// The policy that stands at a property: a map, a text of JSON, or the statement alone.
fn document(node: &Node, out: &mut Hosted) -> Option<Node> {
    let node = resolve(node);
    let node = match &node.kind {
        Kind::String(template) => match json(&plugged(template)) {
            Ok(policy) => policy,
            Err(error) => {
                // SAM names managed policies and templates where policies may stand.
                if template.parts.len() == 1 && node.as_str().is_some_and(|text| text.trim_start().starts_with('{')) {
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
    statement.then(|| Node { span: node.span, tag: None, kind: Kind::Map(vec![entry("Statement", node.span, node)]) })
}

/// The logical name that `Ref` or `GetAtt` names.
fn reference(node: &Node) -> Option<&str> {
    let (function, argument) = match (node.tag.as_deref(), node.entries()) {
        (Some(tag), _) => (tag.trim_start_matches('!'), node),
        (None, [only]) => (only.key.as_str()?, &only.value),
        _ => return None,
    };
    let first = argument.elements().first().unwrap_or(argument);
    // The tag of a scalar is no part of its text.
    let Kind::String(template) = &first.kind else { return None };
    match function {
        "Ref" => template.as_str(),
        "GetAtt" | "Fn::GetAtt" => template.as_str()?.split('.').next(),
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
                Some(Kind::String(Template { parts })) => {
                    let substituted = parts.iter().flat_map(|part| match part {
                        Part::Text(text) => substitute(text),
                        Part::Unknown(_) => vec![part.clone()],
                    });
                    string(span, merged(substituted.collect()))
                }
                _ => unknown(span),
            }
        }
        "Join" => join(argument, span).unwrap_or_else(|| unknown(span)),
        "If" => one_way(argument).unwrap_or_else(|| unknown(span)),
        _ => unknown(span),
    }
}

/// What `If` puts here on one way, where on the other it puts nothing.
fn one_way(argument: &Node) -> Option<Node> {
    let [_, then, other] = argument.elements() else { return None };
    let nothing = |node| reference(node) == Some("AWS::NoValue");
    match (nothing(then), nothing(other)) {
        (false, true) => Some(resolve(then)),
        (true, false) => Some(resolve(other)),
        _ => None,
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
