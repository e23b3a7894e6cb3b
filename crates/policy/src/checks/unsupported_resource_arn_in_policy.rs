//! Rule `unsupported-resource-arn-in-policy`: the ARN of another service in the policy of a resource.

use super::forms;
use crate::{
    arn::Arn,
    context::{Context, Problem},
    wildcard,
};

/// Services whose resource policies name only their own resources.
const OWN: &[&str] = &[
    "dynamodb",
    "ecr",
    "es",
    "events",
    "execute-api",
    "kinesis",
    "kms",
    "lambda",
    "s3",
    "s3express",
    "secretsmanager",
    "sns",
    "sqs",
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let Some(service) = cx.policy.service.as_deref().filter(|_| cx.policy.kind.is_resource()) else { return };
    if !OWN.contains(&service) {
        return;
    }
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        if !wildcard::meet(&arn.service.to_ascii_lowercase(), service) && forms::is_service(cx, arn.service) {
            let message =
                format!("a policy of `{service}` speaks of its own resource, not of one of `{}`", arn.service);
            out.push(Problem::new(written.value.span, message));
        }
    }
}
