//! Rule `pass-role-with-star-in-action-and-resource`: a pattern of actions that takes in `iam:PassRole`, on everything.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::PASS_ROLE, By::Pattern, On::Star);
}
