//! The contract for programs: `share/keylint-report.schema.json`. Fields are only ever added.
//! Not here: SARIF, which is somebody else's contract.

mod model;

use std::io;

use keylint_diagnostics::Diagnostic;
use keylint_rules::Rule;

use crate::{
    Options, Sink, Summary, View,
    masked::{Masked, Seen},
};

/// How the object begins. The version changes only if a field goes or changes its meaning.
const HEAD: &str = "{\"version\":1,\"diagnostics\":[\n";
/// How an object without findings begins.
const EMPTY: &str = "{\"version\":1,\"diagnostics\":[],";
/// How the last line of many begins.
const LAST: &str = "{\"version\":1,";

/// The sink of [`crate::Format::Json`] and [`crate::Format::Jsonl`]. Findings are written as they come, so that a run
/// with many of them needs no memory; that is why what only the end knows stands behind them.
pub(crate) struct Json<'a> {
    out: Box<dyn io::Write + 'a>,
    rules: &'a [Rule],
    options: Options,
    lines: bool,
    seen: Seen,
    /// Whether anything was written.
    begun: bool,
}

impl<'a> Json<'a> {
    /// One object, or with `lines` one for each line.
    pub(crate) fn new(lines: bool, rules: &'a [Rule], options: Options, out: Box<dyn io::Write + 'a>) -> Json<'a> {
        Json { out, rules, options, lines, seen: Seen::default(), begun: false }
    }
}

impl Sink for Json<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(view, diagnostics, &mut self.seen, self.options.show_secrets);
        let mut text = Vec::new();
        for diagnostic in diagnostics {
            if !self.lines {
                let lead = if self.begun { ",\n" } else { HEAD };
                text.extend(lead.as_bytes());
            }
            self.begun = true;
            serde_json::to_writer(&mut text, &model::diagnostic(&masked, diagnostic, self.rules))?;
            if self.lines {
                text.push(b'\n');
            }
        }
        self.out.write_all(&text)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let end = serde_json::to_string(&model::end(summary))?;
        if self.lines {
            writeln!(self.out, "{LAST}{}", &end[1..])?;
        } else {
            let lead = if self.begun { "\n]," } else { EMPTY };
            writeln!(self.out, "{lead}{}", &end[1..])?;
        }
        self.out.flush()
    }
}
