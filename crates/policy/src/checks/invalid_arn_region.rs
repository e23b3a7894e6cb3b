//! Rule `invalid-arn-region`: an ARN of a region that there is not, or not in its partition.

use keylint_diagnostics::Severity;

use super::forms;
use crate::{
    arn::Arn,
    context::{Context, Problem},
    wildcard,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        if arn.region.is_empty() || wildcard::meet(arn.region, "") {
            continue;
        }
        let named = || cx.catalogue.regions().filter(|region| wildcard::meet(arn.region, region.name));
        if named().next().is_none() {
            let message = format!("there is no region `{}`", arn.region);
            let problem = Problem::new(written.value.span, message).as_of(cx.catalogue);
            out.push(if forms::is_placeholder(arn.region) { problem.severity(Severity::Low) } else { problem });
        } else if !named().any(|region| wildcard::meet(arn.partition, region.partition)) {
            let message = format!("the region `{}` is not in the partition `{}`", arn.region, arn.partition);
            out.push(Problem::new(written.value.span, message).as_of(cx.catalogue));
        }
    }
}
