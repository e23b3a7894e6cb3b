//! Rule `mfa-condition-without-force`: a condition on multi-factor authentication that requests with long-term access keys
//! get around, since they do not carry the key at all.

use keylint_diagnostics::Applicability;

use crate::{
    condition::{self, Test},
    context::{Context, Problem},
    model::Statement,
};

/// Whether the session began with a second factor. Missing in what access keys of users and of services sign.
pub(super) const PRESENT: &str = "aws:MultiFactorAuthPresent";
/// How long ago; missing where there was none.
pub(super) const AGE: &str = "aws:MultiFactorAuthAge";

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements() {
        for test in condition::of(statement) {
            let message = if lets_in(&test) {
                "this also holds where the request has no such key, as with long-term access keys: without `IfExists` it asks for a second factor"
            } else if lets_through(&test) && !cx.statements().iter().any(denies_absence) {
                "requests with long-term access keys have no such key, so they are not denied: `BoolIfExists` denies them too"
            } else {
                continue;
            };
            let parts = &test.operator.parts;
            let name = if parts.if_exists { parts.base.to_string() } else { format!("{}IfExists", parts.base) };
            // The operator may compare other keys as well, which mean something else without it.
            let alone = test.operator.keys.len() == 1 && parts.qualifier.is_none();
            let fix = alone.then(|| cx.rewrite(&test.operator.name, &name, Applicability::Unsafe)).flatten();
            out.push(Problem::new(test.key.name.span, message).fix(fix));
        }
    }
}

/// An Allow that wants a second factor, unless nothing is said of one.
fn lets_in(test: &Test<'_>) -> bool {
    let wanted = test.is(PRESENT) && test.key.values.items.iter().all(|value| value.is("true")) || test.is(AGE);
    test.statement.allows() && test.operator.parts.if_exists && wanted && !is_present(test.statement)
}

/// A Deny of what comes without a second factor, where something is said of one.
fn lets_through(test: &Test<'_>) -> bool {
    let denied = test.is(PRESENT) && test.key.values.items.iter().any(|value| value.is("false"));
    test.statement.denies() && !test.operator.parts.if_exists && &*test.operator.parts.base == "Bool" && denied
}

/// Whether a statement also asks for the key to be there.
fn is_present(statement: &Statement) -> bool {
    condition::of(statement).any(|test| {
        test.is_any(&[PRESENT, AGE])
            && (test.needs_key()
                || &*test.operator.parts.base == "Null" && test.key.values.items.iter().any(|v| v.is("false")))
    })
}

/// Whether a Deny speaks of requests that have no such key.
fn denies_absence(statement: &Statement) -> bool {
    let absent = |test: Test<'_>| {
        test.is_any(&[PRESENT, AGE])
            && (&*test.operator.parts.base == "Null" && test.key.values.items.iter().any(|value| value.is("true"))
                || test.operator.parts.if_exists)
    };
    statement.denies() && condition::of(statement).any(absent)
}
