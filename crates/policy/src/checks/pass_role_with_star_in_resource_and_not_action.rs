//! Rule `pass-role-with-star-in-resource-and-not-action`: `NotAction` that leaves `iam:PassRole` in, on everything.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::PASS_ROLE, By::NotAction, On::Star);
}
