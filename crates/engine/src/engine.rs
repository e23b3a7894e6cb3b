//! Runs the detectors over documents. Not how they detect: that is `keylint-secrets`.

use std::{fmt, sync::OnceLock};

use keylint_diagnostics::{Diagnostic, Document, Encoding, Skip, SkipKind, Span, Suppression, SuppressionKind};
use keylint_policy::{Module, hosts::MAX_DOCUMENT};
use keylint_rules::Rule;
use keylint_secrets::Detector;
use keylint_syntax::to_utf8;

use crate::{Config, allow::Allowed, fix, select, stream::Stream, suppression, unused::Unused};

/// Keys fingerprints where no baseline brings a key. Public: it keeps values out of reports, it does not protect them.
const PUBLIC_KEY: &[u8] = b"keylint fingerprint 1";

/// Why an engine could not be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A pattern of a user rule or allow-list does not compile or is too large.
    #[error("{place}: {reason}")]
    Pattern {
        /// The rule or key.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// `select`, `ignore` or `severities` names no rule.
    #[error("no rule is called `{name}`{}", hint.as_ref().map(|hint| format!(", did you mean `{hint}`?")).unwrap_or_default())]
    UnknownRule {
        /// What was written.
        name: String,
        /// The nearest id.
        hint: Option<String>,
    },
    /// `compliance` names the beginning of no control that a rule speaks to.
    #[error("no rule speaks to a control whose name begins with `{0}`")]
    UnknownControl(String),
}

/// The chosen rules, ready to scan. Immutable, shared by all threads.
pub struct Engine {
    /// Those that run by default are decoded on first need: a clean scan never reads them.
    rules: OnceLock<Vec<Rule>>,
    pub(crate) secrets: Detector,
    pub(crate) policies: keylint_policy::Detector,
    allow: Vec<Allowed>,
    inline: bool,
    foreign: bool,
    require_reason: bool,
    unused: Option<Unused>,
    today: Option<String>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("rules", &self.rule_count()).finish_non_exhaustive()
    }
}

/// What one document gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The findings, by span and rule; suppressed ones are there and say so.
    pub diagnostics: Vec<Diagnostic>,
    /// What of the document was not scanned.
    pub skipped: Vec<Skip>,
}

impl Engine {
    /// Chooses and checks the rules.
    pub fn new(config: Config) -> Result<Engine, BuildError> {
        let key = config.fingerprint_key.as_deref().unwrap_or(PUBLIC_KEY);
        let today = config.today.as_deref();
        let refuse = |error: keylint_secrets::BuildError| BuildError::Pattern {
            place: format!("rule `{}`, `{}`", error.rule, error.key),
            reason: error.reason,
        };
        // Built-in patterns are proved to compile by a test; those of the user are tried here.
        let own: Vec<Rule> = config.rules.iter().map(|file| file.rule.clone()).collect();
        if !own.is_empty() {
            Detector::new(&own, key, None).and_then(|detector| detector.compile()).map_err(refuse)?;
        }
        let policies = |rules: &[Rule]| keylint_policy::Detector::new(rules, key, config.policy_type);
        let (rules, secrets, policies, unused) = if select::is_default(&config) {
            let policies = policies(&keylint_rules::default_others());
            (OnceLock::new(), Detector::builtin(key, today), policies, Unused::builtin(key))
        } else {
            let rules = select::rules(&config)?;
            let secrets = Detector::new(&rules, key, today).map_err(refuse)?;
            let unused = Unused::new(&rules, config.select.is_empty(), key);
            let policies = policies(&rules);
            (OnceLock::from(rules), secrets, policies, unused)
        };
        Ok(Engine {
            secrets,
            policies: policies.anywhere(config.policies_anywhere),
            unused,
            rules,
            allow: config
                .allow
                .iter()
                .enumerate()
                .map(|(index, allow)| Allowed::new(allow, index))
                .collect::<Result<_, _>>()?,
            inline: config.inline,
            foreign: config.foreign_comments,
            require_reason: config.require_reason,
            today: config.today,
        })
    }

    /// The rules that run, by id.
    pub fn rules(&self) -> &[Rule] {
        self.rules.get_or_init(select::builtin)
    }

    /// How many rules run; that does not decode them.
    pub fn rule_count(&self) -> usize {
        self.rules.get().map_or_else(keylint_rules::default_count, Vec::len)
    }

