//! Frames for people, as rustc draws them, and the last line that counts everything.
//! Not here: how a frame is drawn (`frame`), or how numbers are worded (`words`).

mod frame;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use keylint_diagnostics::{Diagnostic, Fingerprint, SkipKind};

use crate::{
    Options, Sink, Summary, View, escape,
    masked::{Masked, Seen},
};

/// How many documents that were not scanned are named without `--verbose`.
const MAX_SKIPS: usize = 100;

/// The sink of [`crate::Format::Text`].
pub(crate) struct Text<'a> {
    out: Box<dyn io::Write + 'a>,
    options: Options,
    seen: Seen,
    /// Rules whose way to revoke was said.
    told: BTreeSet<Box<str>>,
    /// Documents with findings, and the last of them.
    documents: u64,
    last: Option<Box<str>>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(options: Options, out: Box<dyn io::Write + 'a>) -> Text<'a> {
        Text { out, options, seen: Seen::default(), told: BTreeSet::new(), documents: 0, last: None }
    }
}

impl Sink for Text<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let masked = Masked::new(view, diagnostics, &mut self.seen, self.options.show_secrets);
        let mut text = String::new();
        for (diagnostic, others) in blocks(diagnostics) {
            let first = self.told.insert(diagnostic.rule.as_str().into());
            frame::draw(&mut text, &masked, diagnostic, &others, first, &self.options);
            text.push('\n');
        }
        if !text.is_empty() && self.last.as_deref() != Some(view.path) {
            self.documents += 1;
            self.last = Some(view.path.into());
        }
        self.out.write_all(text.as_bytes())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let ascii = self.options.ascii;
        let mut text = String::new();
        let shown = |skip: &&keylint_diagnostics::Skip| self.options.verbose || skip.kind == SkipKind::Incomplete;
        let skips: Vec<_> = summary.skipped.iter().filter(shown).collect();
        if !skips.is_empty() {
            text.push_str("not scanned:\n");
            let most = if self.options.verbose { usize::MAX } else { MAX_SKIPS };
            for skip in skips.iter().take(most) {
                let (path, reason) = (escape::terminal(&skip.path, ascii), escape::terminal(&skip.reason, ascii));
                text.push_str(&format!("  {path}: {reason}\n"));
            }
            if skips.len() > most {
                text.push_str(&format!("  and {} more\n", skips.len() - most));
            }
            text.push('\n');
        }
        text.push_str(&words::last_line(summary, self.documents, ascii));
        text.push('\n');
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// The findings to frame, each with its other places in the document: one block for a secret, however often it stands
/// there.
fn blocks(diagnostics: &[Diagnostic]) -> Vec<(&Diagnostic, Vec<&Diagnostic>)> {
    let mut blocks: Vec<(&Diagnostic, Vec<&Diagnostic>)> = Vec::new();
    let mut places: BTreeMap<(&str, Fingerprint), usize> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.suppressed.is_none()) {
        match places.entry((diagnostic.rule.as_str(), diagnostic.fingerprint)) {
            std::collections::btree_map::Entry::Occupied(place) => blocks[*place.get()].1.push(diagnostic),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(blocks.len());
                blocks.push((diagnostic, Vec::new()));
            }
        }
    }
    blocks
}
