//! Rule `policy-size-exceeds-scp-quota`: a service control policy longer than what an organization takes.

use keylint_diagnostics::Severity;

use super::size;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

/// What AWS Organizations documented for years, and the larger limit that came later.
const QUOTAS: [usize; 2] = [5_120, 10_240];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Scp {
        return;
    }
    let before = out.len();
    size::report(cx, out, QUOTAS[1], "service control policy");
    if out.len() == before {
        size::report(cx, out, QUOTAS[0], "service control policy");
        let smaller = out.drain(before..).map(|problem| problem.severity(Severity::Low)).collect::<Vec<_>>();
        out.extend(smaller);
    }
}
