//! Rule `invalid-arn-resource`: an ARN of a form that its service does not have.

use super::forms::{self, Misfit};
use crate::{
    arn::Arn,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        if forms::misfit(&arn) == Some(Misfit::Resource) {
            let message = format!("`{}` has no resources of the form `{}`", arn.service, arn.resource);
            out.push(Problem::new(written.value.span, message).as_of(cx.catalogue));
        }
    }
}
