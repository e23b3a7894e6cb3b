//! Rule `policy-size-exceeds-identity-policy-quota`: a policy longer than what any user, group or role takes.

use super::size;
use crate::context::{Context, Problem};

/// The sum of the inline policies of a role, the largest of the limits; a managed policy may have 6,144.
const QUOTA: usize = 10_240;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind.is_identity() {
        size::report(cx, out, QUOTA, "identity policy");
    }
}
