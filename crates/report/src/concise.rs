//! One line for each finding, for grep and for editors: `path:line:col: severity[rule] message`.
//! Not here: anything of the document's text.

use std::{fmt::Write, io};

use keylint_diagnostics::Diagnostic;

use crate::{
    Options, Sink, Summary, View, escape,
    masked::{Masked, Seen},
};

/// The sink of [`crate::Format::Concise`].
pub(crate) struct Concise<'a> {
    out: Box<dyn io::Write + 'a>,
    options: Options,
}

impl<'a> Concise<'a> {
    pub(crate) fn new(options: Options, out: Box<dyn io::Write + 'a>) -> Concise<'a> {
        Concise { out, options }
    }
}

impl Sink for Concise<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let ascii = self.options.ascii;
        let masked = Masked::new(view, diagnostics, &mut Seen::default(), false);
        let path = escape::terminal(view.path, ascii);
        let mut text = String::new();
        for diagnostic in diagnostics.iter().filter(|diagnostic| self.options.prints(diagnostic)) {
            let place = masked.position(&diagnostic.primary);
            let place = place.map_or(String::new(), |(start, _)| format!(":{}:{}", start.line, start.column));
            let message = escape::terminal(&diagnostic.message, ascii);
            let commit = view.commit.map(|commit| format!(" ({})", escape::terminal(&commit.remark(), ascii)));
            let commit = commit.unwrap_or_default();
            let suppressed = diagnostic.suppressed.as_ref();
            let suppressed = suppressed.map_or(String::new(), |by| format!(" (suppressed: {})", by.kind));
            let _ = writeln!(
                text,
                "{path}{place}: {}[{}] {message}{commit}{suppressed}",
                diagnostic.severity, diagnostic.rule
            );
        }
        self.out.write_all(text.as_bytes())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let ascii = self.options.ascii;
        for skip in summary.incomplete() {
            let (path, reason) = (escape::terminal(&skip.path, ascii), escape::terminal(&skip.reason, ascii));
            writeln!(self.out, "{path}: not scanned: {reason}")?;
        }
        self.out.flush()
    }
}
