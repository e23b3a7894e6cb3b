//! Rule `dynamodb-replace-operation-with-attributes`: a limit on attributes with actions that replace the whole item.

use super::dynamo;
use crate::context::{Context, Problem};

/// Actions that write items as a whole.
const REPLACE: &[&str] = &["dynamodb:putitem", "dynamodb:batchwriteitem"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in dynamo::allowed(cx, "dynamodb:Attributes") {
        for value in dynamo::actions(test.statement, REPLACE) {
            let message =
                format!("`{}` replaces the whole item, which a condition on attributes does not limit", value.text);
            out.push(Problem::new(value.span, message).related(test.key.name.span, "the condition"));
        }
    }
}
