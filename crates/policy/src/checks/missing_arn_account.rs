//! Rule `missing-arn-account`: an ARN without the account that it needs.

use super::forms::{self, Misfit};
use crate::{
    arn::Arn,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for written in forms::written(cx) {
        let Some(arn) = Arn::parse(&written.text) else { continue };
        if forms::misfit(&arn) == Some(Misfit::NoAccount) {
            let message = format!(
                "this resource of `{}` belongs to an account, and its ARN names none; `*` stands for all",
                arn.service
            );
            out.push(Problem::new(written.value.span, message).as_of(cx.catalogue));
        }
    }
}
