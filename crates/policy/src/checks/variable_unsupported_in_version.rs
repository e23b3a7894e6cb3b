//! Rule `variable-unsupported-in-version`: a policy variable in the language of 2008, where it is plain text.

use super::texts;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let old = match &cx.policy.version {
        Some(version) => version.is("2008-10-17"),
        None => cx.policy.node.get("Version").is_none(),
    };
    if !old {
        return;
    }
    for (value, variable) in texts::each(cx).filter(|(_, variable)| variable.closed && !variable.is_escape()) {
        let message = format!("`${{{}}}` is plain text without `\"Version\": \"2012-10-17\"`", variable.inner);
        out.push(Problem::new(value.span, message));
    }
}
