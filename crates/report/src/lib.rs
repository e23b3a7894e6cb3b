//! The result formats. The only crate that knows them; everything it prints is masked and escaped for its place.
//! Not here: what is found, or where the bytes go.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod azure;
mod checkstyle;
mod concise;
mod csv;
mod decode;
mod entry;
mod escape;
mod excerpt;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod line_hashes;
mod markdown;
mod masked;
mod options;
mod places;
mod rdjson;
mod sarif;
mod summary;
mod text;
mod view;

use std::io;

use keylint_diagnostics::{Confidence, Diagnostic, Severity};
use keylint_rules::Rule;

pub use line_hashes::LineHashes;
pub use options::{Format, Gate, Options, UnknownFormat};
pub use summary::{Scope, Summary, Tally, Tool};
pub use view::{Commit, View};

/// Takes what a run finds and writes it in one format.
pub trait Sink {
    /// Takes a document's findings, suppressed ones included, by span. Called in path order, also for documents
    /// without findings if the host likes; once for a document that was in memory, several times, in order, with
    /// pieces for a streamed one.
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()>;

    /// Writes what only the end of the run can say, and flushes. Called once, last.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// A sink for `format` that writes to `out`. `rules` are the rules that ran.
pub fn sink<'a>(
    format: Format,
    rules: &'a [Rule],
    options: Options,
    out: Box<dyn io::Write + 'a>,
) -> Box<dyn Sink + 'a> {
    match format {
        Format::Text => Box::new(text::Text::new(options, out)),
        Format::Concise => Box::new(concise::Concise::new(options, out)),
        Format::Json => Box::new(json::Json::new(false, rules, options, out)),
        Format::Jsonl => Box::new(json::Json::new(true, rules, options, out)),
        Format::Sarif => Box::new(sarif::Sarif::new(rules, out)),
        Format::Github => Box::new(github::Github::new(out)),
        Format::Gitlab => Box::new(gitlab::Gitlab::new(out)),
        Format::Azure => Box::new(azure::Azure::new(out)),
        Format::Junit => Box::new(junit::Junit::new(out)),
        Format::Checkstyle => Box::new(checkstyle::Checkstyle::new(out)),
        Format::Rdjson => Box::new(rdjson::Rdjson::new(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out)),
        Format::Html => Box::new(html::Html::new(out)),
        Format::Csv => Box::new(csv::Csv::new(out)),
    }
}

/// `text` as one line that does nothing to a terminal: what would act, hide or reorder is spelled out.
pub fn printable(text: &str) -> String {
    escape::terminal(text, false)
}

/// How loudly a finding is said: `error` at the gate, below it `warning`, or `note` where it is hardly worth a look.
fn level(diagnostic: &Diagnostic, gate: &Gate) -> &'static str {
    if gate.fails(diagnostic) {
        "error"
    } else if diagnostic.severity >= Severity::Medium && diagnostic.confidence >= Confidence::Medium {
        "warning"
    } else {
        "note"
    }
}
