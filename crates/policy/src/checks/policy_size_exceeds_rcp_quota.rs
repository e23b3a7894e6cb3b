//! Rule `policy-size-exceeds-rcp-quota`: a resource control policy longer than what an organization takes.

use super::size;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

/// IAM and AWS Organizations quotas.
const QUOTA: usize = 5_120;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind == PolicyKind::Rcp {
        size::report(cx, out, QUOTA, "resource control policy");
    }
}
