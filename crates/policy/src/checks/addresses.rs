//! Private addresses compared with `aws:SourceIp`, which holds public ones. Not a check itself.
//! Not here: what a range is (`condition::address`).

use crate::{
    condition::{self, Family, address::Range},
    context::{Context, Problem},
    model::Value,
};

/// Reports keys whose values are private, all of them or some, of operators that are negated or not.
pub(super) fn report(cx: &Context<'_>, negated: bool, all: bool, message: &str, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if test.info.family != Family::IpAddress || test.info.negated != negated || !test.is("aws:SourceIp") {
            continue;
        }
        let values = &test.key.values;
        let is_private = |value: &&Value| value.known().and_then(Range::parse).is_some_and(|range| range.is_private());
        let mut private = values.items.iter().filter(is_private);
        let count = private.clone().count();
        if count == 0 || (count == values.items.len()) != all || all && !values.complete {
            continue;
        }
        let Some(first) = private.next() else { continue };
        let problem = Problem::new(first.span, message);
        out.push(private.fold(problem, |problem, value| problem.related(value.span, "private, too")));
    }
}
