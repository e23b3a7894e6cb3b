//! Rule `deprecated-global-condition-key`: a global key in whose place AWS offers another.

use keylint_diagnostics::Applicability;

use super::keys;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    // Policies of resources do not get the key at all: that is another rule's.
    if cx.policy.kind.is_resource() {
        return;
    }
    for (value, text) in keys::names(cx).filter(|(_, text)| text.len() <= 24) {
        let Some(new) = cx.catalogue.key(text).and_then(|key| key.replacement) else { continue };
        let message = format!("`{text}` is deprecated, `{new}` took its place");
        out.push(Problem::new(value.span, message).fix(cx.rewrite(value, new, Applicability::Safe)));
    }
}
