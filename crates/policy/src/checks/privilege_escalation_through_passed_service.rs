//! Rule `privilege-escalation-through-passed-service`: a way that `iam:PassedToService` leaves open, since it names the
//! very service that would run the code.

use super::privilege_escalation::{grants, problem, worst};
use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let Some(grants) = grants(cx) else { return };
    // What is open anyway is told by `privilege-escalation`.
    if grants.open().iter().any(|open| !open.weak) {
        return;
    }
    let open = grants.through_passed_service().open();
    out.extend(worst(&open).filter(|worst| !worst.weak).map(|worst| problem(worst, &open)));
}
