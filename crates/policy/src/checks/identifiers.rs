//! Identifiers of networks and endpoints as values of condition keys. Not a check itself.
//! Not here: ARNs.

use crate::{
    condition::{self, Family},
    context::{Context, Problem},
};

/// Reports the values of a key that are not `prefix` and 8 or 17 letters and digits.
pub(super) fn report(cx: &Context<'_>, key: &str, prefix: &str, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.info.family == Family::String && test.is(key)) {
        for (value, text) in test.key.values.known() {
            let id = text.strip_prefix(prefix);
            let well =
                id.is_some_and(|id| matches!(id.len(), 8 | 17) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            if !well && !text.contains(['*', '?', '$', '<', '{']) {
                let message =
                    format!("`{text}` is no identifier as `{key}` holds it: `{prefix}` and 8 or 17 letters and digits");
                out.push(Problem::new(value.span, message));
            }
        }
    }
}
