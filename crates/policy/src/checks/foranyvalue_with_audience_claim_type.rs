//! Rule `foranyvalue-with-audience-claim-type`: `ForAnyValue` with the audience of a token.

use crate::{
    condition::{self, Family},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.qualified("ForAnyValue")) {
        let Some(name) = test.name().filter(|name| name.to_ascii_lowercase().ends_with(":aud")) else { continue };
        if test.info.family == Family::String {
            out.push(Problem::new(
                test.key.name.span,
                format!("`{name}` is one value, and `ForAnyValue` takes a token that was made for somebody else, too"),
            ));
        }
    }
}
