//! Rule `allow-notaction-with-unsupported-tag-condition-key-for-service`: all actions but some, on the condition of a tag that many do not know.

use super::tags;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        tags::others(statement, "does not allow those", out);
    }
}
