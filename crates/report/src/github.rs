//! Workflow commands, which GitHub shows as annotations of a run and in the diff of a pull request.
//! Not here: `::add-mask::`, which would print the secret; the Action does that without a log.

use std::io;

use keylint_diagnostics::{Confidence, Diagnostic, Severity};

use crate::{
    Sink, Summary, View, escape, level,
    masked::{Masked, Seen},
};

/// GitHub shows this many annotations of a level and step, and drops the rest without a word.
const MAX: usize = 10;
/// Documents named in the annotation about what was not scanned.
const MAX_SKIPS: usize = 10;
const LEVELS: [(&str, &str); 3] = [("error", "error"), ("warning", "warning"), ("note", "notice")];

/// The sink of [`crate::Format::Github`]. Keeps only what it will print.
pub(crate) struct Github<'a> {
    out: Box<dyn io::Write + 'a>,
    /// The worst findings of each level, worst first.
    worst: [Vec<(Severity, Confidence, String)>; LEVELS.len()],
    findings: usize,
}

impl<'a> Github<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Github<'a> {
        Github { out, worst: Default::default(), findings: 0 }
    }
}

impl Sink for Github<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(view, diagnostics, &mut Seen::default(), false);
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.suppressed.is_none()) {
            self.findings += 1;
            let level = level(diagnostic, &view.gate);
            let index = LEVELS.iter().position(|(name, _)| *name == level).unwrap_or_default();
            let worst = &mut self.worst[index];
            let rank = (diagnostic.severity, diagnostic.confidence);
            let place = worst.partition_point(|(severity, confidence, _)| (*severity, *confidence) >= rank);
            if place < MAX {
                worst.insert(place, (rank.0, rank.1, command(LEVELS[index].1, &masked, diagnostic)));
                worst.truncate(MAX);
            }
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let incomplete: Vec<_> = summary.incomplete().collect();
        let [errors, warnings, notices] = &mut self.worst;
        // What is said beside the findings needs a place of its own.
        warnings.truncate(if incomplete.is_empty() { MAX } else { MAX - 1 });
        if errors.len() + warnings.len() + notices.len() < self.findings {
            notices.truncate(MAX - 1);
        }
        let shown = errors.len() + warnings.len() + notices.len();
        let mut text: String = self.worst.iter().flatten().map(|(_, _, command)| command.as_str()).collect();
        if !incomplete.is_empty() {
            let were = if incomplete.len() == 1 { "document was" } else { "documents were" };
            let mut message = format!("{} {were} not scanned, so the scan is incomplete", incomplete.len());
            for skip in incomplete.iter().take(MAX_SKIPS) {
                message.push_str(&format!("\n{}: {}", skip.path, skip.reason));
            }
            text.push_str(&format!("::warning title=keylint::{}\n", escape::command_data(&message)));
        }
        if shown < self.findings {
            let more = self.findings - shown;
            text.push_str(&format!("::notice title=keylint::{more} more findings are not shown as annotations: GitHub shows {MAX} of each level\n"));
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=…::message`. Columns stand only on a single line: with
/// several GitHub refuses them.
fn command(name: &str, masked: &Masked<'_>, diagnostic: &Diagnostic) -> String {
    let file = escape::command_property(masked.view.path);
    let mut command = format!("::{name} file={file}");
    if let Some((start, end)) = masked.position(&diagnostic.primary) {
        command.push_str(&format!(",line={},endLine={}", start.line, end.line));
        if start.line == end.line {
            command.push_str(&format!(",col={},endColumn={}", start.column, end.column));
        }
    }
    let title = escape::command_property(&format!("{}[{}]", diagnostic.severity, diagnostic.rule));
    let mut message = diagnostic.message.clone();
    if let Some(commit) = masked.view.commit {
        message.push_str(&format!(" ({})", escape::one_line(&commit.remark())));
    }
    if !diagnostic.evidence.is_empty() {
        let facts: Vec<_> = diagnostic.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
        message.push_str(&format!("\nevidence: {}", facts.join(", ")));
    }
    if let Some(about) = masked.view.about(diagnostic.rule.as_str()).filter(|about| !about.response.revoke.is_empty()) {
        message.push_str(&format!("\nrevoke: {}", escape::one_line(&about.response.revoke)));
    }
    format!("{command},title={title}::{}\n", escape::command_data(&message))
}
