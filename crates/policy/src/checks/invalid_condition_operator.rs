//! Rule `invalid-condition-operator`: an operator that AWS does not know, so that it refuses the policy.

use keylint_diagnostics::Applicability;

use crate::{
    condition::operator,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for operator in cx.statements().iter().flat_map(|statement| &statement.condition) {
        let parts = &operator.parts;
        let Some(text) = operator.name.known() else { continue };
        let qualifier = parts.qualifier.as_deref();
        let known_qualifier = qualifier
            .is_none_or(|word| word.eq_ignore_ascii_case("ForAllValues") || word.eq_ignore_ascii_case("ForAnyValue"));
        let known_base = operator::find(&parts.base).is_some();
        if known_qualifier && known_base {
            continue;
        }
        let base = if known_base { Some(&*parts.base) } else { operator::nearest(&parts.base).map(|near| near.name) };
        let word = match qualifier {
            Some(word) if !known_qualifier => operator::nearest_qualifier(word).map(Some),
            word => Some(word),
        };
        let meant = base.zip(word).map(|(base, word)| {
            let word = word.map_or(String::new(), |word| format!("{word}:"));
            format!("{word}{base}{}", if parts.if_exists { "IfExists" } else { "" })
        });
        let what = format!("`{text}` is no condition operator");
        out.push(match meant {
            Some(meant) => {
                let fix = cx.rewrite(&operator.name, &meant, Applicability::Safe);
                Problem::new(operator.name.span, format!("{what}, did you mean `{meant}`?")).fix(fix)
            }
            None => Problem::new(operator.name.span, what),
        });
    }
}
