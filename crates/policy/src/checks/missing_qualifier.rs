//! Rule `missing-qualifier`: a key with many values, compared as if it had one.

use crate::{
    condition::{self, Family},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if test.info.family == Family::Null || !test.is_bare() {
            continue;
        }
        if test.name().and_then(|name| cx.catalogue.key(name)).is_some_and(|key| key.multivalued) {
            let name = &test.key.name;
            let message =
                format!("a request can hold several values of `{}`: say `ForAnyValue:` or `ForAllValues:`", name.text);
            out.push(Problem::new(name.span, message).as_of(cx.catalogue));
        }
    }
}
