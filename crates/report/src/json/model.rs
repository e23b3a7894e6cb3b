//! The shapes of the contract, in the order of their keys.
//! Not here: how they are streamed.

use keylint_diagnostics::{
    Confidence, Diagnostic, Edit, Fix, Insert, Label, Position, Severity, Skip, SkipKind, Span, SuppressionKind,
};
use keylint_rules::Rule;
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    Summary, Tally,
    excerpt::{Shape, excerpt},
    masked::{Masked, here},
};

/// Columns of an excerpt: enough for a name and a secret, little enough for a list of thousands.
const EXCERPT: Shape = Shape { width: 160, tab: "\t", ascii: false };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DiagnosticOut<'a> {
    rule: &'a str,
    family: &'static str,
    severity: Severity,
    confidence: Confidence,
    message: &'a str,
    path: &'a str,
    origin: &'static str,
    span: SpanOut,
    start: Option<PositionOut>,
    end: Option<PositionOut>,
    excerpt: String,
    related: Vec<RelatedOut<'a>>,
    evidence: Vec<EvidenceOut<'a>>,
    fixes: Vec<FixOut<'a>>,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<CommitOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_head: Option<bool>,
    at_gate: bool,
    suppressed: Option<SuppressionOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_analyzer: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    compliance: &'a [String],
}

#[derive(Serialize)]
struct CommitOut<'a> {
    id: &'a str,
    date: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
}

#[derive(Serialize)]
struct SpanOut {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct PositionOut {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct RelatedOut<'a> {
    path: &'a str,
    span: SpanOut,
    start: Option<PositionOut>,
    end: Option<PositionOut>,
    text: &'a str,
}

#[derive(Serialize)]
struct EvidenceOut<'a> {
    kind: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct FixOut<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<EditOut<'a>>,
}

#[derive(Serialize)]
struct EditOut<'a> {
    path: &'a str,
    span: SpanOut,
    insert: Vec<InsertOut<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum InsertOut<'a> {
    Text(&'a str),
    CopyOf(SpanOut),
}

#[derive(Serialize)]
struct SuppressionOut<'a> {
    kind: &'static str,
    reason: Option<&'a str>,
    owner: Option<&'a str>,
    until: Option<&'a str>,
}

/// What stands behind the findings.
#[derive(Serialize)]
pub(super) struct End<'a> {
    skipped: Vec<SkipOut<'a>>,
    tool: ToolOut<'a>,
    scope: ScopeOut<'a>,
    summary: SummaryOut,
}

#[derive(Serialize)]
struct SkipOut<'a> {
    path: &'a str,
    kind: &'static str,
    reason: &'a str,
}

#[derive(Serialize)]
struct ToolOut<'a> {
    version: &'a str,
    rules: usize,
    catalogue: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScopeOut<'a> {
    kind: &'a str,
    repository: Option<&'a str>,
    commit: Option<&'a str>,
    config_hash: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryOut {
    complete: bool,
    findings: u64,
    at_gate: u64,
    gate: GateOut,
    severities: Severities,
    suppressed: Suppressed,
    files: u64,
    bytes: u64,
    excluded: u64,
    incomplete: usize,
    /// Milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GateOut {
    fail_on: Option<Severity>,
    min_confidence: Confidence,
}

/// Counts by severity, worst first.
struct Severities(Tally);

impl Serialize for Severities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for &severity in Severity::ALL.iter().rev() {
            map.serialize_entry(severity.as_str(), &self.0.severity(severity))?;
        }
        map.end()
    }
}

/// Counts by kind of suppression.
struct Suppressed(Tally);

impl Serialize for Suppressed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for &kind in SuppressionKind::ALL {
            map.serialize_entry(kind.as_str(), &self.0.suppressed(kind))?;
        }
        map.end()
    }
}

