//! Values that are not of the type that their operator compares. Not a check itself.
//! Not here: what a value of a type looks like (`condition`).

use crate::{
    condition::{self, Family, Test},
    context::{Context, Problem},
};

/// Reports the values under operators of a family that are not `right`. Variables are another rule's.
pub(super) fn report(
    cx: &Context<'_>,
    of: impl Fn(Family) -> bool,
    right: impl Fn(&Test<'_>, &str) -> bool,
    wanted: &str,
    out: &mut Vec<Problem>,
) {
    for test in condition::tests(cx.statements()).filter(|test| of(test.info.family)) {
        for (value, text) in test.key.values.known() {
            if !text.contains("${") && !is_placeholder(text) && !right(&test, text) {
                out.push(Problem::new(
                    value.span,
                    format!("`{}` takes {wanted}, not `{text}`", test.operator.name.text),
                ));
            }
        }
    }
}

/// Whether the text is to be filled in: `<office-cidr>`.
fn is_placeholder(text: &str) -> bool {
    text.starts_with('<') && text.ends_with('>')
}
