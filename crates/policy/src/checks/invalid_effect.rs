//! Rule `invalid-effect`: an effect that is neither `Allow` nor `Deny`, in this spelling.

use keylint_diagnostics::Applicability;

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let values = cx.statements().iter().filter(|statement| statement.effect.is_none());
    for value in values.filter_map(|statement| statement.effect_value.as_ref()) {
        let Some(text) = value.known() else { continue };
        let meant = match text.trim().to_ascii_lowercase().as_str() {
            "allow" | "allowed" | "permit" => Some("Allow"),
            "deny" | "denied" => Some("Deny"),
            _ => None,
        };
        let hint = meant.map(|meant| format!(", did you mean `{meant}`?")).unwrap_or_default();
        let fix = meant.and_then(|meant| cx.rewrite(value, meant, Applicability::Safe));
        out.push(Problem::new(value.span, format!("`{text}` is neither `Allow` nor `Deny`{hint}")).fix(fix));
    }
}
