//! JUnit XML, which nearly every build server reads: a suite for each document, a case for each finding. A finding at the
//! gate is a failure, one below it a skipped case, a document that was not scanned an error.
//! Not here: times, which would make two reports of one text differ.

use std::io;

use keylint_diagnostics::{Diagnostic, Origin};

use crate::{
    Sink, Summary, View,
    entry::{self, Entry},
    escape::{xml, xml_exact},
    masked::{Masked, Seen},
};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"keylint\">\n";

/// The sink of [`crate::Format::Junit`].
pub(crate) struct Junit<'a> {
    out: Box<dyn io::Write + 'a>,
    seen: Seen,
    begun: bool,
    /// The suite that is being filled: a document may come in pieces.
    suite: Option<Suite>,
}

struct Suite {
    document: (String, Origin, String),
    cases: String,
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl<'a> Junit<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Junit<'a> {
        Junit { out, seen: Seen::default(), begun: false, suite: None }
    }

    /// Writes the suite, if there is one.
    fn end_suite(&mut self) -> io::Result<()> {
        let Some(suite) = self.suite.take() else { return Ok(()) };
        let Suite { document: (path, ..), cases, tests, failures, skipped } = suite;
        self.begin()?;
        writeln!(
            self.out,
            "<testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">",
            xml_exact(&path)
        )?;
        writeln!(self.out, "{cases}</testsuite>")
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            self.out.write_all(HEAD.as_bytes())?;
        }
        Ok(())
    }
}

impl Sink for Junit<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        // Also of suppressed ones: a later piece must not show them.
        let masked = Masked::new(view, diagnostics, &mut self.seen, false);
        let entries = entry::open(&masked, diagnostics);
        if entries.is_empty() {
            return Ok(());
        }
        let document = (view.path.to_string(), view.origin, view.version().to_string());
        if self.suite.as_ref().is_some_and(|suite| suite.document != document || view.whole) {
            self.end_suite()?;
        }
        let empty = Suite { document, cases: String::new(), tests: 0, failures: 0, skipped: 0 };
        let suite = self.suite.get_or_insert(empty);
        for entry in entries {
            suite.tests += 1;
            let fails = view.gate.fails(entry.diagnostic);
            if fails {
                suite.failures += 1
            } else {
                suite.skipped += 1
            }
            suite.cases.push_str(&case(&entry, &masked, fails));
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.end_suite()?;
        self.begin()?;
        let (holes, more) = entry::holes(summary);
        let errors = holes.len() + usize::from(more > 0);
        // A report without any case counts as missing with most servers.
        writeln!(
            self.out,
            "<testsuite name=\"keylint\" tests=\"{}\" failures=\"0\" errors=\"{errors}\" skipped=\"0\">",
            errors.max(1)
        )?;
        if errors == 0 {
            let said = format!("{} scanned", crate::text::words::number(summary.files, "file"));
            writeln!(self.out, "<testcase name=\"{}\" classname=\"keylint\"/>", xml(&said))?;
        }
        for skip in holes {
            let (name, reason) = (xml_exact(&skip.path), xml(&skip.reason));
            writeln!(
                self.out,
                "<testcase name=\"{name}\" classname=\"keylint\"><error type=\"incomplete\" message=\"not scanned: {reason}\"/></testcase>"
            )?;
        }
        if more > 0 {
            writeln!(
                self.out,
                "<testcase name=\"others\" classname=\"keylint\"><error type=\"incomplete\" message=\"{more} more documents were not scanned\"/></testcase>"
            )?;
        }
        self.out.write_all(b"</testsuite>\n</testsuites>\n")?;
        self.out.flush()
    }
}

fn case(entry: &Entry<'_>, masked: &Masked<'_>, fails: bool) -> String {
    let path = xml_exact(masked.view.path);
    let place = entry.place();
    let line = entry.range.map_or(String::new(), |(start, _)| format!(" line=\"{}\"", start.line));
    let message = xml(&entry.sentence());
    let name = format!("{}{}", xml(entry.rule()), place);
    let outcome = if fails {
        let mut text = format!("{}{place}", masked.view.path);
        text.extend(entry.excerpt(masked).map(|excerpt| format!("\n{}", excerpt.text)));
        text.extend(entry.revoke().map(|revoke| format!("\nrevoke: {revoke}")));
        let text: Vec<_> = text.lines().map(xml).collect();
        let severity = entry.diagnostic.severity;
        format!("<failure type=\"{severity}\" message=\"{message}\">{}</failure>", text.join("\n"))
    } else {
        format!("<skipped message=\"below the gate: {message}\"/>")
    };
    format!("<testcase name=\"{name}\" classname=\"{path}\" file=\"{path}\"{line}>{outcome}</testcase>\n")
}
