//! Rule `create-slr-with-not-action-and-not-resource`: `NotAction` that leaves `iam:CreateServiceLinkedRole` in, on all but some.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::CREATE_SERVICE_LINKED_ROLE, By::NotAction, On::NotResource);
}
