//! Policies in plain JSON and YAML: alone, in lists, and inside the answers of the AWS command line, also as strings.
//! Not here: CloudFormation, Serverless and Terraform, which have hosts of their own.

use keylint_syntax::{
    Text, decode,
    tree::{Entry, Kind, Node, Part, SyntaxError, json},
};

use super::{Found, Hosted, answers, cloudformation, holders::Holders, terraform, unknown::plugged};
use crate::PolicyKind;

/// Whether a JSON text is worth reading: it has a key of policies, also in a string that holds JSON, or it is meant as one
/// if it does not parse. The descriptions of AWS's own interfaces are large and speak of statements.
pub(super) fn may_hold(text: &[u8]) -> bool {
    let holds = |word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    // A quote may be written as `\u0022` or `%22`.
    let is_key = |at: usize| {
        let behind = text.get(at + STATEMENT.len());
        (text[..at].ends_with(b"\"") || text[..at].ends_with(b"22")) && matches!(behind, Some(b'"' | b'\\' | b'%'))
    };
    memchr::memmem::find_iter(text, STATEMENT).any(is_key)
        || holds("2012-10-17")
        || holds("Effect") && (holds("Action") || holds("Resource"))
}

const STATEMENT: &[u8] = b"Statement";

/// Finds the policies of a JSON text, of whatever format it is.
pub(super) fn find(text: &Text) -> Hosted {
    let mut hosted = Hosted::default();
    match json(text) {
        Ok(root) if cloudformation::is_template(&root) => cloudformation::find(&root, &mut hosted),
        Ok(root) if terraform::plan::is_plan(&root) => terraform::plan::find(&root, &mut hosted),
        // The tree of constructs beside a template of CDK says all of it again.
        Ok(root) if root.get("version").and_then(Node::as_str).is_some_and(|version| version.starts_with("tree-")) => {}
        // Parts of templates stand in other documents too.
        Ok(root) if memchr::memmem::find(&text.bytes, b"\"Fn::").is_some() => {
            in_tree(&cloudformation::resolve(&root), &mut hosted);
        }
        Ok(root) if is_policy(&root) => hosted.policies.push(Found::bare(root)),
        Ok(root) => in_tree(&root, &mut hosted),
        Err(error) => hosted.errors.push(error),
    }
    hosted
}

/// What is known about the place that a tree stands in.
#[derive(Clone, Copy, Debug, Default)]
struct Place<'a> {
    /// The key before it.
    key: &'a str,
    /// The map that this key stands in.
    map: Option<&'a Node>,
    /// Whose policies these are, in the answers of `aws iam`: a principal, or a policy by its ARN.
    owner: Option<Owner<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum Owner<'a> {
    /// `RoleName`, `UserName` or `GroupName`, and the name.
    Principal(&'a str, &'a str),
    Policy(&'a str),
}

/// What is found on the way.
struct Walk<'h> {
    holders: Holders,
    hosted: &'h mut Hosted,
}

