//! Rule `pass-role-with-star-in-resource`: `iam:PassRole` on every role.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::PASS_ROLE, By::Name, On::Star);
}
