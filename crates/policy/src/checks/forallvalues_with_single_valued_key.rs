//! Rule `forallvalues-with-single-valued-key`: `ForAllValues` with a key of one value, which also holds where the key is absent.

use keylint_diagnostics::Applicability;

use crate::{
    condition::{self, Family},
    context::{Context, Problem},
};

/// Keys that AWS documents as of one value and itself compares as of many.
const OF_MANY: &[&str] = &["codestar-connections:ProviderAction", "codeconnections:ProviderAction"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.statement.allows()) {
        if !test.qualified("ForAllValues") || test.info.family == Family::Null {
            continue;
        }
        let Some(name) = test.name() else { continue };
        // The audience of a token is a rule of its own.
        let single = cx.catalogue.key(name).is_some_and(|key| !key.multivalued && !key.name.ends_with(":aud"));
        if single && !test.is_any(OF_MANY) {
            let bare = &test.operator.name.text["ForAllValues:".len()..];
            let message =
                format!("`{name}` has one value at most, and `ForAllValues` also holds without it: write `{bare}`");
            let alone = test.operator.keys.len() == 1
                && !test.statement.condition.iter().any(|operator| operator.name.text.eq_ignore_ascii_case(bare));
            let fix = alone.then(|| cx.rewrite(&test.operator.name, bare, Applicability::Unsafe)).flatten();
            out.push(Problem::new(test.key.name.span, message).fix(fix).as_of(cx.catalogue));
        }
    }
}
