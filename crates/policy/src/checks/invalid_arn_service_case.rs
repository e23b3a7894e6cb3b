//! Rule `invalid-arn-service-case`: a service in an ARN with capital letters, which AWS never writes.

use keylint_diagnostics::Applicability;

use super::forms;
use crate::{
    arn::Arn,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        let lower = arn.service.to_ascii_lowercase();
        if lower == arn.service || !forms::is_service(cx, &lower) {
            continue;
        }
        let message = format!("services are written in lower case in an ARN: `{lower}`, not `{}`", arn.service);
        let text = written.value.known().map(|text| text.replacen(arn.service, &lower, 1));
        let fix = text.and_then(|text| cx.rewrite(written.value, &text, Applicability::Safe));
        out.push(Problem::new(written.value.span, message).fix(fix));
    }
}
