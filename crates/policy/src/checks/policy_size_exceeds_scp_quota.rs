//! Rule `policy-size-exceeds-scp-quota`: a service control policy longer than what an organization takes.

use super::size;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

/// IAM and AWS Organizations quotas.
const QUOTA: usize = 10_240;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind == PolicyKind::Scp {
        size::check(cx, out, QUOTA, "service control policy");
    }
}
