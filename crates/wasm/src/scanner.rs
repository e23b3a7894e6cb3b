//! A configuration that is ready to scan, and what one document gives. Not here: reports over many (`report.rs`).

use std::cell::RefCell;

use keylint_diagnostics::{Diagnostic, Document, Origin, Skip, SkipKind, SuppressionKind, not_text};
use keylint_engine::{
    Config, Engine, MAX_MODULE, Module,
    baseline::Baseline,
    config::{self, ConfigError, ConfigFile},
    fields,
    glob::Globs,
};
use keylint_report::{Commit, Gate, LineHashes, Sink, View};
use keylint_rules::{Family, RuleFile};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{
    added,
    finding::{self, Finder, Places, RefusedOut},
    named_lines, new_suppressions,
    options::{self, DocumentOptions, ScannerOptions},
    pieces::{self, Piece, Tail, Text},
    redactor::Redactor,
};

/// A larger document is scanned piece by piece, as the program does it with a larger file.
const MAX_IN_MEMORY: usize = 64 << 20;
/// The pieces, as the program reads them.
const PIECE: usize = 1 << 20;

/// What scanners of one configuration share. Lives as long as the module: a scanner borrows it, and hosts make few.
pub(crate) struct Loaded {
    /// What it was made of.
    source: String,
    pub(crate) engine: Engine,
    pub(crate) gate: Gate,
    /// The baseline and its text.
    pub(crate) baseline: Option<(String, Baseline)>,
    pub(crate) today: Option<String>,
    /// What it is told by, in hashes of the configuration.
    pub(crate) identity: String,
    exclude: Option<Globs>,
    settings: String,
}

thread_local! {
    /// The configurations that were asked for: one that comes again is not built again.
    static LOADED: RefCell<Vec<&'static Loaded>> = const { RefCell::new(Vec::new()) };
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SettingsOut<'a> {
    exclude: &'a [String],
    fail_on: Option<&'static str>,
    min_confidence: &'static str,
    expand_examples: bool,
    config_hash: String,
    baseline_paths: Vec<&'a str>,
}

impl Loaded {
    fn new(source: &str) -> Result<Loaded, String> {
        let options = fields::read(source, ScannerOptions::read).map_err(|error| error.to_string())?;
        let mut merged: Option<ConfigFile> = None;
        for configuration in options.configurations.iter().rev() {
            let file = config::parse(&configuration.text, &configuration.name).map_err(|error| error.to_string())?;
            // What it points to is read by the host.
            let file = ConfigFile { extends: None, rules: None, baseline: None, ..file };
            merged = Some(merged.map_or(file.clone(), |base| file.over(base)));
        }
        let file = merged.unwrap_or_default();
        let rules = options.rules.iter().map(|(path, text)| user_rule(path, text)).collect::<Result<Vec<_>, _>>()?;
        let name = options.baseline_name.as_deref().unwrap_or("baseline");
        let baseline = options.baseline.map(|text| Baseline::parse(&text, name).map(|baseline| (text, baseline)));
        let baseline = baseline.transpose().map_err(|error| error.to_string())?;
        let exclude = (!file.exclude.is_empty()).then(|| config::exclude(&file.exclude)).transpose();
        let exclude = exclude.map_err(|error| format!("`exclude`: {error}"))?;

        let fail_on = options.fail_on.as_deref().map(options::fail_on).transpose()?;
        let gate = Gate::new(fail_on.or(file.fail_on), options.min_confidence.or(file.min_confidence));

        let identity = format!("{file:?} {rules:?}");
        let settings = crate::json(&SettingsOut {
            exclude: &file.exclude,
            fail_on: gate.fail_on.map(|severity| severity.as_str()),
            min_confidence: gate.min_confidence.as_str(),
            expand_examples: file.expand_examples.unwrap_or(false),
            config_hash: hash([identity.as_str()]),
            baseline_paths: baseline.iter().flat_map(|(_, baseline)| baseline.paths()).collect(),
        });
        let policy_type = options.policy_type.as_deref().map(|word| {
            word.parse().map_err(|()| format!("`policyType`: `{}` is no policy type", word.escape_debug()))
        });
        let config = Config {
            policy_type: policy_type.transpose()?,
            compliance: options.compliance,
            fingerprint_key: baseline.as_ref().map(|(_, baseline)| baseline.key.clone()),
            ..file.into_config(rules, options.today.clone())
        };
        let engine = Engine::new(config).map_err(|error| error.to_string())?;
        Ok(Loaded { source: source.into(), engine, gate, baseline, today: options.today, identity, exclude, settings })
    }

