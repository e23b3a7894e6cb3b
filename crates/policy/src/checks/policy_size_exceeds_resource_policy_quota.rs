//! Rule `policy-size-exceeds-resource-policy-quota`: a policy longer than what its resource takes.

use super::size;
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

/// Of every VPC endpoint; white space counts there as well, and is left out here.
const ENDPOINT: usize = 20_480;

/// The limits by service, in characters; the pages of the services' quotas. Others are not known or can be raised.
const QUOTAS: &[(&str, usize, &str)] = &[
    ("dynamodb", 20_480, "table policy"),
    ("kms", 32_768, "key policy"),
    ("lambda", 20_480, "function policy"),
    ("s3", 20_480, "bucket policy"),
    ("secretsmanager", 20_480, "secret policy"),
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !cx.policy.kind.is_resource() {
        return;
    }
    if cx.policy.kind == PolicyKind::VpcEndpoint {
        return size::report(cx, out, ENDPOINT, "endpoint policy");
    }
    let Some(service) = &cx.policy.service else { return };
    if let Some((_, quota, what)) = QUOTAS.iter().find(|(name, ..)| *name == &**service) {
        size::report(cx, out, *quota, what);
    }
}
