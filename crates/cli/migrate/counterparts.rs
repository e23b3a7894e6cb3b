//! Which rule of keylint stands for a rule of gitleaks' default configuration, where one is switched off or has an
//! allow-list. Not all of them: a name that both have is not listed, and what is not known is said.

/// Rules of gitleaks (`cmd/generate/config/rules` there) and ours.
const COUNTERPARTS: &[(&str, &str)] = &[
    ("anthropic-api-key", "anthropic-api-key"),
    ("atlassian-api-token", "atlassian-api-token"),
    ("aws-access-token", "aws-*"),
    ("azure-ad-client-secret", "azure-client-secret"),
    ("cloudflare-api-key", "cloudflare-api-token"),
    ("curl-auth-header", "authorization-*"),
    ("curl-auth-user", "curl-user-password"),
    ("databricks-api-token", "databricks-access-token"),
    ("datadog-access-token", "datadog-*"),
    ("digitalocean-access-token", "digitalocean-oauth-access-token"),
    ("digitalocean-pat", "digitalocean-personal-access-token"),
    ("discord-api-token", "discord-api-token"),
    ("doppler-api-token", "doppler-personal-token"),
    ("gcp-api-key", "gcp-api-key"),
    ("generic-api-key", "generic-*"),
    ("github-app-token", "github-app-*"),
    ("github-fine-grained-pat", "github-fine-grained-personal-access-token"),
    ("github-oauth", "github-oauth-access-token"),
    ("github-pat", "github-personal-access-token"),
    ("github-refresh-token", "github-app-refresh-token"),
    ("gitlab-pat", "gitlab-personal-access-token"),
    ("gitlab-pat-routable", "gitlab-personal-access-token-routable"),
    ("gitlab-ptt", "gitlab-trigger-token"),
    ("gitlab-rrt", "gitlab-runner-registration-token"),
    ("grafana-service-account-token", "grafana-service-account-token"),
    ("hashicorp-tf-api-token", "terraform-cloud-token"),
    ("heroku-api-key", "heroku-api-key"),
    ("huggingface-access-token", "huggingface-access-token"),
    ("jwt", "json-web-token"),
    ("jwt-base64", "json-web-token"),
    ("kubernetes-secret-yaml", "generic-*"),
    ("mailgun-private-api-token", "mailgun-api-key"),
    ("mapbox-api-token", "mapbox-public-token"),
    ("new-relic-user-api-key", "newrelic-user-api-key"),
    ("npm-access-token", "npm-access-token"),
    ("openai-api-key", "openai-*"),
    ("private-key", "private-key-*"),
    ("pypi-upload-token", "pypi-api-token"),
    ("sendgrid-api-token", "sendgrid-api-key"),
    ("sentry-access-token", "sentry-auth-token"),
    ("slack-app-token", "slack-app-level-token"),
    ("slack-bot-token", "slack-bot-token"),
    ("slack-user-token", "slack-user-token"),
    ("slack-webhook-url", "slack-webhook-url"),
    ("square-access-token", "square-access-token"),
    ("stripe-access-token", "stripe-*"),
    ("telegram-bot-api-token", "telegram-bot-token"),
    ("twilio-api-key", "twilio-api-key"),
    ("vault-batch-token", "vault-batch-token"),
    ("vault-service-token", "vault-service-token"),
];

/// The rule of keylint, or a name with `*` for several.
pub(super) fn of(id: &str) -> Option<String> {
    let listed = COUNTERPARTS.iter().find(|(there, _)| *there == id).map(|(_, here)| here.to_string());
    listed.or_else(|| keylint_rules::builtin().iter().find(|rule| rule.id == id).map(|rule| rule.id.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counterpart_exists() {
        for (there, here) in COUNTERPARTS {
            let exists = keylint_rules::builtin().iter().any(|rule| match here.strip_suffix('*') {
                Some(head) => rule.id.starts_with(head),
                None => rule.id == *here,
            });
            assert!(exists, "{there}: no rule is called {here}");
        }
        assert!(COUNTERPARTS.is_sorted());
        assert_eq!(of("nothing"), None);
    }
}
