//! Rule `missing-arn-field`: an ARN with fewer than its six parts.

use super::forms;
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let fields = written.text.split(':').count();
        let last = written.text.rsplit(':').next().unwrap_or_default();
        // A `*` at the end may stand for the parts that are not there.
        if written.text.starts_with("arn:") && fields < 6 && !last.contains('*') {
            let message = format!(
                "the ARN has {fields} parts of six, `arn:partition:service:region:account:resource`; empty ones keep their colon"
            );
            out.push(Problem::new(written.value.span, message));
        }
    }
}
