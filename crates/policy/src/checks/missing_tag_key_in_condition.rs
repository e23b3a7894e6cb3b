//! Rule `missing-tag-key-in-condition`: a key for tags that does not say which tag.

use super::keys::{self, Name};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, text) in keys::names(cx) {
        if keys::judge(cx, text) == Name::BareTag {
            let form = text.trim_end_matches('/');
            let message = format!("`{text}` does not say which tag, as `{form}/team` does");
            out.push(Problem::new(value.span, message));
        }
    }
}
