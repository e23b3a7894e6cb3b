//! Policies in YAML: CloudFormation and SAM templates, Serverless Framework services, and any other document.
//! Not here: what CloudFormation's properties hold.

use keylint_syntax::{
    Text,
    tree::{Kind, Node, yaml},
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
            serverless(root, &mut hosted);
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

/// A bare list of statements as the policy that is made of it.
fn statements(list: Option<&Node>, kind: PolicyKind, service: Option<&str>, owner: &str, hosted: &mut Hosted) {
    let Some(list) = list.filter(|node| matches!(node.kind, Kind::List(_))) else { return };
    let version = entry("Version", list.span, super::unknown::said(list.span, "2012-10-17"));
    let body = entry("Statement", list.span, cloudformation::resolve(list));
    let node = Node { span: list.span, tag: None, kind: Kind::Map(vec![version, body]) };
    hosted.policies.push(Found {
        node,
        kind: Some(kind),
        service: service.map(Into::into),
        attached: Some(owner.into()),
    });
}
