//! Policies in plain JSON and YAML: alone, in lists, and inside the answers of the AWS command line, also as strings.
//! Not here: CloudFormation, Serverless and Terraform, which have hosts of their own.

use keylint_syntax::{
    Text, decode,
    tree::{Entry, Kind, Node, Part, json},
};

use super::{Found, Hosted, cloudformation, terraform, unknown::plugged};
use crate::PolicyKind;

/// Finds the policies of a JSON text, of whatever format it is.
pub(super) fn find(text: &Text) -> Hosted {
    let mut hosted = Hosted::default();
    match json(text) {
        Ok(root) if cloudformation::is_template(&root) => cloudformation::find(&root, &mut hosted),
        Ok(root) if terraform::json::is_plan(&root) => terraform::json::plan(&root, &mut hosted),
        Ok(root) => walk(&root, Place::default(), &mut hosted),
        Err(error) => hosted.errors.push(error),
    }
    hosted
}

/// What is known about the place that a tree stands in.
#[derive(Clone, Copy, Debug, Default)]
struct Place<'a> {
    /// The key before it.
    key: &'a str,
    /// Whose policies these are, in the answers of `aws iam`.
    owner: Option<&'a str>,
}

/// A map with `Statement` is a policy; anything else may hold some.
fn walk(node: &Node, place: Place<'_>, hosted: &mut Hosted) {
    if is_policy(node) {
        let kind = kind_of(place.key);
        let trust = if kind == Some(PolicyKind::Trust) { " (trust)" } else { "" };
        let attached = place.owner.map(|owner| format!("{owner}{trust}").into());
        hosted.policies.push(Found { kind, attached, ..Found::bare(node.clone()) });
        return;
    }
    match &node.kind {
        Kind::List(elements) => elements.iter().for_each(|element| walk(element, place, hosted)),
        Kind::Map(entries) => {
            let name = ["RoleName", "UserName", "GroupName"].iter().find_map(|name| node.get(name)?.as_str());
            for Entry { key, value, .. } in entries {
                let key = key.as_str().unwrap_or_default();
                // Only the version in force counts.
                if key == "PolicyVersionList" {
                    let in_force = |version: &&Node| {
                        matches!(version.get("IsDefaultVersion"), Some(Node { kind: Kind::Bool(true), .. }))
                    };
                    value.elements().iter().filter(in_force).for_each(|version| walk(version, place, hosted));
                } else {
                    walk(value, Place { key, owner: name.or(place.owner) }, hosted);
                }
            }
        }
        Kind::String(template) if is_document(place.key) => {
            let [Part::Text(text)] = template.parts.as_slice() else { return };
            let decoded = if text.bytes.starts_with(b"%7B") { percent(text) } else { Some(plugged(template)) };
            let Some(decoded) = decoded.filter(|text| text.bytes.trim_ascii_start().starts_with(b"{")) else { return };
            match json(&decoded) {
                Ok(inner) => walk(&inner, place, hosted),
                Err(error) => hosted.errors.push(error),
            }
        }
        _ => {}
    }
}

/// Finds the policies of a tree that is no format of its own.
pub(super) fn in_tree(root: &Node, hosted: &mut Hosted) {
    walk(root, Place::default(), hosted);
}

fn percent(text: &Text) -> Option<Text> {
    let decoded = decode::percent(&text.bytes)?;
    Some(Text { map: text.map.compose(&decoded.map), bytes: decoded.bytes })
}

/// Whether the string at `key` may be a policy in quotes.
fn is_document(key: &str) -> bool {
    key.ends_with("Policy") || key.ends_with("Document") || key.ends_with("policy") || key.ends_with("document")
}

/// The kind of policy that stands at a key.
fn kind_of(key: &str) -> Option<PolicyKind> {
    match key {
        "AssumeRolePolicyDocument" | "assumeRolePolicyDocument" | "assume_role_policy" => Some(PolicyKind::Trust),
        "KeyPolicy" => Some(PolicyKind::KmsKey),
        _ => None,
    }
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
    let others = node.get("Version").is_some() || node.get("Id").is_some();
    match &statement.kind {
        Kind::List(elements) => others || elements.iter().any(of_policy),
        Kind::Map(_) => others || of_policy(statement),
        _ => others,
    }
}
