//! Rule `privilege-escalation-through-passed-service`: a way that `iam:PassedToService` leaves open, since it names the
//! very service that would run the code.

use super::privilege_escalation::told;
use crate::{
    PolicyKind,
    context::{Context, Problem},
    escalation::Grants,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let first = cx.peers().find(|policy| policy.kind == PolicyKind::Identity);
    if !first.is_some_and(|policy| std::ptr::eq(policy, cx.policy)) {
        return;
    }
    let grants = Grants::new(cx.peers(), cx.catalogue);
    // What is open anyway is told by `privilege-escalation`.
    if grants.everything().is_some() || !grants.open().is_empty() {
        return;
    }
    out.extend(told(&grants.through_passed_service().open()));
}
