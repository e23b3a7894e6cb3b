//! Rule `arn-region-not-allowed`: an ARN with a region where the resource has none.

use super::forms::{self, Misfit};
use crate::{
    arn::Arn,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        if forms::misfit(&arn) == Some(Misfit::Region) {
            let message = format!(
                "this resource of `{}` has no region in its ARN, and `{}` stands there",
                arn.service, arn.region
            );
            out.push(Problem::new(written.value.span, message).as_of(cx.catalogue));
        }
    }
}