impl Walk<'_> {
    /// A map with `Statement` is a policy; anything else may hold some.
    fn walk(&mut self, node: &Node, place: Place<'_>) {
        let attachment = place.map.and_then(|map| answers::attachment(place.key, map));
        if is_policy(node) {
            return self.policy(node, place, attachment);
        }
        match &node.kind {
            Kind::List(elements) => elements.iter().for_each(|element| self.walk(element, place)),
            Kind::Map(entries) => self.map(node, entries, place),
            Kind::String(template) if attachment.is_some() || is_document(place.key) => {
                let [Part::Text(text)] = template.parts.as_slice() else { return };
                let decoded = if text.bytes.starts_with(b"%7B") { percent(text) } else { Some(plugged(template)) };
                let decoded = decoded.filter(|text| text.bytes.trim_ascii_start().starts_with(b"{"));
                let Some(text) = decoded else { return };
                match json(&text) {
                    Ok(inner) => self.walk(&inner, place),
                    Err(error) if is_elided(&text, &error) => {}
                    Err(error) => self.hosted.errors.push(error),
                }
            }
            _ => {}
        }
    }

    fn map(&mut self, node: &Node, entries: &[Entry], place: Place<'_>) {
        let principal = answers::PRINCIPALS.iter().find_map(|name| Some((*name, node.get(name)?.as_str()?)));
        let policy = node.get("PolicyVersionList").and_then(|_| node.get("Arn")?.as_str());
        let owner = principal.map(|(kind, name)| Owner::Principal(kind, name)).or(policy.map(Owner::Policy));
        for Entry { key, value, .. } in entries {
            let key = key.as_str().unwrap_or_default();
            let inner = Place { key, map: Some(node), owner: owner.or(place.owner) };
            match key {
                // Only the version in force counts.
                "PolicyVersionList" => {
                    let in_force = |version: &&Node| {
                        matches!(version.get("IsDefaultVersion"), Some(Node { kind: Kind::Bool(true), .. }))
                    };
                    value.elements().iter().filter(in_force).for_each(|version| self.walk(version, inner));
                }
                // The profiles of a role repeat the role.
                "InstanceProfileList" if principal.is_some() => {}
                _ => self.walk(value, inner),
            }
        }
    }

    fn policy(&mut self, node: &Node, place: Place<'_>, attachment: Option<answers::Attachment>) {
        let (kind, service) = (attachment.map(|(kind, _)| kind), attachment.and_then(|(_, service)| service));
        let found = Found { kind, service: service.map(Into::into), ..Found::bare(node.clone()) };
        match place.owner {
            Some(Owner::Principal(_, name)) if kind == Some(PolicyKind::Trust) => {
                let attached = vec![format!("{name} (trust)").into()];
                self.hosted.policies.push(Found { attached, ..found });
            }
            Some(Owner::Principal(kind, name)) => {
                let attached = self.holders.all(vec![answers::principal(kind, name)]);
                self.hosted.policies.push(Found { attached, ..found });
            }
            Some(Owner::Policy(arn)) => self.holders.place(arn, &[], found, self.hosted),
            None => self.hosted.policies.push(found),
        }
    }
}

/// Finds the policies of a tree that is no format of its own.
pub(super) fn in_tree(root: &Node, hosted: &mut Hosted) {
    let mut walk = Walk { holders: answers::holders(root), hosted };
    walk.walk(root, Place::default());
}

/// Whether a text stops being JSON where it leaves something out, as examples do: `{"Version": "2012-10-17", ...}`.
fn is_elided(text: &Text, error: &SyntaxError) -> bool {
    let dots = ["...", "…"].into_iter();
    let mut places = dots.flat_map(|dots| memchr::memmem::find_iter(&text.bytes, dots.as_bytes()).collect::<Vec<_>>());
    places.any(|at| text.map.span(at..at + 1).start == error.span.start)
}

fn percent(text: &Text) -> Option<Text> {
    let decoded = decode::percent(&text.bytes)?;
    Some(Text { map: text.map.compose(&decoded.map), bytes: decoded.bytes })
}

/// Whether the string at `key` may be a policy in quotes.
fn is_document(key: &str) -> bool {
    key.ends_with("Policy") || key.ends_with("Document") || key.ends_with("policy") || key.ends_with("document")
}

/// Whether a map is meant as a policy: it has statements. Other formats that use the word are left alone.
pub(super) fn is_policy(node: &Node) -> bool {
    let Some(statement) = node.get("Statement") else {
        let versioned = matches!(node.get("Version").and_then(Node::as_str), Some("2012-10-17" | "2008-10-17"));
        return versioned && node.entries().len() <= 3;
    };
    let of_policy = |node: &Node| {
        node.entries().iter().any(|entry| {
            matches!(entry.key.as_str(), Some("Effect" | "Action" | "NotAction" | "Principal" | "Resource"))
        })
    };
    match node.get("Version").and_then(Node::as_str) {
        // Policies of other clouds look alike but for their version.
        Some("1" | "1.1") => return false,
        Some(version) if is_date(version) => return true,
        _ => {}
    }
    match &statement.kind {
        Kind::List(elements) => elements.iter().any(of_policy),
        _ => of_policy(statement),
    }
}

/// Whether a version is a date, as those of AWS's policy language are.
fn is_date(version: &str) -> bool {
    version.len() == 10
        && version
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
}