    /// A worker's own state: caches and buffers. Cheap; keep one per thread.
    pub fn scanner(&self) -> Scanner<'_> {
        Scanner { engine: self, secrets: self.secrets.scanner() }
    }

    /// Whether a document is to be scanned with the other files of its folder, as [`Scanner::scan_in_module`] does.
    pub fn wants_module(&self, document: &Document<'_>) -> bool {
        self.policies.wants_module(document)
    }

    /// For each of `diagnostics`, findings of `document`, where the comment stands that suppresses it, if one does: the
    /// comment itself, or the line that holds one of another scanner.
    pub fn comments(&self, document: &Document<'_>, diagnostics: &[Diagnostic]) -> Vec<Option<Span>> {
        suppression::comments(document.text, diagnostics, self.settings())
    }

    fn settings(&self) -> suppression::Settings<'_> {
        let today = self.today.as_deref();
        suppression::Settings { today, foreign: self.foreign, require_reason: self.require_reason }
    }

    /// Says of each finding whether the configuration or a comment accepts it; gives the comments that accept none.
    fn suppress(&self, document: &Document<'_>, diagnostics: &mut [Diagnostic]) -> Vec<suppression::Own> {
        if !self.allow.is_empty() {
            let encoding = Encoding::detect(document.text);
            for diagnostic in diagnostics.iter_mut() {
                let stored = diagnostic.primary.span.of(document.text);
                let decoded = (encoding != Encoding::Utf8).then(|| to_utf8(stored, encoding).bytes);
                diagnostic.suppressed = self.allowed(diagnostic, document.path, decoded.as_deref().unwrap_or(stored));
            }
        }
        if self.inline && (self.unused.is_some() || !diagnostics.is_empty()) {
            return suppression::mark(document.text, diagnostics, self.settings());
        }
        Vec::new()
    }

    fn allowed(&self, diagnostic: &Diagnostic, path: &str, secret: &[u8]) -> Option<Suppression> {
        let rules = self.rules();
        let index = rules.binary_search_by(|rule| rule.id.as_str().cmp(diagnostic.rule.as_str())).ok()?;
        let allow = self.allow.iter().find(|allow| allow.fits(&rules[index], path, secret))?;
        Some(Suppression { kind: SuppressionKind::Config, reason: allow.reason.clone(), owner: None, until: None })
    }
}

/// Says that policies were not looked for in a document that may hold some.
pub(crate) fn unread(path: &str) -> Skip {
    let reason = "too large to be read for policies; secrets were looked for".to_string();
    Skip { path: path.into(), kind: SkipKind::Incomplete, reason }
}

/// Scans documents one after another.
pub struct Scanner<'e> {
    pub(crate) engine: &'e Engine,
    secrets: keylint_secrets::Scanner<'e>,
}

impl fmt::Debug for Scanner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").field("engine", self.engine).finish_non_exhaustive()
    }
}

impl<'e> Scanner<'e> {
    /// Scans a document that is in memory.
    pub fn scan(&mut self, document: &Document<'_>) -> Scan {
        let policies = self.engine.policies.scan(document);
        self.whole(document, policies)
    }

    /// Scans a document in memory that is a file of a Terraform module: what the other files say about its policies counts.
    /// Their paths stand in labels.
    pub fn scan_in_module(&mut self, document: &Document<'_>, module: &Module) -> Scan {
        let policies = self.engine.policies.scan_in_module(document, module);
        self.whole(document, policies)
    }

    /// What is said of a whole document, of whose policies the findings are known.
    fn whole(&mut self, document: &Document<'_>, policies: Vec<Diagnostic>) -> Scan {
        let capped = policies.len() >= keylint_policy::MAX_DIAGNOSTICS;
        let (mut scan, comments) = self.judged(document, policies);
        if capped {
            let reason =
                format!("{} findings about policies, further ones are not reported", keylint_policy::MAX_DIAGNOSTICS);
            scan.skipped.push(Skip { path: document.path.into(), kind: SkipKind::Incomplete, reason });
        }
        if document.text.len() > MAX_DOCUMENT
            && self.engine.policies.format(document).is_some_and(|format| format.may_hold(document.text))
        {
            scan.skipped.push(unread(document.path));
        }
        fix::propose(document, &mut scan.diagnostics, &|_, _| false);
        if let Some(unused) = self.engine.unused.as_ref().filter(|_| !comments.is_empty()) {
            scan.diagnostics.extend(unused.diagnostics(document, &comments));
            keylint_diagnostics::sort_by(&mut scan.diagnostics, |a, b| {
                (a.primary.span, &a.rule).cmp(&(b.primary.span, &b.rule))
            });
        }
        scan
    }

    /// Scans a part of a document, in which a comment may seem to suppress nothing, and to which no fix applies.
    pub(crate) fn scan_part(&mut self, document: &Document<'_>) -> Scan {
        self.judged(document, Vec::new()).0
    }

    /// The secrets and what else was found, and the comments that suppress none of it.
    fn judged(&mut self, document: &Document<'_>, others: Vec<Diagnostic>) -> (Scan, Vec<suppression::Own>) {
        let (mut diagnostics, skip) = self.secrets.scan(document);
        if !others.is_empty() {
            diagnostics.extend(others);
            keylint_diagnostics::sort_by(&mut diagnostics, |a, b| {
                (a.primary.span, &a.rule).cmp(&(b.primary.span, &b.rule))
            });
        }
        let comments = self.engine.suppress(document, &mut diagnostics);
        (Scan { diagnostics, skipped: skip.into_iter().collect() }, comments)
    }

    /// Begins to scan a document that is too large for memory: secrets only.
    pub fn stream(&mut self, path: &str) -> Stream<'_, 'e> {
        Stream::new(self, path)
    }
}
