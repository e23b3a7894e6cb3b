//! Rule `rcp-syntax-error-action`: a resource control policy about a service that such policies do not reach.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Rcp {
        return;
    }
    let denies = cx.statements().iter().filter(|statement| statement.denies());
    for (value, text) in denies.filter_map(|statement| statement.action.as_ref()).flat_map(|values| values.known()) {
        let message = match text.split_once(':') {
            None => "an action of a resource control policy begins with the prefix of a service".to_string(),
            Some((service, _)) if !cx.catalogue.is_rcp_service(&service.to_ascii_lowercase()) => {
                format!("resource control policies do not reach the service `{service}`")
            }
            Some(_) => continue,
        };
        out.push(Problem::new(value.span, message).as_of(cx.catalogue));
    }
}
