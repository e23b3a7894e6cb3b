//! Rule `invalid-condition-multiple-boolean`: several values where a boolean is compared.

use crate::{
    condition::{self, Family},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        let boolean = matches!(test.info.family, Family::Bool | Family::Null);
        if boolean && test.is_bare() && test.key.values.items.len() > 1 {
            let message = format!("`{}` takes a single value, `true` or `false`", test.operator.name.text);
            out.push(Problem::new(test.key.values.span, message));
        }
    }
}
