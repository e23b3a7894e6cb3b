//! Rule `pass-role-with-not-action-and-not-resource`: `NotAction` that leaves `iam:PassRole` in, on all but some.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::PASS_ROLE, By::NotAction, On::NotResource);
}
