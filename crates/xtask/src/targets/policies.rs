//! The target that reads policies: whatever stands in a document, in every format that policies stand in.
//! Not here: what is wrong with a known policy (the examples of its rule).

use std::sync::OnceLock;

use keylint_diagnostics::{Document, Edit};
use keylint_policy::{Detector, PolicyKind};

use super::{check, inside};

/// Names that choose each host.
const NAMES: &[&str] =
    &["policy.json", "template.yaml", "main.tf", "main.tf.json", "stack.ts", "app.py", "serverless.yml"];

/// Checks the policies of the text behind the first byte, which chooses the format and the kind.
pub fn policy(data: &[u8]) {
    let Some((&first, text)) = data.split_first() else { return };
    let first = usize::from(first);
    let document = Document::new(NAMES[first % NAMES.len()], text);
    let kind = PolicyKind::ALL.get(first / NAMES.len()).map(|(_, kind)| *kind);
    let detector = detectors().iter().find(|(of, _)| *of == kind).map(|(_, detector)| detector);
    let Some(detector) = detector else { return };
    let diagnostics = detector.scan(&document);
    check(&diagnostics, text.len());
    let edits = diagnostics.iter().flat_map(|diagnostic| &diagnostic.fixes).flat_map(|fix| &fix.edits);
    edits.for_each(|edit: &Edit| inside(edit.span, text.len()));
    assert_eq!(detector.scan(&document), diagnostics, "a second look differs");
}

/// A detector with all rules for each kind of policy, and one for policies of which nothing is said.
fn detectors() -> &'static [(Option<PolicyKind>, Detector)] {
    static DETECTORS: OnceLock<Vec<(Option<PolicyKind>, Detector)>> = OnceLock::new();
    DETECTORS.get_or_init(|| {
        let kinds = PolicyKind::ALL.iter().map(|(_, kind)| Some(*kind)).chain([None]);
        kinds.map(|kind| (kind, Detector::new(keylint_rules::builtin(), b"fuzz", kind))).collect()
    })
}