    /// The configuration that `source` describes, built once.
    fn of(source: &str) -> Result<&'static Loaded, String> {
        let known = LOADED.with_borrow(|loaded| loaded.iter().copied().find(|loaded| loaded.source == source));
        if let Some(loaded) = known {
            return Ok(loaded);
        }
        let loaded: &'static Loaded = Box::leak(Box::new(Loaded::new(source)?));
        LOADED.with_borrow_mut(|all| all.push(loaded));
        Ok(loaded)
    }
}

/// Tells the configurations of two runs apart, as the program does it.
pub(crate) fn hash<'a>(identities: impl IntoIterator<Item = &'a str>) -> String {
    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv: stable, and nobody gains by a collision.
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    format!("{:016x}", identities.into_iter().flat_map(str::bytes).fold(0xcbf2_9ce4_8422_2325, fold))
}

fn user_rule(path: &str, text: &str) -> Result<RuleFile, String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("secret", path));
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    let family = Family::ALL.into_iter().find(|family| family.as_str() == folder).unwrap_or(Family::Secret);
    let id = name.strip_suffix(".toml").unwrap_or(name);
    RuleFile::parse(family, id, text).map_err(|error| format!("`{path}`: {error}"))
}

/// What one document gave, kept until it is reported.
#[derive(Clone)]
pub(crate) struct Held {
    /// The path, as it is shown.
    pub(crate) path: String,
    pub(crate) origin: Origin,
    pub(crate) commit: Option<Commit>,
    pub(crate) pieces: Vec<Piece>,
    line_hashes: Option<LineHashes>,
    /// The path in the baseline.
    pub(crate) place: String,
    pub(crate) places: Vec<Places>,
    /// Which of the findings fail.
    pub(crate) gate: Gate,
}

impl Held {
    /// Hands it to a sink.
    pub(crate) fn report(&self, sink: &mut dyn Sink) -> std::io::Result<()> {
        for piece in &self.pieces {
            let view = View::piece(&self.path, self.origin, &piece.text, piece.encoding, piece.base, piece.first);
            let commit = self.commit.as_ref();
            let line_hashes = self.line_hashes.as_ref();
            let view = View { settled: piece.settled, line_hashes, commit, gate: self.gate, ..view };
            sink.document(&view, &piece.diagnostics)?;
        }
        Ok(())
    }

    /// Its findings, in the order of reports.
    pub(crate) fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.pieces.iter().flat_map(|piece| &piece.diagnostics)
    }
}

/// What became of a document.
pub(crate) struct Outcome {
    /// What was found on the lines that count.
    pub(crate) held: Held,
    /// What was not scanned.
    pub(crate) skipped: Vec<Skip>,
    /// Everything that was found, for the baseline; without it the document was left out.
    pub(crate) all: Option<Vec<Diagnostic>>,
}

impl Outcome {
    /// What JavaScript is told of it.
    pub(crate) fn json(&self, loaded: &Loaded) -> String {
        let diagnostics = self.held.diagnostics().map(|diagnostic| (diagnostic, &self.held.places[..]));
        let report = |sink: &mut dyn Sink| self.held.report(sink);
        let findings = finding::findings(loaded.engine.rules(), report, diagnostics);
        format!("{{\"findings\":{findings},\"skipped\":{}}}", finding::skips(&self.skipped))
    }
}

