//! Rule `oidc-trust-of-any-subject`: a role for workloads of an identity provider that takes any workload of it.

use super::web_identity;
use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::{ConditionKey, Operator, Statement},
};

/// Providers that many share, whose tokens say in the subject whose workload it is. GitHub's has a rule of its own.
/// Source: the IAM user guide on shared OpenID Connect providers.
const SHARED: &[&str] = &["agent.buildkite.com", "app.terraform.io", "gitlab.com", "oidc.codefresh.io"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for trusted in web_identity::trusted(cx).filter(|trusted| SHARED.contains(&trusted.host)) {
        // Where nothing at all is compared, `missing-condition-key-for-oidc-principal` says so.
        let audience = |claim: &str| claim.eq_ignore_ascii_case("aud");
        if trusted.tests(audience) && !trusted.tests(|claim| !audience(claim)) {
            let host = trusted.host;
            let message =
                format!("everybody gets tokens of `{host}`, and only their audience is compared: compare `{host}:sub`");
            out.push(Problem::new(trusted.value.span, message));
        }
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let subjects = statement.condition_keys().filter(|(operator, key)| {
            key.name.text.ends_with(":sub") && admits(operator) && !is_narrowed(statement, key)
        });
        for (_, key) in subjects {
            for (value, text) in key.values.known().filter(|(_, text)| is_any(text)) {
                let message = format!("`{text}` admits workloads of others that use the same identity provider");
                out.push(Problem::new(value.span, message));
            }
        }
    }
}

/// Whether a condition says which values are admitted, not which are not.
fn admits(operator: &Operator) -> bool {
    !operator.parts.base.contains("Not") && !operator.parts.base.eq_ignore_ascii_case("null")
}

/// Whether another claim of the same provider says whose workload it is: `repository_owner`, `job_workflow_ref`.
fn is_narrowed(statement: &Statement, subject: &ConditionKey) -> bool {
    let provider = |key: &ConditionKey| key.name.text.rsplit_once(':').map(|(host, _)| host.to_ascii_lowercase());
    statement.condition_keys().any(|(operator, key)| {
        let claim = key.name.text.rsplit(':').next().unwrap_or_default();
        let names_whose = !matches!(claim, "sub" | "aud" | "amr") && provider(key) == provider(subject);
        let fixed = !key.values.items.iter().any(|value| is_any(&value.text));
        names_whose && admits(operator) && !operator.parts.if_exists && fixed
    })
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
