//! Logging commands of Azure Pipelines, which shows them as issues of a run.
//! Not here: what its security dashboard reads, which is SARIF.

use std::io;

use keylint_diagnostics::Diagnostic;

use crate::{
    Sink, Summary, View, entry, escape,
    masked::{Masked, Seen},
};

/// The sink of [`crate::Format::Azure`].
pub(crate) struct Azure<'a> {
    out: Box<dyn io::Write + 'a>,
}

impl<'a> Azure<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Azure<'a> {
        Azure { out }
    }
}

impl Sink for Azure<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(view, diagnostics, &mut Seen::default(), false);
        let path = escape::azure(view.path);
        for entry in entry::open(&masked, diagnostics) {
            // There are two types only.
            let kind = if entry.level == "error" { "error" } else { "warning" };
            let place = entry.range.map_or(String::new(), |(start, _)| {
                format!("linenumber={};columnnumber={};", start.line, start.column)
            });
            let (rule, message) = (escape::azure(entry.rule()), escape::azure(&entry.sentence()));
            writeln!(self.out, "##vso[task.logissue type={kind};sourcepath={path};{place}code={rule};]{message}")?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let (holes, more) = entry::holes(summary);
        for skip in holes {
            let (path, reason) = (escape::azure(&skip.path), escape::azure(&skip.reason));
            writeln!(self.out, "##vso[task.logissue type=error;sourcepath={path};]not scanned: {reason}")?;
        }
        if more > 0 {
            writeln!(self.out, "##vso[task.logissue type=error;]{more} more documents were not scanned")?;
        }
        self.out.flush()
    }
}
