//! Rule `duplicate-keys-with-different-case`: one condition key twice in one operator, in different capitals.

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for operator in cx.statements().iter().flat_map(|statement| &statement.condition) {
        for (index, key) in operator.keys.iter().enumerate() {
            let Some(name) = key.name.known() else { continue };
            let twin = operator.keys[..index].iter().find(|other| other.name.text.eq_ignore_ascii_case(name));
            if let Some(twin) = twin {
                let message = format!("the condition key `{name}` stands twice, and case makes no difference in keys");
                out.push(Problem::new(key.name.span, message).related(twin.name.span, "the same key"));
            }
        }
    }
}
