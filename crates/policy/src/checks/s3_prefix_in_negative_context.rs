//! Rule `s3-prefix-in-negative-context`: prefixes left out of a listing, which a shorter prefix lists all the same.

use crate::{
    condition::{self, Family},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if test.info.family != Family::String || !test.is("s3:prefix") {
            continue;
        }
        let open = if test.info.negated { test.statement.allows() } else { test.statement.denies() };
        if open {
            let name = &test.key.name;
            let message =
                "a shorter prefix lists the same objects and is not caught: allow the prefixes that may be listed";
            out.push(Problem::new(name.span, message));
        }
    }
}
