//! Rule `deny-with-unsupported-tag-condition-key-for-service`: actions that are never denied, since they do not know the tags that are asked for.

use super::tags;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for statement in cx.statements().iter().filter(|statement| statement.denies()) {
        tags::actions(cx, statement, "does not deny it", out);
    }
}
