//! Frames for people, as rustc draws them, and the last line that counts everything.
//! Not here: how a frame is drawn (`frame`), or how numbers are worded (`words`).

mod frame;
pub(crate) mod words;

use std::io;

use keylint_diagnostics::{Diagnostic, Fingerprint, Map, Origin, RuleId, Skip, SkipKind};

use crate::{
    Options, Sink, Summary, View, escape,
    masked::{Masked, Seen},
};

/// How many documents that were not scanned are named without `--verbose`.
const MAX_SKIPS: usize = 100;

/// Other places of a secret that are named.
const MAX_PLACES: usize = 5;

/// The sink of [`crate::Format::Text`].
pub(crate) struct Text<'a> {
    out: Box<dyn io::Write + 'a>,
    options: Options,
    seen: Seen,
    /// Rules whose way to revoke was said.
    told: Map<Box<str>, ()>,
    /// The document that is being told, which may come in pieces, and how many there were.
    document: Option<(Box<str>, Origin, Box<str>)>,
    documents: u64,
    /// Its frames: one for a secret, however often it stands there.
    blocks: Vec<Block>,
    /// Suppressed and other places of a secret are told apart.
    places: Map<(RuleId, Fingerprint, bool), usize>,
}

struct Block {
    frame: frame::Frame,
    /// Lines of the first few other places, and how many places there are.
    lines: Vec<u32>,
    others: usize,
    /// Whether the finding counts.
    open: bool,
}

impl<'a> Text<'a> {
    pub(crate) fn new(options: Options, out: Box<dyn io::Write + 'a>) -> Text<'a> {
        Text {
            out,
            options,
            seen: Seen::default(),
            told: Map::new(),
            document: None,
            documents: 0,
            blocks: Vec::new(),
            places: Map::new(),
        }
    }

    /// Makes the view's document the one that is told.
    fn turn_to(&mut self, view: &View<'_>) -> io::Result<()> {
        let known = |(path, origin, version): &(Box<str>, Origin, Box<str>)| {
            **path == *view.path && *origin == view.origin && **version == *view.version()
        };
        if !self.document.as_ref().is_some_and(known) || view.whole {
            self.end_document()?;
            self.document = Some((view.path.into(), view.origin, view.version().into()));
        }
        Ok(())
    }

    /// Writes the frames of the document.
    fn end_document(&mut self) -> io::Result<()> {
        self.documents += u64::from(self.blocks.iter().any(|block| block.open));
        self.places.clear();
        for block in self.blocks.drain(..) {
            writeln!(self.out, "{}", block.frame.finish((&block.lines, block.others), &self.options))?;
        }
        Ok(())
    }

    /// Draws a finding, or counts it as another place of one that was drawn.
    fn add(&mut self, masked: &Masked<'_>, diagnostic: &Diagnostic) {
        let open = diagnostic.suppressed.is_none();
        let key = (diagnostic.rule.clone(), diagnostic.fingerprint, open);
        let Some(&known) = self.places.get(&key) else {
            let first = self.told.insert(diagnostic.rule.as_str().into(), ());
            let frame = frame::draw(masked, diagnostic, first, &self.options);
            self.places.insert(key, self.blocks.len());
            return self.blocks.push(Block { frame, lines: Vec::new(), others: 0, open });
        };
        let block = &mut self.blocks[known];
        block.others += 1;
        let line = masked.position(&diagnostic.primary).map(|(start, _)| start.line);
        if let Some(line) = line.filter(|line| block.others <= MAX_PLACES && block.lines.last() != Some(line)) {
            block.lines.push(line);
        }
    }
}

impl Sink for Text<'_> {
    fn document(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        self.turn_to(view)?;
        let masked = Masked::new(view, diagnostics, &mut self.seen, self.options.show_secrets);
        for diagnostic in diagnostics {
            if self.options.prints(diagnostic) {
                self.add(&masked, diagnostic);
            }
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.end_document()?;
        let ascii = self.options.ascii;
        let mut text = String::new();
        let shown = |skip: &&Skip| self.options.verbose || skip.kind == SkipKind::Incomplete;
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
