//! Rule `invalid-service-principal-format`: the name of a calling service that is not of the form that AWS uses.

use keylint_diagnostics::Applicability;

use super::callers::{self, Caller};
use crate::context::{Context, Problem};

/// The most names before the ending: `replicator.lambda.eu-west-1.amazonaws.com` has three.
const MAX_NAMES: usize = 4;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for caller in callers::callers(cx) {
        let Some(message) = fault(cx, &caller) else { continue };
        let lower = caller.text.to_ascii_lowercase();
        let fix = (lower != caller.text && cx.catalogue.is_service_principal(&lower))
            .then(|| cx.rewrite(caller.value, &lower, Applicability::Safe))
            .flatten();
        out.push(Problem::new(caller.value.span, message).fix(fix));
    }
    for (value, text) in callers::regional(cx) {
        // A pattern may stand for both names.
        let names =
            ["amazonaws.com", "amazonaws.com.cn"].iter().find_map(|end| text.strip_suffix(end)?.strip_suffix('.'));
        let whole = names.is_some_and(|names| names.contains(['.', '*', '?']));
        if !whole && !text.contains(['*', '?']) {
            let message =
                format!("this key holds a service in a region, `service.region.amazonaws.com`, which `{text}` is not");
            out.push(Problem::new(value.span, message));
        }
    }
}

fn fault(cx: &Context<'_>, caller: &Caller<'_>) -> Option<String> {
    let text = caller.text;
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(format!("a service principal is written in lower case, and `{text}` is not"));
    }
    let Some(stem) = caller.stem(cx) else {
        return Some(format!("`{text}` is no service principal, which has the form `service.amazonaws.com`"));
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let names = stem.split('.').filter(|name| !name.is_empty() && name.bytes().all(plain)).count();
    if names != stem.split('.').count() || names > MAX_NAMES {
        return Some(format!("`{text}` is no service principal, which has the form `service.amazonaws.com`"));
    }
    (caller.via && names > 1).then(|| {
        format!("a service that calls for somebody is known as `service.amazonaws.com`, which `{text}` is not")
    })
}
