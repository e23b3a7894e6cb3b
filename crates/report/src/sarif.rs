//! SARIF 2.1.0, as GitHub code scanning takes it: every text, masked snippets, GitHub's own line hash.
//! Not here: fixes, which would have to hold the secret.

mod model;
mod rules;

use std::io;

use keylint_diagnostics::{Diagnostic, Label, Map, Severity, Skip, Suppression, SuppressionKind};
use keylint_rules::{About, Rule};

use crate::{
    LineHashes, Sink, Summary, View, escape,
    excerpt::{Shape, excerpt},
    level,
    masked::{Masked, Seen, here},
};

/// GitHub refuses a run with more results.
const MAX_RESULTS: usize = 25_000;
/// GitHub takes 1,000 locations of a result and shows 100.
const MAX_RELATED: usize = 100;
/// Documents that were not scanned and are named; the rest is counted.
const MAX_NOTIFICATIONS: usize = 1000;
/// The root of the scan. Its place on this machine is nobody's business.
const ROOT: &str = "SRCROOT";
/// Columns of a snippet, which is the secret alone.
const SNIPPET: Shape = Shape { width: 160, tab: "\t", ascii: false };
const HEAD: &str =
    "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"results\":[";

/// The sink of [`crate::Format::Sarif`]. Results are written as they come, the rules that spoke behind them.
pub(crate) struct Sarif<'a> {
    out: Box<dyn io::Write + 'a>,
    rules: &'a [Rule],
    seen: Seen,
    /// The rules that spoke: their place in the list, and the worst severity.
    spoke: Map<Box<str>, (usize, Severity)>,
    /// What those of the user say to people.
    own: Map<Box<str>, About>,
    results: usize,
    dropped: usize,
}

impl<'a> Sarif<'a> {
    pub(crate) fn new(rules: &'a [Rule], out: Box<dyn io::Write + 'a>) -> Sarif<'a> {
        Sarif { out, rules, seen: Seen::default(), spoke: Map::new(), own: Map::new(), results: 0, dropped: 0 }
    }

    /// The place of the diagnostic's rule in the list of rules.
    fn rule_index(&mut self, diagnostic: &Diagnostic) -> usize {
        let next = self.spoke.len();
        let entry = self.spoke.get_or_insert_with(diagnostic.rule.as_str().into(), || (next, diagnostic.severity));
        entry.1 = entry.1.max(diagnostic.severity);
        entry.0
    }
}

impl Sink for Sarif<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(view, diagnostics, &mut self.seen, false);
        let hashes = hashes(&masked, diagnostics);
        let mut text = Vec::new();
        for diagnostic in diagnostics {
            if let Some(about) = view.own_about(diagnostic.rule.as_str()) {
                self.own.get_or_insert_with(diagnostic.rule.as_str().into(), || about.clone());
            }
            if self.results == MAX_RESULTS {
                self.dropped += 1;
                continue;
            }
            text.extend(if self.results == 0 { HEAD } else { "," }.as_bytes());
            text.push(b'\n');
            self.results += 1;
            let rule_index = self.rule_index(diagnostic);
            let result = result(&masked, diagnostic, rule_index, &hashes);
            serde_json::to_writer(&mut text, &result)?;
        }
        self.out.write_all(&text)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let mut spoke: Vec<_> = self.spoke.iter().map(|(id, (index, severity))| (*index, id, *severity)).collect();
        keylint_diagnostics::sort(&mut spoke);
        let own = &self.own;
        let rules =
            spoke.into_iter().map(|(_, id, severity)| rules::descriptor(id, self.rules, own.get(&**id), severity));
        let rules = rules.collect();
        let end = serde_json::to_string(&end(summary, rules, self.dropped))?;
        let lead = if self.results == 0 { HEAD } else { "\n" };
        writeln!(self.out, "{lead}],{}]}}", &end[1..])?;
        self.out.flush()
    }
}

/// GitHub's hashes of the lines that findings begin on. A piece has none of its own, since they depend on all lines
/// before.
fn hashes(masked: &Masked<'_>, diagnostics: &[Diagnostic]) -> LineHashes {
    match masked.view.line_hashes {
        Some(known) => known.clone(),
        None if masked.view.whole => LineHashes::new(masked.view.text, diagnostics),
        None => LineHashes::default(),
    }
}

