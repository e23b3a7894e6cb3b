//! A table for spreadsheets, one row for each finding, suppressed ones included. No field is a formula.
//! Not here: what was not scanned is only a row at the end; a program reads JSON.

use std::io;

use keylint_diagnostics::Diagnostic;

use crate::{
    Sink, Summary, View,
    entry::{self, Entry},
    escape::csv,
    masked::{Masked, Seen},
};

const HEAD: &str = "severity,confidence,rule,message,path,line,column,endLine,endColumn,excerpt,evidence,atGate,suppressed,reason,commit,inHead,fingerprint\r\n";

/// The sink of [`crate::Format::Csv`].
pub(crate) struct Csv<'a> {
    out: Box<dyn io::Write + 'a>,
    seen: Seen,
    begun: bool,
}

impl<'a> Csv<'a> {
    pub(crate) fn new(out: Box<dyn io::Write + 'a>) -> Csv<'a> {
        Csv { out, seen: Seen::default(), begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            self.out.write_all(HEAD.as_bytes())?;
        }
        Ok(())
    }
}

impl Sink for Csv<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        self.begin()?;
        let masked = Masked::new(view, diagnostics, &mut self.seen, false);
        let entries = diagnostics.iter().map(|diagnostic| Entry::new(&masked, diagnostic));
        let rows: String = entries.map(|entry| row(&entry, &masked)).collect();
        self.out.write_all(rows.as_bytes())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.begin()?;
        let (holes, more) = entry::holes(summary);
        let row = |path: &str, message: &str| {
            format!(
                "\"\",\"\",\"incomplete-scan\",{},{},,,,,\"\",\"\",true,\"\",\"\",\"\",,\"\"\r\n",
                csv(message),
                csv(path)
            )
        };
        for skip in holes {
            self.out.write_all(row(&skip.path, &format!("not scanned: {}", skip.reason)).as_bytes())?;
        }
        if more > 0 {
            self.out.write_all(row("", &format!("{more} more documents were not scanned")).as_bytes())?;
        }
        self.out.flush()
    }
}

fn row(entry: &Entry<'_>, masked: &Masked<'_>) -> String {
    let diagnostic = entry.diagnostic;
    let place = entry
        .range
        .map_or(",,,".into(), |(start, end)| format!("{},{},{},{}", start.line, start.column, end.line, end.column));
    let suppression = diagnostic.suppressed.as_ref();
    let commit = masked.view.commit;
    let fields = [
        csv(diagnostic.severity.as_str()),
        csv(diagnostic.confidence.as_str()),
        csv(entry.rule()),
        csv(&diagnostic.message),
        csv(masked.view.path),
        place,
        csv(&entry.excerpt(masked).unwrap_or_default().text),
        csv(&entry.facts()),
        masked.view.gate.fails(diagnostic).to_string(),
        csv(suppression.map_or("", |suppression| suppression.kind.as_str())),
        csv(suppression.and_then(|suppression| suppression.reason.as_deref()).unwrap_or_default()),
        csv(commit.map_or("", |commit| commit.id.as_str())),
        commit.map_or(String::new(), |commit| commit.in_head.to_string()),
        csv(&diagnostic.fingerprint.to_string()),
    ];
    fields.join(",") + "\r\n"
}