/// A configuration, and the state of scanning documents one after another.
#[wasm_bindgen]
pub struct Scanner {
    pub(crate) loaded: &'static Loaded,
    scanner: keylint_engine::Scanner<'static>,
    /// What stands in the folder of the next documents: paths and texts.
    beside: Vec<(String, Vec<u8>)>,
    /// The module that was put together last.
    module: Module,
}

#[wasm_bindgen]
impl Scanner {
    /// A scanner for options as JSON. Throws what is wrong with them.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Scanner, JsError> {
        let loaded = Loaded::of(options).map_err(|reason| JsError::new(&reason))?;
        Ok(Scanner { loaded, scanner: loaded.engine.scanner(), beside: Vec::new(), module: Module::default() })
    }

    /// Scans one document; gives JSON. `before` is the older text, of which only what changed counts.
    pub fn scan(&mut self, path: &str, text: &[u8], options: &str, before: Option<Vec<u8>>) -> Result<String, JsError> {
        let outcome = self.document(path, text, options, before, false).map_err(|reason| JsError::new(&reason))?;
        Ok(outcome.json(self.loaded))
    }

    /// Says that a document stands in the folder of the next ones.
    pub fn beside(&mut self, path: String, text: Vec<u8>) {
        if text.len() <= MAX_MODULE {
            self.beside.push((path, text));
        }
    }

    /// Says that the next documents stand alone.
    pub fn alone(&mut self) {
        self.module = Module::default();
        self.beside.clear();
    }

    /// What the configuration says to the host, as JSON.
    pub fn settings(&self) -> String {
        self.loaded.settings.clone()
    }

    /// Whether the configuration leaves out a path.
    pub fn excludes(&self, path: &str) -> bool {
        self.loaded.exclude.as_ref().is_some_and(|globs| globs.fit(path))
    }

    /// Begins to redact a text; of `path` only its ending counts. An empty `confidence` is the usual one.
    pub fn redactor(&self, path: &str, confidence: &str) -> Result<Redactor, JsError> {
        Redactor::begin(&self.loaded.engine, path, confidence).map_err(|reason| JsError::new(&reason))
    }
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner").field("engine", &self.loaded.engine).finish_non_exhaustive()
    }
}

impl Scanner {
    /// Scans one document. `hashed` says that GitHub's line hashes are wanted.
    pub(crate) fn document(
        &mut self,
        shown: &str,
        text: &[u8],
        options: &str,
        before: Option<Vec<u8>>,
        hashed: bool,
    ) -> Result<Outcome, String> {
        let options = fields::read(options, DocumentOptions::read).map_err(|error| error.to_string())?;
        let origin = options.origin.as_deref().map_or(Ok(Origin::default()), |word| {
            word.parse().map_err(|()| format!("no origin is called `{}`", word.escape_debug()))
        })?;
        let commit = options.commit.clone().map(|commit| Commit {
            id: commit.id,
            date: commit.date,
            author: commit.author,
            in_head: commit.in_head,
        });
        let path = options.path.as_deref().unwrap_or(shown);
        let held = Held {
            path: shown.into(),
            origin,
            commit,
            pieces: Vec::new(),
            line_hashes: None,
            place: options.baseline_path.as_deref().unwrap_or(path).into(),
            places: Vec::new(),
            gate: self.loaded.gate,
        };
        let mut outcome = Outcome { held, skipped: Vec::new(), all: None };
        if let Some(reason) = not_text(text) {
            let reason = reason.into();
            outcome.skipped.push(Skip { path: shown.into(), kind: SkipKind::Excluded, reason });
        } else if text.len() > MAX_IN_MEMORY {
            self.stream(path, text, &mut outcome);
        } else {
            self.whole(path, text, &options, before, hashed, &mut outcome);
        }
        Ok(outcome)
    }

    /// Puts the module together that `document` is a part of, unless it is the last one.
    fn join(&mut self, document: &Document<'_>) {
        if self.beside.is_empty() || self.module.knows(document) {
            return;
        }
        let mut documents = vec![*document];
        for (path, text) in self.beside.iter().filter(|(path, _)| path != document.path) {
            documents.push(Document::new(path, text));
        }
        self.module = Module::new(&documents);
    }

