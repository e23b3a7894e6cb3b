//! Rule `use-condition-key-only-with-supported-services`: keys of the owner of an endpoint, which few services fill, in a statement about every service.

use crate::{
    condition,
    context::{Context, Problem},
    model::Values,
    wildcard::is_pattern,
};

/// Keys that only some services fill.
const KEYS: &[&str] = &["aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.is_any(KEYS)) {
        let statement = test.statement;
        let every = |values: &Values| values.known().any(|(_, text)| text.split(':').next().is_some_and(is_pattern));
        if statement.not_action.is_some() || statement.action.as_ref().is_some_and(every) {
            let name = &test.key.name;
            let message = format!("only some services fill `{}`, and the statement is not limited to them", name.text);
            out.push(Problem::new(name.span, message));
        }
    }
}
