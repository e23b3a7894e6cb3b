//! Rule `policy-size-exceeds-role-trust-policy-quota`: a trust policy longer than what a role takes.

use super::size;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

/// As long as nobody has asked AWS for more, which it gives up to 8,192.
const QUOTA: usize = 2_048;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind == PolicyKind::Trust {
        size::report(cx, out, QUOTA, "trust policy");
    }
}
