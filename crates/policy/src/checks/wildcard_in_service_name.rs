//! Rule `wildcard-in-service-name`: an action whose service is a pattern, which takes in services nobody thought of.

use super::names::{self, Name};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, text) in names::actions(cx) {
        if names::of_service(cx, text) == Some(Name::AnyService) {
            let prefix = text.split(':').next().unwrap_or_default();
            let message = format!("`{prefix}:` speaks of every service whose name fits, also of those to come");
            out.push(Problem::new(value.span, message));
        }
    }
}
