//! Rule `string-like-operator-with-arn-condition-keys`: a pattern of text where ARNs are compared, so that a `*` reaches over colons.

use keylint_diagnostics::Applicability;

use super::operators;
use crate::{
    catalogue::KeyKind,
    condition::{self, Compared, Family},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if test.info.family != Family::String || test.info.compared != Compared::Pattern {
            continue;
        }
        if test.name().and_then(|name| cx.catalogue.key(name)).is_some_and(|key| key.kind == KeyKind::Arn) {
            let arn = if test.info.negated { "ArnNotLike" } else { "ArnLike" };
            let fix = operators::rename(cx, &test, arn, Applicability::Unsafe);
            let name = &test.key.name;
            let message = format!("`{}` holds an ARN, compare it by `{arn}`", name.text);
            out.push(Problem::new(name.span, message).fix(fix).as_of(cx.catalogue));
        }
    }
}
