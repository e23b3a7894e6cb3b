//! Rule `invalid-service-in-action`: an action of a service that there is not.

use keylint_diagnostics::{Applicability, Severity};

use super::names::{self, Name};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, text) in names::actions(cx) {
        if names::of_service(cx, text) != Some(Name::UnknownService) {
            continue;
        }
        let (prefix, name) = text.split_once(':').unwrap_or((text, ""));
        let what = format!("there is no service `{prefix}`");
        out.push(match cx.catalogue.nearest_service(prefix) {
            // A pattern has no nearest action, but its service has a nearest one.
            Some(service) if cx.catalogue.nearest_action(text).is_none() => {
                let meant = format!("{}:{name}", service.prefix());
                let known = cx.catalogue.admits_action(&meant);
                let fix = known.then(|| cx.rewrite(value, &meant, Applicability::Unsafe)).flatten();
                let message = format!("{what}, did you mean `{}`?", service.prefix());
                let problem = Problem::new(value.span, message).fix(fix).as_of(cx.catalogue);
                if known { problem } else { problem.severity(Severity::Low) }
            }
            _ => names::problem(cx, value, text, what),
        });
    }
}
