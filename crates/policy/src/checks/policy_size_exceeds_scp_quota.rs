//! Rule `policy-size-exceeds-scp-quota`: a service control policy longer than what an organization takes.

use super::size;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

/// AWS Organizations doubled it on 2026-05-15, for every organization at once; it was 5,120 before.
const QUOTA: usize = 10_240;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind == PolicyKind::Scp {
        size::report(cx, out, QUOTA, "service control policy");
    }
}
