//! Rule `secret-arn-without-suffix`: the ARN of a secret without the six characters that Secrets Manager adds to its name,
//! which therefore is the ARN of no secret.

use keylint_diagnostics::Applicability;

use crate::{
    arn::Arn,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements() {
        let lists = statement.resource.iter().chain(&statement.not_resource);
        for (value, text) in lists.flat_map(|values| values.known()) {
            let Some(name) = Arn::parse(text)
                .filter(|arn| arn.service == "secretsmanager")
                .and_then(|arn| arn.resource.strip_prefix("secret:"))
            else {
                continue;
            };
            if name.is_empty() || ends_open(name) || text.contains("${") {
                continue;
            }
            let message = format!(
                "`{name}` is no whole name: Secrets Manager adds `-` and six characters, so this matches no secret"
            );
            out.push(Problem::new(value.span, message).fix(cx.rewrite(
                value,
                &format!("{text}-??????"),
                Applicability::Safe,
            )));
        }
    }
}

/// Whether a name may be one with its suffix: it ends in a wildcard, or in `-` and six letters or digits of which not all
/// are lower-case letters, as a word would be.
fn ends_open(name: &str) -> bool {
    let suffix = name.rsplit('-').next().filter(|_| name.contains('-')).unwrap_or_default();
    let own = suffix.len() == 6 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'?');
    let word = suffix.bytes().all(|byte| byte.is_ascii_lowercase());
    name.ends_with(['*', '?']) || own && !word
}