/// A finding.
pub(super) fn diagnostic<'a>(masked: &Masked<'a>, diagnostic: &'a Diagnostic, rules: &'a [Rule]) -> DiagnosticOut<'a> {
    let primary = &diagnostic.primary;
    let (start, end) = positions(masked, primary);
    let id = diagnostic.rule.as_str();
    let rule = rules.iter().find(|rule| rule.id == id);
    DiagnosticOut {
        rule: id,
        // A rule that is not in the list can only be one of the engine's own, about secrets.
        family: rule.map_or("secret", |rule| rule.family.as_str()),
        severity: diagnostic.severity,
        confidence: diagnostic.confidence,
        message: &diagnostic.message,
        path: primary.path.as_deref().unwrap_or(masked.view.path),
        origin: masked.view.origin.as_str(),
        span: span(primary.span),
        excerpt: start.as_ref().map_or(String::new(), |_| line(masked, primary)),
        start,
        end,
        related: diagnostic.related.iter().map(|label| related(masked, label)).collect(),
        evidence: diagnostic
            .evidence
            .iter()
            .map(|evidence| EvidenceOut { kind: evidence.kind.as_str(), text: &evidence.text })
            .collect(),
        fixes: diagnostic.fixes.iter().map(fix).collect(),
        fingerprint: diagnostic.fingerprint.to_string(),
        commit: masked.view.commit.map(|commit| CommitOut {
            id: &commit.id,
            date: &commit.date,
            author: commit.author.as_deref(),
        }),
        in_head: masked.view.commit.map(|commit| commit.in_head),
        at_gate: masked.view.gate.fails(diagnostic),
        suppressed: diagnostic.suppressed.as_ref().map(|suppression| SuppressionOut {
            kind: suppression.kind.as_str(),
            reason: suppression.reason.as_deref(),
            owner: suppression.owner.as_deref(),
            until: suppression.until.as_deref(),
        }),
        access_analyzer: rule.and_then(|rule| rule.policy.as_ref()?.access_analyzer.as_deref()),
        compliance: rule.map_or(&[], |rule| &rule.compliance),
    }
}

/// The line that a label begins on, masked and cut.
fn line(masked: &Masked<'_>, label: &Label) -> String {
    excerpt(masked, masked.lines.line_at(label.span.start), &[label.span], EXCERPT).text
}

fn positions(masked: &Masked<'_>, label: &Label) -> (Option<PositionOut>, Option<PositionOut>) {
    let out = |place: Position| PositionOut { line: place.line, column: place.column };
    masked.position(label).map(|(start, end)| (out(start), out(end))).unzip()
}

fn related<'a>(masked: &Masked<'a>, label: &'a Label) -> RelatedOut<'a> {
    let (start, end) = positions(masked, label);
    let path = if here(masked.view, label) { masked.view.path } else { label.path.as_deref().unwrap_or_default() };
    RelatedOut { path, span: span(label.span), start, end, text: &label.text }
}

fn fix<'a>(fix: &'a Fix) -> FixOut<'a> {
    let insert = |insert: &'a Insert| match insert {
        &Insert::CopyOf(copied) => InsertOut::CopyOf(span(copied)),
        Insert::Text(text) => InsertOut::Text(text),
    };
    let edit = |edit: &'a Edit| EditOut {
        path: &edit.path,
        span: span(edit.span),
        insert: edit.insert.iter().map(insert).collect(),
    };
    FixOut { title: &fix.title, applicability: fix.applicability.as_str(), edits: fix.edits.iter().map(edit).collect() }
}

fn span(span: Span) -> SpanOut {
    SpanOut { start: span.start, end: span.end }
}

/// What only the end of a run can say.
pub(super) fn end(summary: &Summary) -> End<'_> {
    let (counts, gate) = (summary.counts, summary.gate);
    End {
        skipped: summary.skipped.iter().map(skip).collect(),
        tool: ToolOut {
            version: &summary.tool.version,
            rules: summary.tool.rules,
            catalogue: summary.tool.catalogue.as_deref(),
        },
        scope: ScopeOut {
            kind: &summary.scope.kind,
            repository: summary.scope.repository.as_deref(),
            commit: summary.scope.commit.as_deref(),
            config_hash: summary.scope.config_hash.as_deref(),
        },
        summary: SummaryOut {
            complete: summary.complete,
            findings: counts.findings(),
            at_gate: counts.at_gate,
            gate: GateOut { fail_on: gate.fail_on, min_confidence: gate.min_confidence },
            severities: Severities(counts),
            suppressed: Suppressed(counts),
            files: summary.files,
            bytes: summary.bytes,
            excluded: summary.excluded,
            incomplete: summary.incomplete().count(),
            elapsed: summary.elapsed.map(|elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)),
        },
    }
}

fn skip(skip: &Skip) -> SkipOut<'_> {
    let kind = match skip.kind {
        SkipKind::Excluded => "excluded",
        SkipKind::Incomplete => "incomplete",
    };
    SkipOut { path: &skip.path, kind, reason: &skip.reason }
}
