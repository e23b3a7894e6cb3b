//! Code Quality of GitLab: an array of issues (<https://docs.gitlab.com/ci/testing/code_quality/>).
//! Not here: GitLab's secret detection report, which has its own schema.

use std::io;

use keylint_diagnostics::{Diagnostic, Map, Severity};
use serde::Serialize;

use crate::{
    Sink, Summary, View,
    entry::{self, Entry},
    masked::{Masked, Seen},
};

/// The sink of [`crate::Format::Gitlab`].
pub(crate) struct Gitlab<'a> {
    out: Box<dyn io::Write + 'a>,
    seen: Seen,
    /// The fingerprints given out: GitLab shows one issue of each.
    given: Map<String, ()>,
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Gitlab<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Gitlab<'a> {
        Gitlab { out, seen: Seen::default(), given: Map::new() }
    }

    /// A name that no other issue of the report has, and that stays the same when lines move: secret, path, and for the
    /// same secret in the same file the how manieth it is.
    fn fingerprint(&mut self, of: &str, path: &str, version: &str) -> String {
        let base = format!("{of}-{:016x}", fnv(path, version));
        let mut name = base.clone();
        let mut number = 1;
        while !self.given.insert(name.clone(), ()) {
            number += 1;
            name = format!("{base}-{number}");
        }
        name
    }

    fn write(&mut self, issue: &Issue<'_>) -> io::Result<()> {
        self.out.write_all(if self.given.len() == 1 { b"[\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.out, issue)?;
        Ok(())
    }
}

impl Sink for Gitlab<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(view, diagnostics, &mut self.seen, false);
        for entry in entry::open(&masked, diagnostics) {
            let of = entry.diagnostic.fingerprint.to_string();
            let fingerprint = self.fingerprint(&of, view.path, view.version());
            self.write(&issue(&entry, view.path, fingerprint))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let (holes, more) = entry::holes(summary);
        for skip in holes {
            let fingerprint = self.fingerprint("incomplete", &skip.path, &skip.reason);
            self.write(&Issue {
                description: format!("not scanned: {}", skip.reason),
                check_name: "incomplete-scan",
                fingerprint,
                severity: "major",
                location: Location { path: &skip.path, lines: Lines { begin: 1, end: 1 } },
            })?;
        }
        if more > 0 {
            let fingerprint = self.fingerprint("incomplete", "", "");
            self.write(&Issue {
                description: format!("{more} more documents were not scanned"),
                check_name: "incomplete-scan",
                fingerprint,
                severity: "major",
                location: Location { path: ".", lines: Lines { begin: 1, end: 1 } },
            })?;
        }
        self.out.write_all(if self.given.is_empty() { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}

/// GitLab does not show `check_name`, so the rule stands in the description too.
fn issue<'a>(entry: &Entry<'a>, path: &'a str, fingerprint: String) -> Issue<'a> {
    let (begin, end) = entry.range.map_or((1, 1), |(start, end)| (start.line, end.line));
    let mut description = format!("[{}] {}", entry.rule(), entry.message);
    let facts = entry.facts();
    if !facts.is_empty() {
        description.push_str(&format!(" ({facts})"));
    }
    Issue {
        description,
        check_name: entry.rule(),
        fingerprint,
        severity: severity(entry.diagnostic.severity),
        location: Location { path, lines: Lines { begin, end } },
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}

/// FNV-1a, <http://www.isthe.com/chongo/tech/comp/fnv>: the same on every host and in every version.
fn fnv(path: &str, version: &str) -> u64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    path.bytes().chain([0]).chain(version.bytes()).fold(0xcbf2_9ce4_8422_2325, fold)
}
