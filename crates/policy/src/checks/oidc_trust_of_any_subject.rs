//! Rule `oidc-trust-of-any-subject`: a role for workloads of an identity provider that takes any workload of it.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        for (_, key) in statement.condition_keys().filter(|(_, key)| key.name.text.ends_with(":sub")) {
            for (value, text) in key.values.known().filter(|(_, text)| is_any(text)) {
                let message = format!("`{text}` admits workloads of others that use the same identity provider");
                out.push(Problem::new(value.span, message));
            }
        }
    }
}

/// Whether a subject leaves open whose workload it is: the first part that is no fixed word is a wildcard.
fn is_any(subject: &str) -> bool {
    // GitHub `repo:OWNER/…`, GitLab `project_path:GROUP/…`, Terraform Cloud `organization:NAME:…`, Kubernetes
    // `system:serviceaccount:NAMESPACE:NAME`, whose provider is one cluster already.
    let owner = ["repo:", "project_path:", "organization:", "org/", "repository_owner:"]
        .iter()
        .find_map(|head| subject.strip_prefix(head))
        .unwrap_or(subject);
    owner.starts_with(['*', '?'])
}
