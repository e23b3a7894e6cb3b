//! Checkstyle XML, which many review tools and build servers read.
//! Not here: anything that Checkstyle has no attribute for, such as where a finding ends.

use std::io;

use keylint_diagnostics::Diagnostic;

use crate::{
    Sink, Summary, View,
    entry::{self, Entry},
    escape::{xml, xml_exact},
    masked::{Masked, Seen},
};

/// Version of Checkstyle whose format this is.
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"10.0\">\n";

/// The sink of [`crate::Format::Checkstyle`]. Findings are written as they come; a document in pieces is several elements.
pub(crate) struct Checkstyle<'a> {
    out: Box<dyn io::Write + 'a>,
    begun: bool,
}

impl<'a> Checkstyle<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Checkstyle<'a> {
        Checkstyle { out, begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            self.out.write_all(HEAD.as_bytes())?;
        }
        Ok(())
    }
}

impl Sink for Checkstyle<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        let masked = Masked::new(view, diagnostics, &mut Seen::default(), false);
        let entries = entry::open(&masked, diagnostics);
        if entries.is_empty() {
            return Ok(());
        }
        self.begin()?;
        let errors: String = entries.iter().map(error).collect();
        writeln!(self.out, "<file name=\"{}\">\n{errors}</file>", xml_exact(view.path))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.begin()?;
        let (holes, more) = entry::holes(summary);
        for skip in holes {
            let (path, reason) = (xml_exact(&skip.path), xml(&skip.reason));
            writeln!(
                self.out,
                "<file name=\"{path}\">\n<error line=\"1\" severity=\"error\" message=\"not scanned: {reason}\" source=\"keylint.incomplete-scan\"/>\n</file>"
            )?;
        }
        if more > 0 {
            writeln!(
                self.out,
                "<file name=\".\">\n<error line=\"1\" severity=\"error\" message=\"{more} more documents were not scanned\" source=\"keylint.incomplete-scan\"/>\n</file>"
            )?;
        }
        self.out.write_all(b"</checkstyle>\n")?;
        self.out.flush()
    }
}

fn error(entry: &Entry<'_>) -> String {
    let severity = if entry.level == "note" { "info" } else { entry.level };
    let place = match entry.range {
        Some((start, _)) => format!("line=\"{}\" column=\"{}\"", start.line, start.column),
        None => "line=\"1\"".into(),
    };
    let (message, rule) = (xml(&entry.sentence()), xml(entry.rule()));
    format!("<error {place} severity=\"{severity}\" message=\"{message}\" source=\"keylint.{rule}\"/>\n")
}
