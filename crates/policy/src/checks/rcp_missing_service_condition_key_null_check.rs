//! Rule `rcp-missing-service-condition-key-null-check`: a property of what services call for that some of their calls lack.

use super::perimeter::{self, SOURCE};
use crate::{
    condition::{self, Family},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in perimeter::first(cx, SOURCE) {
        let asks = condition::of(test.statement)
            .any(|test| test.info.family == Family::Null && test.is_any(&["aws:SourceAccount", "aws:SourceArn"]));
        if !asks {
            let name = &test.key.name;
            let message = format!(
                "some calls of services have no `{}` and are stopped, too: add `Null` with `aws:SourceAccount` `false`",
                name.text
            );
            out.push(Problem::new(name.span, message));
        }
    }
}
