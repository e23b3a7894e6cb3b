//! Rule `confirm-audience-claim-type`: `ForAllValues` with the audience of a token, which also holds without one.

use crate::{
    condition::{self, Family},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.qualified("ForAllValues")) {
        let Some(name) = test.name().filter(|name| name.to_ascii_lowercase().ends_with(":aud")) else { continue };
        if test.info.family == Family::String {
            out.push(Problem::new(
                test.key.name.span,
                format!("`{name}` is one value, and `ForAllValues` also holds where the token has none"),
            ));
        }
    }
}
