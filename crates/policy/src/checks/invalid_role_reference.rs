//! Rule `invalid-role-reference`: the unique id of a role as principal, which is what is left when the role is deleted.

use super::principals;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for value in principals::ids(cx, "AROA") {
        let message = format!("`{}` is the id of a role and no ARN: the role that it meant may be gone", value.text);
        out.push(Problem::new(value.span, message));
    }
}
