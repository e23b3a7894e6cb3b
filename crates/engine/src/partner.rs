//! The public half of a private key in another file, which a host that can read files offers. Not here: one in the same
//! document (`keylint_secrets`), or which file that is.

use keylint_diagnostics::{Confidence, Diagnostic, Document, Evidence, EvidenceKind};

/// What the ids of rules for private keys begin with.
const KEYS: &str = "private-key-";

/// Whether a `.pub` file beside the document would tell anything of these findings.
pub fn wanted(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(lonely)
}

/// Notes which private keys of `document` have their public half in `public`, the text of its `.pub` file.
pub fn note(document: &Document<'_>, diagnostics: &mut [Diagnostic], public: &[u8]) {
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| lonely(diagnostic)) {
        let key = document.text.get(diagnostic.primary.span.range()).unwrap_or_default();
        let Some(found) = keylint_secrets::public_half(key, public) else { continue };
        let text = format!("its {found} stands beside it, in the `.pub` file");
        diagnostic.evidence.push(Evidence { kind: EvidenceKind::Partner, text });
        // Both halves of a pair do not come together by chance; what spoke against the key still does.
        if diagnostic.confidence == Confidence::High {
            diagnostic.confidence = Confidence::Certain;
        }
    }
}

/// Whether this is a private key without its other half.
fn lonely(diagnostic: &Diagnostic) -> bool {
    let has = diagnostic.evidence.iter().any(|evidence| evidence.kind == EvidenceKind::Partner);
    diagnostic.rule.as_str().starts_with(KEYS) && !has
}
