//! Rule `unsupported-space-in-variable`: a space in the name of a policy variable.

use super::texts;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, variable) in texts::each(cx) {
        if variable.closed && has_space(variable.inner) {
            out.push(Problem::new(value.span, format!("`${{{}}}` has a space in its name", variable.inner)));
        }
    }
}

/// Spaces are taken before the quotes of a default value and within them.
fn has_space(inner: &str) -> bool {
    let name = inner.split_once(',').map_or(inner, |(name, _)| name);
    !name.trim().is_empty() && name.contains(char::is_whitespace)
}
