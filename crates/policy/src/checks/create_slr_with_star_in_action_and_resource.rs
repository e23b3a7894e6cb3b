//! Rule `create-slr-with-star-in-action-and-resource`: a pattern of actions that takes in `iam:CreateServiceLinkedRole`, on everything.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::CREATE_SERVICE_LINKED_ROLE, By::Pattern, On::Star);
}
