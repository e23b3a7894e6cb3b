//! Rule `invalid-arn-prefix`: a resource that does not begin with `arn:`.

use super::forms;
use crate::{
    context::{Context, Problem},
    model::UNKNOWN,
    wildcard,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let first = written.text.split(':').next().unwrap_or_default();
        // The policy of an API is completed by API Gateway.
        let completed = cx.policy.kind.is_resource() && first == "execute-api";
        let open = written.value.text.starts_with([UNKNOWN, '$']);
        if first != "arn" && !open && !completed && !wildcard::meet(first, "arn") {
            let message = if first.eq_ignore_ascii_case("arn") {
                format!("a resource begins with `arn:` in lower case, not with `{first}:`")
            } else {
                format!("`{}` is no ARN: a resource begins with `arn:`", written.value.text)
            };
            out.push(Problem::new(written.value.span, message));
        }
    }
}
