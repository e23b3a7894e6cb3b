//! Rule `trust-of-every-action`: a trust policy that names all actions where it means one.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let all = |text: &str| text == "*" || text.eq_ignore_ascii_case("sts:*");
        for (value, text) in statement.action.iter().flat_map(|values| values.known()).filter(|(_, text)| all(text)) {
            let message = format!(
                "`{text}` lets in more than `sts:AssumeRole`: also tags and a name that the caller chooses for the session"
            );
            out.push(Problem::new(value.span, message));
        }
    }
}
