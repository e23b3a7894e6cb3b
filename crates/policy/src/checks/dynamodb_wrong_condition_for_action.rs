//! Rule `dynamodb-wrong-condition-for-action`: a key of reads with a write, or of writes with a read.

use super::dynamo::{self, READ, WRITE};
use crate::{
    context::{Context, Problem},
    wildcard::is_pattern,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (key, wrong) in [("dynamodb:Select", WRITE), ("dynamodb:ReturnValues", READ)] {
        for test in dynamo::allowed(cx, key).filter(|test| test.needs_key()) {
            for value in dynamo::actions(test.statement, wrong).filter(|value| !is_pattern(&value.text)) {
                let message =
                    format!("requests of `{}` have no `{key}`, so the statement does not allow it", value.text);
                out.push(Problem::new(value.span, message).related(test.key.name.span, "the condition"));
            }
        }
    }
}
