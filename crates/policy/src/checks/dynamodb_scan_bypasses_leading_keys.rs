//! Rule `dynamodb-scan-bypasses-leading-keys`: a limit on partition keys with `Scan`, which reads the whole table.

use super::dynamo;
use crate::context::{Context, Problem};

/// The action that reads the whole table.
const SCAN: &[&str] = &["dynamodb:scan"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in dynamo::allowed(cx, "dynamodb:LeadingKeys") {
        for value in dynamo::actions(test.statement, SCAN) {
            let message = format!("`{}` reads the whole table, whatever `dynamodb:LeadingKeys` says", value.text);
            out.push(Problem::new(value.span, message).related(test.key.name.span, "the condition"));
        }
    }
}
