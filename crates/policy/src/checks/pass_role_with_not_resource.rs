//! Rule `pass-role-with-not-resource`: `iam:PassRole` on every role but some.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::PASS_ROLE, By::Name, On::NotResource);
}
