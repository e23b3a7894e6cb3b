//! Rule `null-with-if-exists`: `Null` with `IfExists`, which says twice what is asked when the key is absent.

use keylint_diagnostics::Applicability;

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for operator in cx.statements().iter().flat_map(|statement| &statement.condition) {
        if operator.parts.if_exists && operator.parts.base.eq_ignore_ascii_case("Null") {
            let fix =
                operator.parts.qualifier.is_none().then(|| cx.rewrite(&operator.name, "Null", Applicability::Safe));
            let message = "`Null` asks whether the key is there, so it takes no `IfExists`";
            out.push(Problem::new(operator.name.span, message).fix(fix.flatten()));
        }
    }
}
