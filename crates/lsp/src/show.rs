//! Findings as the protocol's diagnostics. Not here: how they were found, or when they are sent.

use keylint_diagnostics::{Confidence, Diagnostic, Severity};
use keylint_report::Gate;

use crate::{
    client::{Client, Settings},
    scan::Scanned,
    scopes::{Problem, Scope},
    text::Lines,
    types::{self, CodeDescription, Location, Position, Range, Related},
};

/// What every diagnostic says it is from.
pub(crate) const SOURCE: &str = "keylint";
/// The rule whose findings are comments that suppress nothing.
pub(crate) const UNUSED: &str = "unused-suppression";

const ERROR: u8 = 1;
const WARNING: u8 = 2;
const INFORMATION: u8 = 3;
const HINT: u8 = 4;
const UNNECESSARY: u8 = 1;

/// What a client was told of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Tells it from what it was told before.
    pub(crate) id: String,
    pub(crate) items: Vec<types::Diagnostic>,
}

/// Whether a finding is one to show.
pub(crate) fn is_shown(diagnostic: &Diagnostic, settings: &Settings) -> bool {
    diagnostic.suppressed.is_none()
        && diagnostic.primary.path.is_none()
        && diagnostic.severity >= settings.severity
        && diagnostic.confidence >= settings.confidence
}

/// The findings of a document that are shown.
pub(crate) fn items(
    scanned: &Scanned,
    uri: &str,
    text: &[u8],
    client: &Client,
    settings: &Settings,
) -> Vec<types::Diagnostic> {
    let lines = Lines::new(text, client.unit);
    let shown = scanned.diagnostics.iter().filter(|diagnostic| is_shown(diagnostic, settings));
    shown.map(|diagnostic| item(diagnostic, &scanned.scope, uri, &lines, client)).collect()
}

/// One finding.
pub(crate) fn item(
    diagnostic: &Diagnostic,
    scope: &Scope,
    uri: &str,
    lines: &Lines<'_>,
    client: &Client,
) -> types::Diagnostic {
    let rule = diagnostic.rule.as_str();
    let here = diagnostic.related.iter().filter(|label| label.path.is_none() && client.related);
    let related = here.map(|label| Related {
        location: Location { uri: uri.into(), range: lines.range(label.span) },
        message: if label.text.is_empty() { "belongs to it".into() } else { label.text.clone() },
    });
    let page = scope.own(rule).is_none().then(|| CodeDescription { href: keylint_rules::page(rule) });
    types::Diagnostic {
        range: lines.range(diagnostic.primary.span),
        severity: severity(diagnostic, &scope.gate),
        code: rule.into(),
        code_description: page,
        source: SOURCE,
        message: diagnostic.message.clone(),
        tags: if rule == UNUSED { vec![UNNECESSARY] } else { Vec::new() },
        related_information: related.collect(),
    }
}

/// As loud as the reports are: an error at the gate, below it a warning, or less where it is hardly worth a look.
fn severity(diagnostic: &Diagnostic, gate: &Gate) -> u8 {
    match () {
        () if gate.fails(diagnostic) => ERROR,
        () if diagnostic.rule.as_str() == UNUSED => HINT,
        () if diagnostic.severity >= Severity::Medium && diagnostic.confidence >= Confidence::Medium => WARNING,
        () => INFORMATION,
    }
}

/// What is wrong with a configuration, shown in its own document.
pub(crate) fn problem(problem: &Problem) -> types::Diagnostic {
    let line = problem.line.saturating_sub(1);
    let start = Position { line, character: 0 };
    types::Diagnostic {
        range: Range { start, end: Position { line: line + 1, character: 0 } },
        severity: ERROR,
        code: "configuration".into(),
        code_description: None,
        source: SOURCE,
        message: problem.reason.clone(),
        tags: Vec::new(),
        related_information: Vec::new(),
    }
}

impl Shown {
    /// The id is made of the items, so that a result that is the same has the same, also after a restart.
    pub(crate) fn new(items: Vec<types::Diagnostic>) -> Shown {
        // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv: stable, and nobody gains by a collision.
        let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        let text = serde_json::to_string(&items).unwrap_or_default();
        Shown { id: format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, fold)), items }
    }
}
