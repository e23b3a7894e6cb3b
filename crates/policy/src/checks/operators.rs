//! How a statement's condition is rewritten with another operator. Not a check itself.
//! Not here: which operators there are (`condition`).

use keylint_diagnostics::{Applicability, Fix};

use crate::{condition::Test, context::Context};

/// Writes `base` in place of the operator's name, its qualifier and `IfExists` kept, where that changes no other key and
/// makes no operator stand twice.
pub(super) fn rename(cx: &Context<'_>, test: &Test<'_>, base: &str, applicability: Applicability) -> Option<Fix> {
    let parts = &test.operator.parts;
    let qualifier = parts.qualifier.as_ref().map_or(String::new(), |qualifier| format!("{qualifier}:"));
    let name = format!("{qualifier}{base}{}", if parts.if_exists { "IfExists" } else { "" });
    let taken = test.statement.condition.iter().any(|operator| operator.name.text.eq_ignore_ascii_case(&name));
    (test.operator.keys.len() == 1 && !taken).then(|| cx.rewrite(&test.operator.name, &name, applicability)).flatten()
}
