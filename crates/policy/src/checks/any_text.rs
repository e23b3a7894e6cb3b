//! Patterns that admit every text, so that a condition only asks whether the key is there. Not a check itself.
//! Not here: which of them is said how.

use keylint_diagnostics::{Applicability, Edit, Fix, Insert};

use crate::{
    condition::{Compared, Family, Test},
    context::Context,
    model::Value,
};

/// The value of a `StringLike` or an `ArnLike` that admits every text.
pub(super) fn value<'a>(test: &Test<'a>) -> Option<&'a Value> {
    let pattern = matches!(test.info.family, Family::String | Family::Arn) && test.info.compared == Compared::Pattern;
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
    test.key.values.known().find(|(_, text)| pattern && all(text)).map(|(value, _)| value)
}

/// Asks by `Null` whether the key is absent, where that changes no other key.
pub(super) fn ask(cx: &Context<'_>, test: &Test<'_>, absent: bool) -> Option<Fix> {
    let taken = test.statement.condition.iter().any(|operator| operator.name.text.eq_ignore_ascii_case("Null"));
    let [value] = test.key.values.items.as_slice() else { return None };
    let alone = test.operator.keys.len() == 1 && !taken && test.key.values.complete;
    let (name, inner) = (test.operator.name.inner()?, value.inner()?);
    let edit = |span, text: &str| Edit { path: cx.path.into(), span, insert: vec![Insert::Text(text.into())] };
    let answer = if absent { "true" } else { "false" };
    alone.then(|| Fix {
        title: format!("ask by `Null` whether the key is {}", if absent { "absent" } else { "there" }),
        applicability: Applicability::Safe,
        edits: vec![edit(name, "Null"), edit(inner, answer)],
    })
}
