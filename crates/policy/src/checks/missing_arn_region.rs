//! Rule `missing-arn-region`: an ARN without the region that it needs.

use super::forms::{self, Misfit};
use crate::{
    arn::Arn,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        if forms::misfit(&arn) == Some(Misfit::NoRegion) {
            let message = format!(
                "this resource of `{}` belongs to a region, and its ARN names none; `*` stands for all",
                arn.service
            );
            out.push(Problem::new(written.value.span, message).as_of(cx.catalogue));
        }
    }
}
