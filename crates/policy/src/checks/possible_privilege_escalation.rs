//! Rule `possible-privilege-escalation`: ways into existing computations for who runs all of them anyway, where no other is open.

use keylint_diagnostics::Confidence;

use super::privilege_escalation::{grants, problem, worst};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let Some(grants) = grants(cx) else { return };
    let open = grants.open();
    let weak = worst(&open).filter(|worst| worst.weak);
    out.extend(weak.map(|weak| problem(weak, &open).confidence(Confidence::Low)));
}
