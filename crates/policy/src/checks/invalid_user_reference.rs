//! Rule `invalid-user-reference`: the unique id of a user as principal, which is what is left when the user is deleted.

use super::principals;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for value in principals::ids(cx, "AIDA") {
        let message = format!("`{}` is the id of a user and no ARN: the user that it meant may be gone", value.text);
        out.push(Problem::new(value.span, message));
    }
}