    fn whole(
        &mut self,
        path: &str,
        text: &[u8],
        options: &DocumentOptions,
        before: Option<Vec<u8>>,
        hashed: bool,
        outcome: &mut Outcome,
    ) {
        let document = Document::new(path, text);
        self.join(&Document::new(&outcome.held.path, text));
        let mut scan = self.scanner.scan_in_module(&document, &self.module);
        let settled = scan.skipped.is_empty();
        outcome.note(scan.skipped);
        outcome.all = Some(scan.diagnostics.clone());
        if scan.diagnostics.is_empty() {
            return;
        }
        let engine = &self.loaded.engine;
        let inline = |diagnostic: &Diagnostic| {
            let suppression = diagnostic.suppressed.as_ref();
            suppression.filter(|suppression| suppression.kind == SuppressionKind::Inline).cloned()
        };
        let comments = engine.comments(&document, &scan.diagnostics).into_iter();
        let comments: Vec<_> = scan
            .diagnostics
            .iter()
            .zip(comments)
            .map(|(found, comment)| inline(found).map(|own| (own, comment)))
            .collect();
        let mut lines = match (&options.lines, before) {
            (Some(lines), _) => Some(named_lines::lines(text, lines)),
            (None, Some(before)) => Some(added::since(&before, text)),
            (None, None) => None,
        };
        if let (Some(lines), Some(false)) = (&mut lines, options.new_suppressions) {
            new_suppressions::refuse(engine, &document, &mut scan.diagnostics, lines);
        }
        let finder = Finder::new(path, text, options.string);
        let places = scan.diagnostics.iter().zip(comments).map(|(found, comment)| {
            let (suppression, comment) = comment.map_or((None, None), |(own, comment)| (Some(own), comment));
            let refused = suppression.filter(|_| found.suppressed.is_none()).map(|own| RefusedOut {
                kind: own.kind.as_str(),
                reason: own.reason,
                owner: own.owner,
                until: own.until,
            });
            finder.places(found, comment, refused)
        });
        outcome.held.places = places.collect();
        outcome.held.line_hashes = hashed.then(|| LineHashes::new(text, &scan.diagnostics));
        outcome.held.pieces = match lines {
            None => Text::whole(text).cut(scan.diagnostics, settled),
            Some(lines) => pieces::on_lines(text, scan.diagnostics, settled, &lines),
        };
    }

    fn stream(&mut self, path: &str, text: &[u8], outcome: &mut Outcome) {
        let mut stream = self.scanner.stream(path);
        let mut tail = Tail::new();
        for piece in text.chunks(PIECE) {
            tail.push(piece);
            let settled = stream.push(piece);
            if !settled.is_empty() {
                outcome.held.pieces.extend(tail.text().cut(settled, false));
            }
        }
        let scan = stream.finish();
        if !scan.diagnostics.is_empty() {
            outcome.held.pieces.extend(tail.text().cut(scan.diagnostics, false));
        }
        outcome.note(scan.skipped);
        let finder = Finder::new(path, text, false);
        outcome.held.places = outcome.held.diagnostics().map(|found| finder.places(found, None, None)).collect();
        outcome.all = Some(outcome.held.diagnostics().cloned().collect());
    }
}

impl Outcome {
    fn note(&mut self, skipped: Vec<Skip>) {
        let shown = &self.held.path;
        self.skipped.extend(skipped.into_iter().map(|skip| Skip { path: shown.clone(), ..skip }));
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PointersOut<'a> {
    extends: Option<&'a str>,
    rules: Option<&'a str>,
    baseline: Option<&'a str>,
}

/// What a configuration file points to, as JSON.
pub(crate) fn pointers(text: &str, name: &str) -> Result<String, ConfigError> {
    let file = config::parse(text, name)?;
    Ok(crate::json(&PointersOut {
        extends: file.extends.as_deref(),
        rules: file.rules.as_deref(),
        baseline: file.baseline.as_deref(),
    }))
}
