//! Rule `invalid-federated-principal-syntax-in-role-trust-policy`: an identity provider that is no host and no ARN of one.

use super::principals::{self, Provider};
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for value in cx.statements().iter().flat_map(|statement| statement.principals_of("Federated")) {
        // Patterns are another rule's.
        if value.text.contains('*') || principals::provider(value) != Provider::Malformed {
            continue;
        }
        let message = if value.text.contains("://") {
            format!("an identity provider is named by its host without scheme and path, not by `{}`", value.text)
        } else {
            format!("`{}` is neither the host of an identity provider nor the ARN of one", value.text)
        };
        out.push(Problem::new(value.span, message));
    }
}
