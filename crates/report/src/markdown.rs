//! A page of Markdown for people: counts, a table of the worst findings, what to do, what was not scanned.
//! Not here: links into a repository, which only the host knows how to make.

use std::io;

use keylint_diagnostics::{Confidence, Diagnostic, Map, Severity};

use crate::{
    Sink, Summary, View,
    entry::{self, Entry},
    escape::{markdown, markdown_code, one_line},
    masked::{Masked, Seen},
    text::words,
};

/// Rows of the table. A comment on GitHub takes 65,536 characters, and nobody reads more.
const MAX_ROWS: usize = 200;
/// Documents that were not scanned and are named.
const MAX_SKIPS: usize = 50;

/// The sink of [`crate::Format::Markdown`]. Keeps only what it will print.
pub(crate) struct Markdown<'a> {
    out: Box<dyn io::Write + 'a>,
    seen: Seen,
    /// The worst findings, worst first.
    rows: Vec<(Severity, Confidence, String)>,
    findings: usize,
    documents: u64,
    last: String,
    /// How to revoke what was found, by rule.
    revoke: Map<String, String>,
}

impl<'a> Markdown<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Markdown<'a> {
        Markdown {
            out,
            seen: Seen::default(),
            rows: Vec::new(),
            findings: 0,
            documents: 0,
            last: String::new(),
            revoke: Map::new(),
        }
    }
}

impl Sink for Markdown<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        let masked = Masked::new(view, diagnostics, &mut self.seen, false);
        let entries = entry::open(&masked, diagnostics);
        if entries.is_empty() {
            return Ok(());
        }
        let document = format!("{}\0{}", view.path, view.version());
        if self.last != document {
            self.last = document;
            self.documents += 1;
        }
        for entry in entries {
            self.findings += 1;
            if let Some(revoke) = entry.revoke() {
                self.revoke.get_or_insert_with(entry.rule().into(), || revoke.into());
            }
            let (severity, confidence) = (entry.diagnostic.severity, entry.diagnostic.confidence);
            let place = self.rows.partition_point(|(s, c, _)| (*s, *c) >= (severity, confidence));
            if place < MAX_ROWS {
                self.rows.insert(place, (severity, confidence, row(&entry, &masked)));
                self.rows.truncate(MAX_ROWS);
            }
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let mut text = format!("## keylint\n\n{}\n", words::last_line(summary, self.documents, false));
        if !self.rows.is_empty() {
            text.push_str("\n| severity | rule | place | text | finding |\n| --- | --- | --- | --- | --- |\n");
            self.rows.iter().for_each(|(_, _, row)| text.push_str(row));
        }
        if self.findings > self.rows.len() {
            text.push_str(&format!("\n{} more findings are not listed.\n", self.findings - self.rows.len()));
        }
        if !self.revoke.is_empty() {
            text.push_str("\n### How to revoke\n\n");
            for (rule, revoke) in self.revoke.iter() {
                let revoke = one_line(revoke);
                let revoke = if is_link(&revoke) { format!("<{revoke}>") } else { markdown(&revoke) };
                text.push_str(&format!("- {}: {revoke}\n", markdown_code(rule)));
            }
        }
        let holes: Vec<_> = summary.incomplete().collect();
        if !holes.is_empty() {
            text.push_str("\n### Not scanned\n\n");
            for skip in holes.iter().take(MAX_SKIPS) {
                text.push_str(&format!("- {}: {}\n", markdown_code(&skip.path), markdown(&skip.reason)));
            }
            if holes.len() > MAX_SKIPS {
                text.push_str(&format!("- and {} more\n", holes.len() - MAX_SKIPS));
            }
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// Whether a step of a rule file is an address and nothing else.
fn is_link(text: &str) -> bool {
    text.starts_with("https://") && !text.contains([' ', '<', '>'])
}

fn row(entry: &Entry<'_>, masked: &Masked<'_>) -> String {
    let severity = entry.diagnostic.severity;
    let strong = if entry.level == "error" { "**" } else { "" };
    let place = format!("{}{}", masked.view.path, entry.place());
    let excerpt = entry.excerpt(masked).unwrap_or_default().text;
    let mut message = entry.message.clone();
    let facts = entry.facts();
    if !facts.is_empty() {
        message.push_str(&format!("; {facts}"));
    }
    format!(
        "| {strong}{severity}{strong} | {} | {} | {} | {} |\n",
        markdown_code(entry.rule()),
        markdown_code(&place),
        markdown_code(excerpt.trim()),
        markdown(&message)
    )
}
