//! Scans a document that comes in pieces, in bounded memory. Not a second engine: each block is scanned like a document.
//!
//! Blocks have a fixed length, so the way the pieces are cut makes no difference. Each is scanned with a margin on both
//! sides, wide enough for the longest secret and its surroundings, and gives the findings that start in it.

use std::fmt;

use keylint_diagnostics::{Diagnostic, Document, Encoding, Label, Skip, SkipKind, Span};

use keylint_policy::hosts::Format;

use crate::{Scan, Scanner, engine::unread};

/// Bytes that each scan settles: large enough that the margins cost little. A multiple of every code unit's size.
const BLOCK: usize = 4 << 20;
/// Bytes seen on each side of a block: four times the longest match, for its name, its partner and its comment.
const MARGIN: usize = 64 << 10;
/// Findings kept for one document, as for one in memory.
const MAX_DIAGNOSTICS: usize = keylint_secrets::MAX_DIAGNOSTICS;

/// A document that comes in pieces.
pub struct Stream<'s, 'e> {
    scanner: &'s mut Scanner<'e>,
    path: String,
    /// What has come and is not yet settled, with up to `MARGIN` settled bytes before it.
    buffer: Vec<u8>,
    /// Offset of the buffer in the document.
    base: u64,
    /// Offset up to which findings are settled.
    settled: u64,
    encoding: Option<Encoding>,
    /// The format of the document where policies may stand in it; they are not looked for in pieces.
    format: Option<Format>,
    /// Whether what has come may hold a policy.
    policies: bool,
    found: usize,
    capped: bool,
}

impl fmt::Debug for Stream<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("path", &self.path).field("settled", &self.settled).finish_non_exhaustive()
    }
}

impl<'s, 'e> Stream<'s, 'e> {
    pub(crate) fn new(scanner: &'s mut Scanner<'e>, path: &str) -> Stream<'s, 'e> {
        let buffer = Vec::with_capacity(BLOCK + 2 * MARGIN);
        Stream {
            scanner,
            path: path.into(),
            buffer,
            base: 0,
            settled: 0,
            encoding: None,
            format: None,
            policies: false,
            found: 0,
            capped: false,
        }
    }

    /// Takes the next piece, of any size; how the text is cut makes no difference to what is found.
    /// Gives the findings that are settled, with spans in the whole document.
    pub fn push(&mut self, mut piece: &[u8]) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        while !piece.is_empty() {
            let full = (self.settled - self.base) as usize + BLOCK + MARGIN;
            let take = piece.len().min(full - self.buffer.len());
            self.buffer.extend_from_slice(&piece[..take]);
            piece = &piece[take..];
            if self.buffer.len() == full {
                self.settle(self.settled + BLOCK as u64, &mut out);
            }
        }
        out
    }

    /// Ends the document.
    pub fn finish(mut self) -> Scan {
        let mut diagnostics = Vec::new();
        self.settle(u64::MAX, &mut diagnostics);
        let mut skipped = Vec::new();
        if self.policies {
            skipped.push(unread(&self.path));
        }
        if self.capped {
            let reason = format!("more than {MAX_DIAGNOSTICS} findings, the rest is not reported");
            skipped.push(Skip { path: self.path, kind: SkipKind::Incomplete, reason });
        }
        Scan { diagnostics, skipped }
    }

    /// Scans the buffer and gives what starts between what is settled and `until`.
    fn settle(&mut self, until: u64, out: &mut Vec<Diagnostic>) {
        if self.encoding.is_none() {
            self.format = self.scanner.engine.policies.format(&Document::new(&self.path, &self.buffer));
        }
        // The margins are longer than any word, so none is cut.
        self.policies |= self.format.is_some_and(|format| !self.policies && format.may_hold(&self.buffer));
        let encoding = *self.encoding.get_or_insert_with(|| Encoding::detect(&self.buffer));
        // A later block of UTF-16 has no mark; it gets one, and spans move by its length.
        let marked =
            (self.base > 0 && encoding != Encoding::Utf8).then(|| [encoding.byte_order_mark(), &self.buffer].concat());
        let lead = marked.as_ref().map_or(0, |_| encoding.byte_order_mark().len()) as u64;
        let text = marked.as_deref().unwrap_or(&self.buffer);
        let scan = self.scanner.scan_part(&Document::new(&self.path, text));
        for mut diagnostic in scan.diagnostics {
            let start = self.base + u64::from(diagnostic.primary.span.start)
                - lead.min(u64::from(diagnostic.primary.span.start));
            if !(self.settled..until).contains(&start) {
                continue;
            }
            if self.found == MAX_DIAGNOSTICS {
                self.capped = true;
                break;
            }
            self.found += 1;
            let place = |label: &mut Label| {
                let moved = |offset: u32| u32::try_from(self.base + u64::from(offset) - lead).unwrap_or(u32::MAX);
                label.span = Span { start: moved(label.span.start), end: moved(label.span.end) };
            };
            place(&mut diagnostic.primary);
            diagnostic.related.iter_mut().for_each(place);
            out.push(diagnostic);
        }
        self.settled = until;
        let keep = (until.saturating_sub(self.base) as usize).saturating_sub(MARGIN).min(self.buffer.len());
        self.buffer.drain(..keep);
        self.base += keep as u64;
    }
}
