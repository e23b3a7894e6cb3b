//! Rule `invalid-service-condition-key`: a key that its service does not have.

use super::keys::{self, Name};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (value, text) in keys::names(cx) {
        let prefix = text.split(':').next().unwrap_or_default();
        match keys::judge(cx, text) {
            Name::UnknownOfService => {
                let title = cx.catalogue.service(prefix).map_or(prefix, |service| service.title());
                out.push(keys::problem(cx, value, text, format!("{title} has no condition key `{text}`")));
            }
            Name::UnknownService => {
                out.push(keys::problem(cx, value, text, format!("no service has the prefix `{prefix}` of `{text}`")));
            }
            _ => {}
        }
    }
}
