//! Rule `invalid-partition`: an ARN of a partition that AWS does not have.

use super::forms;
use crate::{
    arn::Arn,
    context::{Context, Problem},
    wildcard,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        if !cx.catalogue.partitions().any(|partition| wildcard::meet(arn.partition, partition.name)) {
            let message = if arn.partition.is_empty() {
                "the ARN names no partition, which is `aws` in most accounts".to_string()
            } else {
                format!("there is no partition `{}`; most accounts are in `aws`", arn.partition)
            };
            out.push(Problem::new(written.value.span, message).as_of(cx.catalogue));
        }
    }
}
