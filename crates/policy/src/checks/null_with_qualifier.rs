//! Rule `null-with-qualifier`: `Null` for each value of a key, which is the same for every request.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for operator in cx.statements().iter().flat_map(|statement| &statement.condition) {
        let Some(qualifier) = operator.parts.qualifier.as_deref() else { continue };
        if operator.parts.base.eq_ignore_ascii_case("Null") {
            let holds = if qualifier.eq_ignore_ascii_case("ForAllValues") { "always" } else { "never" };
            let message =
                format!("`Null` with `{qualifier}` {holds} holds, it is about the key and not about its values");
            out.push(Problem::new(operator.name.span, message));
        }
    }
}
