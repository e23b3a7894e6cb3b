//! What the AWS command line says about a policy beside its text: what it is attached to, and who holds it.
//! Not here: how an answer is walked (`json`).
//!
//! Source: the outputs in the AWS CLI command reference.

use keylint_syntax::tree::{Entry, Kind, Node};

use super::holders::Holders;
use crate::PolicyKind::{self, *};

/// What a policy is attached to, and the service of a resource.
pub(super) type Attachment = (PolicyKind, Option<&'static str>);

/// The keys that name a principal whose policies stand beside them.
pub(super) const PRINCIPALS: [&str; 3] = ["RoleName", "UserName", "GroupName"];

/// A key that holds a policy, another key that stands beside it, and what they say together.
const ANSWERS: &[(&str, &str, PolicyKind, Option<&str>)] = &[
    ("PolicyDocument", "PolicyName", Identity, None),
    ("Document", "IsDefaultVersion", Identity, None),
    ("ResourcePolicy", "ARN", Secret, Some("secretsmanager")),
    ("PolicyDocument", "VpcEndpointId", VpcEndpoint, None),
    ("Policy", "QueueArn", Resource, Some("sqs")),
    ("Policy", "TopicArn", Resource, Some("sns")),
    ("Policy", "FileSystemId", Resource, Some("elasticfilesystem")),
    ("Policy", "BackupVaultName", Resource, Some("backup")),
    ("policyText", "registryId", Resource, Some("ecr")),
    ("policyDocument", "policyName", Resource, Some("logs")),
    ("AccessPolicies", "DomainName", Resource, Some("es")),
];

/// What the place says of the policy at `key` of `map`; `None` where it is no place that is known to hold one.
pub(super) fn attachment(key: &str, map: &Node) -> Option<Attachment> {
    let text = |node: &Node, name: &str| node.get(name).and_then(Node::as_str).unwrap_or_default().to_string();
    match key {
        "AssumeRolePolicyDocument" | "assumeRolePolicyDocument" | "assume_role_policy" => {
            return Some((Trust, Some("sts")));
        }
        "KeyPolicy" => return Some((KmsKey, Some("kms"))),
        "Policy" if text(map, "PolicyName") == "default" => return Some((KmsKey, Some("kms"))),
        "Content" => {
            return match &*text(map.get("PolicySummary")?, "Type") {
                "SERVICE_CONTROL_POLICY" => Some((Scp, None)),
                "RESOURCE_CONTROL_POLICY" => Some((Rcp, None)),
                _ => None,
            };
        }
        _ => {}
    }
    let found = ANSWERS.iter().find(|(of, beside, ..)| *of == key && map.get(beside).is_some());
    found.map(|(.., kind, service)| (*kind, *service))
}

/// A principal of one kind: a role and a user may have the same name.
pub(super) fn principal(kind: &str, name: &str) -> String {
    format!("{} {name}", kind.trim_end_matches("Name"))
}

/// Who holds what, by the lists of `get-account-authorization-details`.
pub(super) fn holders(root: &Node) -> Holders {
    let mut holders = Holders::default();
    for list in ["UserDetailList", "GroupDetailList", "RoleDetailList"] {
        for detail in root.get(list).map_or(&[][..], Node::elements) {
            relations(detail, &mut holders);
        }
    }
    holders
}

fn relations(detail: &Node, holders: &mut Holders) {
    let own = PRINCIPALS.iter().find_map(|kind| Some(principal(kind, detail.get(kind)?.as_str()?)));
    let Some(own) = own else { return };
    for Entry { key, value, .. } in detail.entries() {
        let arn = |node: &Node, name: &str| node.get(name).and_then(Node::as_str).map(str::to_string);
        match (key.as_str(), &value.kind) {
            (Some("AttachedManagedPolicies"), Kind::List(policies)) => {
                let arns = policies.iter().filter_map(|policy| arn(policy, "PolicyArn"));
                arns.for_each(|policy| holders.attach(&policy, &own));
            }
            (Some("PermissionsBoundary"), _) => {
                if let Some(policy) = arn(value, "PermissionsBoundaryArn") {
                    holders.bound(&policy, &own);
                }
            }
            (Some("GroupList"), Kind::List(groups)) => {
                let groups = groups.iter().filter_map(Node::as_str);
                groups.for_each(|group| holders.join(&principal("GroupName", group), &own));
            }
            _ => {}
        }
    }
}
