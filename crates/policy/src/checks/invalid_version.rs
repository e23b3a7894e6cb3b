//! Rule `invalid-version`: a version of the policy language that does not exist.

use keylint_diagnostics::Applicability;

use crate::context::{Context, Problem};

/// The versions that exist: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const VERSIONS: &[&str] = &["2012-10-17", "2008-10-17"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let Some(value) = &cx.policy.version else { return };
    let Some(text) = value.known().filter(|text| !VERSIONS.contains(text)) else { return };
    let message = format!("`{text}` is no version of the policy language, the current one is `2012-10-17`");
    out.push(Problem::new(value.span, message).fix(cx.rewrite(value, "2012-10-17", Applicability::Safe)));
}
