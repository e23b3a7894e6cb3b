//! Gathers what many documents give and prints it as the program does. Not here: what the formats look like
//! (`keylint-report`), or which documents there are.

use std::time::Duration;

use keylint_diagnostics::{Diagnostic, Severity, Skip, SkipKind, SuppressionKind};
use keylint_engine::{
    baseline::{Place, Seen},
    fields,
};
use keylint_report::{Format, Options, Scope, Sink, Summary, Tally, Tool};
use keylint_rules::Rule;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{
    finding,
    options::RenderOptions,
    scanner::{self, Held, Loaded, Scanner},
};

const FINDINGS: u8 = 1;
const INCOMPLETE: u8 = 3;

/// A baseline that speaks of documents of the report.
struct Accepted {
    text: String,
    seen: Seen,
}

/// What documents gave so far.
#[wasm_bindgen]
pub struct Report {
    /// The configurations, the first one first.
    loaded: Vec<&'static Loaded>,
    /// The documents with findings, and the number of the baseline that speaks of each.
    held: Vec<(Held, Option<usize>)>,
    accepted: Vec<Accepted>,
    /// The documents in path order, with what baselines accept marked; made anew after each change.
    settled: Option<Vec<Held>>,
    skipped: Vec<Skip>,
    files: u64,
    bytes: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryOut {
    files: u64,
    bytes: u64,
    findings: u64,
    at_gate: u64,
    severities: Vec<(&'static str, u64)>,
    suppressed: Vec<(&'static str, u64)>,
    excluded: u64,
    incomplete: u64,
    complete: bool,
    exit_code: u8,
}

#[wasm_bindgen]
impl Report {
    /// A report that begins with the configuration of `scanner`.
    #[wasm_bindgen(constructor)]
    pub fn new(scanner: &Scanner) -> Report {
        Report {
            loaded: vec![scanner.loaded],
            held: Vec::new(),
            accepted: Vec::new(),
            settled: None,
            skipped: Vec::new(),
            files: 0,
            bytes: 0,
        }
    }

    /// Scans a document and adds it; gives JSON as `Scanner::scan` does.
    pub fn add(
        &mut self,
        scanner: &mut Scanner,
        path: &str,
        text: &[u8],
        options: &str,
        before: Option<Vec<u8>>,
    ) -> Result<String, JsError> {
        let loaded = scanner.loaded;
        let outcome = scanner.document(path, text, options, before, true).map_err(|reason| JsError::new(&reason))?;
        let json = outcome.json(loaded);
        if !self.loaded.iter().any(|known| std::ptr::eq(*known, loaded)) {
            self.loaded.push(loaded);
        }
        self.skipped.extend(outcome.skipped);
        let Some(all) = outcome.all else { return Ok(json) };
        self.settled = None;
        self.files += 1;
        self.bytes += text.len() as u64;
        let speaks = self.note(loaded, &outcome.held.place, &all);
        if !outcome.held.pieces.is_empty() {
            self.held.push((outcome.held, speaks));
        }
        Ok(json)
    }

    /// Notes a document that was not scanned: `excluded` on purpose, else it leaves a hole.
    pub fn skip(&mut self, path: &str, excluded: bool, reason: &str) {
        let kind = if excluded { SkipKind::Excluded } else { SkipKind::Incomplete };
        self.skipped.push(Skip { path: path.into(), kind, reason: reason.into() });
    }

    /// Notes that there is no document any more at a path that the baseline of `scanner` names.
    pub fn gone(&mut self, scanner: &Scanner, path: &str) {
        self.settled = None;
        if let Some(index) = self.baseline(scanner.loaded) {
            self.accepted[index].seen.gone(path);
        }
    }

    /// The report in a format. Throws when there is no such format.
    pub fn render(&mut self, format: &str, options: &str) -> Result<String, JsError> {
        let format: Format = format.parse()?;
        let wanted = fields::read(options, RenderOptions::read)?;
        self.settle();
        let rules = self.rules();
        let mut summary = self.summed(rules.len());
        let hash = || scanner::hash(self.identities());
        summary.scope = Scope {
            kind: wanted.scope.kind.unwrap_or_else(|| "paths".into()),
            repository: wanted.scope.repository,
            commit: wanted.scope.commit,
            config_hash: Some(wanted.scope.config_hash.unwrap_or_else(hash)),
        };
        summary.elapsed = wanted.elapsed.map(Duration::from_millis);
        let standard = Options::default();
        let options = Options {
            color: wanted.color,
            hyperlinks: wanted.hyperlinks,
            width: wanted.width.unwrap_or(standard.width),
            show_secrets: wanted.show_secrets,
            show_suppressed: wanted.show_suppressed,
            verbose: wanted.verbose,
            ascii: wanted.ascii,
        };
        let mut out = Vec::new();
        let mut sink = keylint_report::sink(format, &rules, options, Box::new(&mut out));
        self.documents(sink.as_mut())?;
        sink.finish(&summary)?;
        drop(sink);
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    /// The findings so far, in the order of reports, as JSON.
    pub fn findings(&mut self) -> String {
        self.settle();
        let diagnostics =
            self.settled().iter().flat_map(|held| held.diagnostics().map(|diagnostic| (diagnostic, &held.places[..])));
        finding::findings(&self.rules(), |sink| self.documents(sink), diagnostics)
    }

    /// What was not scanned so far, as JSON.
    pub fn skipped(&mut self) -> String {
        self.settle();
        finding::skips(&self.skipped)
    }

    /// The counts so far, as JSON.
    pub fn summary(&mut self) -> String {
        self.settle();
        let summary = self.summed(0);
        let counts = summary.counts;
        let exit_code = match () {
            () if counts.at_gate > 0 => FINDINGS,
            () if !summary.complete => INCOMPLETE,
            () => 0,
        };
        crate::json(&SummaryOut {
            files: summary.files,
            bytes: summary.bytes,
            findings: counts.findings(),
            at_gate: counts.at_gate,
            severities: Severity::ALL.iter().map(|&word| (word.as_str(), counts.severity(word))).collect(),
            suppressed: SuppressionKind::ALL.iter().map(|&kind| (kind.as_str(), counts.suppressed(kind))).collect(),
            excluded: summary.excluded,
            incomplete: summary.incomplete().count() as u64,
            complete: summary.complete,
            exit_code,
        })
    }
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Report {
    /// The number of the baseline of a configuration, if it has one. Configurations with the same one share it.
    fn baseline(&mut self, loaded: &Loaded) -> Option<usize> {
        let (text, _) = loaded.baseline.as_ref()?;
        let known = self.accepted.iter().position(|accepted| accepted.text == *text);
        Some(known.unwrap_or_else(|| {
            self.accepted.push(Accepted { text: text.clone(), seen: Seen::default() });
            self.accepted.len() - 1
        }))
    }

    /// Tells the baseline in force what a document gave.
    fn note(&mut self, loaded: &Loaded, path: &str, found: &[Diagnostic]) -> Option<usize> {
        let index = self.baseline(loaded)?;
        let (_, baseline) = loaded.baseline.as_ref()?;
        if baseline.lists(path) {
            self.accepted[index].seen.scanned(path, found);
        }
        Some(index)
    }

    /// Brings everything into path order, and marks what baselines accept.
    fn settle(&mut self) {
        keylint_diagnostics::sort(&mut self.skipped);
        self.skipped.dedup();
        if self.settled.is_some() {
            return;
        }
        // A stable sort: versions of a document stay in the order in which they came.
        let mut held = self.held.clone();
        keylint_diagnostics::sort_by(&mut held, |(a, _), (b, _)| a.path.cmp(&b.path));
        held.dedup_by(|(a, _), (b, _)| a.path == b.path && a.origin == b.origin && a.commit.is_none());
        for (index, accepted) in self.accepted.iter().enumerate() {
            let known = self.loaded.iter().filter_map(|loaded| Some((loaded, loaded.baseline.as_ref()?)));
            let Some((loaded, (_, baseline))) = known.into_iter().find(|(_, (text, _))| *text == accepted.text) else {
                continue;
            };
            let mut places: Vec<Place<'_>> = Vec::new();
            for (held, _) in held.iter_mut().filter(|(_, speaks)| *speaks == Some(index)) {
                let path = held.place.clone();
                let found = held.pieces.iter_mut().flat_map(|piece| &mut piece.diagnostics);
                places.extend(found.map(|found| (path.clone(), found)));
            }
            baseline.apply(&mut places, &accepted.seen, loaded.today.as_deref());
        }
        self.settled = Some(held.into_iter().map(|(held, _)| held).collect());
    }

    fn settled(&self) -> &[Held] {
        self.settled.as_deref().unwrap_or_default()
    }

    fn documents(&self, sink: &mut dyn Sink) -> std::io::Result<()> {
        self.settled().iter().try_for_each(|held| held.report(sink))
    }

    fn identities(&self) -> impl Iterator<Item = &str> {
        let mut identities: Vec<&str> = self.loaded.iter().map(|loaded| loaded.identity.as_str()).collect();
        keylint_diagnostics::sort(&mut identities);
        identities.dedup();
        identities.into_iter()
    }

    /// The rules of all configurations, by id.
    fn rules(&self) -> Vec<Rule> {
        let mut rules: Vec<Rule> =
            self.loaded.iter().flat_map(|loaded| loaded.engine.rules().iter().cloned()).collect();
        keylint_diagnostics::sort_by(&mut rules, |a, b| a.id.cmp(&b.id));
        rules.dedup_by(|a, b| a.id == b.id);
        rules
    }

    fn summed(&self, rules: usize) -> Summary {
        let mut counts = Tally::default();
        for held in self.settled() {
            held.diagnostics().for_each(|diagnostic| counts.add(diagnostic, &held.gate));
        }
        let excluded = self.skipped.iter().filter(|skip| skip.kind == SkipKind::Excluded).count();
        Summary {
            tool: Tool {
                version: crate::version(),
                rules,
                catalogue: Some(keylint_engine::Catalogue::get().date().into()),
            },
            files: self.files,
            bytes: self.bytes,
            excluded: excluded as u64,
            skipped: self.skipped.clone(),
            gate: self.loaded[0].gate,
            counts,
            complete: excluded == self.skipped.len(),
            ..Summary::default()
        }
    }
}
