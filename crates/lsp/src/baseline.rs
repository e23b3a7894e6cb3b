//! Adds a finding to the baseline, as a change of its file. Not here: what an entry accepts (`keylint_engine::baseline`).

use keylint_diagnostics::Diagnostic;
use keylint_engine::baseline::{Baseline, Entry};

use crate::{
    documents::Open,
    files::Pending,
    scan::{Scanned, World},
    text::Lines,
    types::TextEdit,
    uri::Uri,
};

/// The change of a baseline.
#[derive(Debug)]
pub(crate) struct Addition {
    pub(crate) uri: Uri,
    /// Whether there is no such file yet.
    pub(crate) new: bool,
    pub(crate) edit: TextEdit,
}

/// How `finding` is accepted; `None` where it cannot be: outside of the baseline's folder, or without a date or a key.
pub(crate) fn add(
    world: &mut World<'_>,
    scanned: &Scanned,
    open: &Open,
    uri: &Uri,
    finding: &Diagnostic,
    reason: Option<String>,
    unit: keylint_diagnostics::Unit,
) -> Result<Option<Addition>, Pending> {
    let scope = &scanned.scope;
    if scope.problem.is_some() {
        return Ok(None);
    }
    let Some(today) = world.files.host.today() else { return Ok(None) };
    let (file, root, mut baseline, fingerprint) = match &scope.accepted {
        Some(accepted) => (&accepted.uri, &accepted.root, accepted.baseline.clone(), finding.fingerprint),
        None => {
            let Some(key) = world.files.host.key() else { return Ok(None) };
            let Some(engine) = scope.with_key(key.clone(), Some(today.clone())) else { return Ok(None) };
            let scan = scanned.again(&engine, open.text.as_bytes());
            let same = |other: &&Diagnostic| other.rule == finding.rule && other.primary.span == finding.primary.span;
            let Some(again) = scan.diagnostics.iter().find(same) else { return Ok(None) };
            let (file, root) = &scope.new_baseline;
            (file, root, Baseline::new(key), again.fingerprint)
        }
    };
    let Some(path) = uri.below(root).filter(|_| uri.has_folder()) else { return Ok(None) };
    baseline.add(Entry {
        rule: finding.rule.to_string(),
        fingerprint,
        paths: vec![path.into()],
        reason,
        owner: None,
        added: today,
        expires: None,
    });
    let old = world.files.read(file)?;
    let new = old.is_none();
    let old = String::from_utf8_lossy(&old.unwrap_or_default()).into_owned();
    Ok(Some(Addition { uri: file.clone(), new, edit: difference(&old, &baseline.text(), unit) }))
}

/// One change that makes `new` of `old`: what both begin and end with stays.
fn difference(old: &str, new: &str, unit: keylint_diagnostics::Unit) -> TextEdit {
    let lines = Lines::new(old.as_bytes(), unit);
    let mut head = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(head) || !new.is_char_boundary(head) {
        head -= 1;
    }
    let rest = old[head..].bytes().rev().zip(new[head..].bytes().rev());
    let mut tail = rest.take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(old.len() - tail) || !new.is_char_boundary(new.len() - tail) {
        tail -= 1;
    }
    let range = lines.range(keylint_diagnostics::Span::new(head..old.len() - tail));
    TextEdit { range, new_text: new[head..new.len() - tail].into() }
}

#[cfg(test)]
mod tests {
    use keylint_diagnostics::Unit;

    use super::*;
    use crate::types::Change;

    #[test]
    fn differences_make_the_new_text() {
        for (old, new) in [("", "a"), ("abc", "abc"), ("aéb", "aèb"), ("a\nb\n", "a\nx\nb\n"), ("aaa", "aa"), ("x", "")]
        {
            let edit = difference(old, new, Unit::Utf16);
            let mut text = old.to_string();
            crate::text::apply(&mut text, Change { range: Some(edit.range), text: edit.new_text }, Unit::Utf16);
            assert_eq!(text, new);
        }
    }
}