fn result(masked: &Masked<'_>, diagnostic: &Diagnostic, rule_index: usize, hashes: &LineHashes) -> model::SarifResult {
    let mut fingerprints = Map::from_iter([("secretHash/v1", diagnostic.fingerprint.to_string())]);
    let line = masked.position(&diagnostic.primary).map(|(start, _)| start.line);
    if let Some(hash) = line.and_then(|line| hashes.of(line)) {
        fingerprints.insert("primaryLocationLineHash", hash.into());
    }
    let mut message = rules::sentence(&escape::sarif_message(&diagnostic.message));
    let evidence: Vec<String> = diagnostic.evidence.iter().map(|evidence| evidence.text.clone()).collect();
    if !evidence.is_empty() {
        message.push_str(" Evidence: ");
        message.push_str(&rules::sentence(&escape::sarif_message(&evidence.join(", "))));
    }
    let related = diagnostic.related.iter().take(MAX_RELATED).enumerate();
    model::SarifResult {
        rule_id: diagnostic.rule.to_string(),
        rule_index,
        level: level(diagnostic, &masked.view.gate),
        message: model::Text::new(message),
        locations: vec![location(masked, &diagnostic.primary, None)],
        related_locations: related.map(|(index, label)| location(masked, label, Some(index + 1))).collect(),
        partial_fingerprints: fingerprints,
        suppressions: diagnostic.suppressed.iter().map(suppression).collect(),
        properties: model::ResultProperties {
            severity: diagnostic.severity.as_str(),
            confidence: diagnostic.confidence.as_str(),
            origin: masked.view.origin.as_str(),
            evidence,
            commit: masked.view.commit.map(|commit| commit.id.clone()),
            in_head: masked.view.commit.map(|commit| commit.in_head),
        },
    }
}

/// Where a label stands, with the masked text of the label alone. A related one has an id and says what it is.
fn location(masked: &Masked<'_>, label: &Label, id: Option<usize>) -> model::Location {
    let path = if here(masked.view, label) { masked.view.path } else { label.path.as_deref().unwrap_or_default() };
    let region = masked.position(label).map(|(start, end)| {
        let excerpt = excerpt(masked, masked.lines.line_at(label.span.start), &[label.span], SNIPPET);
        let snippet = excerpt.marks.first().and_then(|mark| excerpt.text.get(mark.clone())).unwrap_or_default();
        model::Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            snippet: model::Text::new(snippet),
        }
    });
    let message = id.filter(|_| !label.text.is_empty());
    let message = message.map(|_| model::Text::new(rules::sentence(&escape::sarif_message(&label.text))));
    model::Location { id, physical_location: physical(path, region), message }
}

fn physical(path: &str, region: Option<model::Region>) -> model::PhysicalLocation {
    let uri = escape::uri(path);
    let artifact_location = model::ArtifactLocation { uri_base_id: uri.relative.then_some(ROOT), uri: uri.text };
    model::PhysicalLocation { artifact_location, region }
}

fn suppression(suppression: &Suppression) -> model::Suppression {
    let kind = match suppression.kind {
        SuppressionKind::Inline => "inSource",
        SuppressionKind::Baseline | SuppressionKind::Config => "external",
    };
    let mut said = vec![suppression.reason.clone().unwrap_or_else(|| format!("{} entry", suppression.kind))];
    said.extend(suppression.owner.as_ref().map(|owner| format!("owner {owner}")));
    said.extend(suppression.until.as_ref().map(|until| format!("until {until}")));
    model::Suppression { kind, justification: said.join(", ") }
}

/// Everything of the run but its results.
fn end(summary: &Summary, rules: Vec<model::ReportingDescriptor>, dropped: usize) -> model::RunEnd {
    let version = &summary.tool.version;
    let root = "The root of the scan, which is the repository's.";
    let repository = summary.scope.repository.iter().filter(|repository| repository.starts_with("https://"));
    model::RunEnd {
        tool: model::Tool {
            driver: model::Driver {
                name: "keylint",
                full_name: format!("keylint {version}"),
                version: version.clone(),
                semantic_version: version.clone(),
                information_uri: "https://github.com/keylint/keylint",
                rules,
            },
        },
        invocations: [model::Invocation {
            execution_successful: summary.complete,
            tool_execution_notifications: notifications(summary, dropped),
        }],
        version_control_provenance: repository
            .map(|repository| model::VersionControl {
                repository_uri: repository.clone(),
                revision_id: summary.scope.commit.clone(),
                mapped_to: model::MappedTo { uri_base_id: ROOT },
            })
            .collect(),
        original_uri_base_ids: Map::from_iter([(ROOT, model::UriBase { description: model::Text::new(root) })]),
        automation_details: model::Automation { id: "keylint/secret/" },
        column_kind: "unicodeCodePoints",
        properties: model::RunProperties {
            files: summary.files,
            bytes: summary.bytes,
            excluded: summary.excluded,
            config_hash: summary.scope.config_hash.clone(),
        },
    }
}

/// What was not scanned, and how many results did not fit.
fn notifications(summary: &Summary, dropped: usize) -> Vec<model::Notification> {
    let note = |message: String, locations| model::Notification {
        level: "error",
        message: model::Text::new(message),
        locations,
    };
    let skip = |skip: &Skip| {
        let location = model::Location { id: None, physical_location: physical(&skip.path, None), message: None };
        note(rules::sentence(&escape::sarif_message(&format!("not scanned: {}", skip.reason))), vec![location])
    };
    let mut notes: Vec<_> = summary.incomplete().take(MAX_NOTIFICATIONS).map(skip).collect();
    let incomplete = summary.incomplete().count();
    if incomplete > notes.len() {
        notes.push(note(format!("{} more documents were not scanned.", incomplete - notes.len()), Vec::new()));
    }
    if dropped > 0 {
        notes.push(note(format!("{dropped} more results are left out: GitHub takes {MAX_RESULTS}."), Vec::new()));
    }
    notes
}
