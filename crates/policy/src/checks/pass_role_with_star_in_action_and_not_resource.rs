//! Rule `pass-role-with-star-in-action-and-not-resource`: a pattern of actions that takes in `iam:PassRole`, on all but some.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::PASS_ROLE, By::Pattern, On::NotResource);
}
