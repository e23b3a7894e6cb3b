//! Rule `allow-with-not-principal`: a grant to everybody but some, anonymous callers included.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        if let Some(principal) = &statement.not_principal {
            let message = "everybody but those named is allowed, also without any credentials";
            out.push(Problem::new(principal.span, message));
        }
    }
}
