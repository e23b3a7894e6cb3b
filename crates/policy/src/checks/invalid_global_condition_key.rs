//! Rule `invalid-global-condition-key`: a key with the prefix `aws:` that AWS does not know.

use super::keys::{self, Name};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, text) in keys::names(cx) {
        if keys::judge(cx, text) == Name::UnknownGlobal {
            out.push(keys::problem(cx, value, text, format!("AWS has no global condition key `{text}`")));
        }
    }
}
