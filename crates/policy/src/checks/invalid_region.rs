//! Rule `invalid-region`: a condition on a region that there is not.

use keylint_diagnostics::Severity;

use super::forms;
use crate::{
    context::{Context, Problem},
    wildcard,
};

/// Keys whose values are regions, in lower case.
const KEYS: &[&str] = &["aws:requestedregion", "ec2:region"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (operator, key) in cx.statements().iter().flat_map(|statement| statement.condition_keys()) {
        let of_text = operator.parts.base.get(..6).is_some_and(|base| base.eq_ignore_ascii_case("string"));
        if !of_text || !KEYS.iter().any(|name| key.name.text.eq_ignore_ascii_case(name)) {
            continue;
        }
        for (value, text) in key.values.known().filter(|(_, text)| !text.contains("${")) {
            let folded = text.to_ascii_lowercase();
            if !cx.catalogue.regions().any(|region| wildcard::meet(&folded, region.name)) {
                let problem = Problem::new(value.span, format!("there is no region `{text}`")).as_of(cx.catalogue);
                out.push(if forms::is_placeholder(text) { problem.severity(Severity::Low) } else { problem });
            }
        }
    }
}
