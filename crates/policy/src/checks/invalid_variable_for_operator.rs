//! Rule `invalid-variable-for-operator`: a policy variable compared with a number, date, boolean or address.

use crate::{
    context::{Context, Problem},
    variable::variables,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for (operator, key) in cx.statements().iter().flat_map(|statement| statement.condition_keys()) {
        let base = operator.parts.base.to_ascii_lowercase();
        if !["numeric", "date", "bool", "binary", "ipaddress", "notipaddress", "null"]
            .iter()
            .any(|kind| base.starts_with(kind))
        {
            continue;
        }
        for value in key.values.items.iter().filter(|value| value.text.contains("${")) {
            if variables(&value.text).any(|variable| variable.closed && !variable.is_escape()) {
                let message =
                    format!("`{}` compares no policy variables, only string and ARN operators do", operator.name.text);
                out.push(Problem::new(value.span, message));
            }
        }
    }
}
