//! Rule `invalid-action`: an action that its service does not have, so that the statement does nothing for it.

use super::names::{self, Name};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, text) in names::actions(cx) {
        match names::judge(cx, text) {
            Name::UnknownAction => {
                let service = text.split(':').next().unwrap_or_default();
                let title = cx.catalogue.service(service).map_or(service, |service| service.title());
                let what = format!("{title} has no action `{text}`");
                out.push(names::problem(cx, value, text, what));
            }
            Name::Bare if !text.is_empty() => {
                let message = format!("`{text}` does not begin with a service, as `s3:GetObject` does");
                out.push(Problem::new(value.span, message));
            }
            _ => {}
        }
    }
}
