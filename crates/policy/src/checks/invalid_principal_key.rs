//! Rule `invalid-principal-key`: a kind of principal that AWS does not know.

use keylint_diagnostics::Applicability;

use crate::context::{Context, Problem};

/// The kinds, as AWS writes them.
const KINDS: &[&str] = &["AWS", "Service", "Federated", "CanonicalUser"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for entry in cx.statements().iter().flat_map(|s| s.principals()).flat_map(|principal| &principal.entries) {
        let Some(name) = entry.name.known().filter(|name| !KINDS.contains(name)) else { continue };
        let meant = KINDS.iter().find(|kind| is_alike(kind, name));
        let message = match meant {
            Some(meant) => format!("`{name}` is no kind of principal, did you mean `{meant}`?"),
            None => format!("`{name}` is no kind of principal: there are {}", KINDS.join(", ")),
        };
        let fix = meant.and_then(|meant| cx.rewrite(&entry.name, meant, Applicability::Safe));
        out.push(Problem::new(entry.name.span, message).fix(fix));
    }
}

/// Whether a name is a kind but for case and a plural.
fn is_alike(kind: &str, name: &str) -> bool {
    let bare = |text: &str| text.to_ascii_lowercase().trim_end_matches('s').replace(['-', '_'], "");
    bare(kind) == bare(name)
}
