//! Rule `create-slr-with-star-in-resource`: `iam:CreateServiceLinkedRole` for every service.

use super::star::{self, By, On};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    star::report(cx, out, &star::CREATE_SERVICE_LINKED_ROLE, By::Name, On::Star);
}
