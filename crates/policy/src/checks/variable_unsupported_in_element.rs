//! Rule `variable-unsupported-in-element`: a policy variable where none is replaced.

use super::texts;
use crate::{
    context::{Context, Problem},
    variable::variables,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for value in cx.statements().iter().flat_map(texts::without_variables).filter(|value| value.text.contains("${")) {
        if let Some(variable) = variables(&value.text).find(|variable| variable.closed && !variable.is_escape()) {
            let message =
                format!("`${{{}}}` stays as it is here: variables work in resources and conditions", variable.inner);
            out.push(Problem::new(value.span, message));
        }
    }
}
