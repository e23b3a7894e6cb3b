//! Rule `type-mismatch`: an operator for another type of value than the key has.

use keylint_diagnostics::Applicability;

use super::operators;
use crate::{
    catalogue::{KeyInfo, KeyKind},
    condition::{self, Family, number::is_bool},
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.info.family != Family::Null) {
        let Some(key) = test.name().and_then(|name| cx.catalogue.key(name)) else { continue };
        let Some(wanted) = wanted(key.kind, test.info.family, &key) else { continue };
        if wanted == Family::IpAddress && test.info.family == Family::String && holds_variables(&test) {
            continue;
        }
        let name = &test.key.name;
        let message = format!("`{}` needs {}, not `{}`", name.text, wanted.title(), test.operator.name.text);
        let fix = (wanted == Family::Bool
            && test.info.family == Family::String
            && !test.info.negated
            && holds_booleans(&test))
        .then(|| operators::rename(cx, &test, "Bool", Applicability::Safe));
        out.push(Problem::new(name.span, message).fix(fix.flatten()).as_of(cx.catalogue));
    }
}

/// The family that a key of this kind needs, where the one it has does not do. Keys of tags and of other variable names
/// hold whatever people put into them.
fn wanted(kind: KeyKind, has: Family, key: &KeyInfo<'_>) -> Option<Family> {
    let wanted = match kind {
        KeyKind::String if key.template => return None,
        KeyKind::String => Family::String,
        KeyKind::Arn => Family::Arn,
        KeyKind::Bool => Family::Bool,
        KeyKind::Numeric => Family::Numeric,
        KeyKind::Date => Family::Date,
        KeyKind::IpAddress => Family::IpAddress,
        KeyKind::Binary => Family::Binary,
    };
    let textual = |family| matches!(family, Family::String | Family::Arn);
    let counted = |family| matches!(family, Family::Numeric | Family::Date);
    // An epoch is a number and a date; patterns over ARNs and texts are another rule's.
    let same = wanted == has || textual(wanted) && textual(has) || counted(wanted) && counted(has);
    (!same).then_some(wanted)
}

/// Whether an address is compared with another key of the request, which only the operators of texts can do.
fn holds_variables(test: &condition::Test<'_>) -> bool {
    let mut values = test.key.values.items.iter().peekable();
    values.peek().is_some() && values.all(|value| value.text.starts_with("${") && value.text.ends_with('}'))
}

fn holds_booleans(test: &condition::Test<'_>) -> bool {
    test.key.values.items.len() == 1 && test.key.values.known().any(|(_, text)| is_bool(text))
}
