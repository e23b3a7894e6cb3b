//! Rule `unsupported-action-for-condition-key`: an action that does not know the key that its statement asks for.

use crate::{
    condition::{self, Test},
    context::{Context, Problem},
};

/// Keys of which Access Analyzer says which actions know them.
const KEYS: &[&str] = &["kms:RecipientAttestation:", "kms:EncryptionContext:"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        let Some(values) = &test.statement.action else { continue };
        let Some(name) = test.name().filter(|_| KEYS.iter().any(|key| test.starts_with(key)) || is_cognito(&test))
        else {
            continue;
        };
        let without = values.known().filter(|(_, text)| match cx.catalogue.action(text) {
            Some(_) if is_cognito(&test) => text.eq_ignore_ascii_case("sts:TagSession"),
            Some(action) => action.service().prefix() == "kms" && !action.has_key(name),
            None => false,
        });
        let without: Vec<_> = without.collect();
        let Some(((first, text), rest)) = without.split_first() else { continue };
        let message = format!("`{text}` does not know `{name}`, so its condition is not what was meant");
        let problem = Problem::new(first.span, message).as_of(cx.catalogue);
        let problem = rest.iter().fold(problem, |problem, (value, _)| problem.related(value.span, "nor does this one"));
        out.push(problem.related(test.key.name.span, "the condition"));
    }
}

fn is_cognito(test: &Test<'_>) -> bool {
    test.starts_with("cognito-identity.amazonaws.com:")
}
