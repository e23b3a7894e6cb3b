//! Rule `invalid-service`: a service that there is not, in an ARN, in the name of a condition key, or as a caller.

use keylint_diagnostics::{Applicability, Confidence, Severity};

use super::{callers, forms};
use crate::{
    arn::Arn,
    context::{Context, Problem},
    model::Value,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    resources(cx, out);
    keys(cx, out);
    callers(cx, out);
}

fn resources(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        // Capital letters are reported for what they are.
        let lower = arn.service.to_ascii_lowercase();
        // The forms of a retired service may still stand on the page of another.
        let gone = cx.catalogue.service(&lower).is_none() && cx.catalogue.retired(&lower).is_some();
        let known = forms::is_service(cx, &lower) && !gone || cx.catalogue.undocumented(&lower).is_some();
        if !arn.service.is_empty() && !known {
            out.push(problem(cx, written.value, arn.service));
        }
    }
}

fn keys(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (_, key) in cx.statements().iter().flat_map(|statement| statement.condition_keys()) {
        let Some((prefix, _)) = key.name.known().and_then(|name| name.split_once(':')) else { continue };
        // Keys of identity providers begin with their host.
        let foreign = prefix.contains(['.', '/']) || matches!(prefix, "aws" | "saml" | "ldap");
        let known = || cx.catalogue.key(&key.name.text).is_some() || cx.catalogue.retired(prefix).is_some();
        if !foreign && !forms::is_service(cx, prefix) && !known() {
            // A misspelt global key is reported as that.
            let global = cx.catalogue.nearest_key(&key.name.text).is_some_and(|name| name.starts_with("aws:"));
            if !global {
                out.push(problem(cx, &key.name, prefix));
            }
        }
    }
}

fn callers(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for caller in callers::callers(cx) {
        let Some(stem) = caller.stem(cx).filter(|stem| !stem.contains('.')) else { continue };
        if cx.catalogue.is_service_principal(caller.text) || forms::is_service(cx, stem) {
            continue;
        }
        let near = cx.catalogue.nearest_service_principal(caller.text);
        let what = format!("there is no service `{stem}`");
        match near {
            Some(near) => {
                let fix = cx.rewrite(caller.value, near, Applicability::Unsafe);
                let message = format!("{what}, did you mean `{near}`?");
                let problem = Problem::new(caller.value.span, message).fix(fix).as_of(cx.catalogue);
                out.push(if caller.via { problem } else { problem.confidence(Confidence::Medium) });
            }
            // AWS publishes no list of its principals, and not all of them are named as a service.
            None if caller.via => {
                out.push(Problem::new(caller.value.span, what).severity(Severity::Low).as_of(cx.catalogue))
            }
            None => {}
        }
    }
}

fn problem(cx: &Context<'_>, value: &Value, service: &str) -> Problem {
    let what = format!("there is no service `{service}`");
    if let Some(retired) = cx.catalogue.retired(service) {
        let message = format!("{what}: AWS took it away ({}, {})", retired.note, retired.date);
        return Problem::new(value.span, message).severity(Severity::Low).as_of(cx.catalogue);
    }
    match cx.catalogue.nearest_service(service) {
        Some(near) => {
            let from = format!("{service}:");
            let text = value.known().map(|text| text.replacen(&from, &format!("{}:", near.prefix()), 1));
            let fix = text.and_then(|text| cx.rewrite(value, &text, Applicability::Unsafe));
            let message = format!("{what}, did you mean `{}`?", near.prefix());
            Problem::new(value.span, message).fix(fix).as_of(cx.catalogue)
        }
        None => Problem::new(value.span, what).severity(Severity::Low).as_of(cx.catalogue),
    }
}
