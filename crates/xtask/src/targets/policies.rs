//! The target that reads policies: whatever stands in a document, in every format that policies stand in.
//! Not here: what is wrong with a known policy (the examples of its rule).

use std::sync::OnceLock;

use keylint_diagnostics::{Document, Edit};
use keylint_policy::{Detector, Module, PolicyKind};

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
    halves(detector, &document);
}

/// Checks that what is found in each half of a text stands in it, where both are files of one module.
fn halves(detector: &Detector, document: &Document<'_>) {
    let (first, second) = document.text.split_at(document.text.len() / 2);
    let files = [Document::new(document.path, first), Document::new("second.tf", second)];
    let module = Module::new(&files);
    for (own, other) in [(&files[0], &files[1]), (&files[1], &files[0])] {
        for diagnostic in detector.scan_in_module(own, &module) {
            inside(diagnostic.primary.span, own.text.len());
            for label in &diagnostic.related {
                let file = if label.path.is_some() { other } else { own };
                inside(label.span, file.text.len());
            }
            let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits);
            edits.for_each(|edit| inside(edit.span, own.text.len()));
        }
    }
}

/// A detector with all rules for each kind of policy, and one for policies of which nothing is said.
fn detectors() -> &'static [(Option<PolicyKind>, Detector)] {
    static DETECTORS: OnceLock<Vec<(Option<PolicyKind>, Detector)>> = OnceLock::new();
    DETECTORS.get_or_init(|| {
        let kinds = PolicyKind::ALL.iter().map(|(_, kind)| Some(*kind)).chain([None]);
        kinds.map(|kind| (kind, Detector::new(keylint_rules::builtin(), b"fuzz", kind))).collect()
    })
}
