//! Replaces the secrets of a text that comes in pieces by stable placeholders; all other bytes stay as they are.
//! Not here: reading and writing, which the host does, nor reports.
//!
//! A line is settled as soon as it is complete, seen with a few lines before it, so that the output never waits and how
//! the text is cut into pieces makes no difference. Only what follows a `-----BEGIN` is held back, since a private key
//! is known by its body.

mod key;
mod known;

use std::fmt;

use keylint_diagnostics::{Confidence, Diagnostic, Document, Encoding, Label, Severity, SuppressionKind};

use self::{
    key::{closes_key, goes_on, key_begin, key_end, opens_key},
    known::Known,
};
use crate::{Engine, Scanner};

/// Lines before a line that tell what its values are: a name, a partner, the key of a YAML block. Each is scanned again
/// with each line that follows, so their number sets the speed.
const CONTEXT_LINES: usize = 3;
/// Bytes of them, where they are long. A multiple of every code unit.
const CONTEXT: usize = 512;
/// A line longer than this and a margin is settled in parts.
const BLOCK: usize = 64 << 10;
/// Bytes seen behind a part: more than the longest secret, so that one that begins in the part ends here.
const MARGIN: usize = 32 << 10;
/// Lines held back for a private key: RSA with 16384 bits has 200, a PGP key with many subkeys some more.
const HELD_LINES: usize = 800;
/// Bytes of them, less than a block.
const HELD: usize = 56 << 10;
/// A text whose secrets are replaced while it comes in. Holds less than 200 KiB of it.
pub struct Redactor<'e> {
    engine: &'e Engine,
    scanner: Scanner<'e>,
    path: String,
    least: Confidence,
    /// The last lines that were settled, then what is not settled yet.
    buffer: Vec<u8>,
    /// Where the second begins.
    settled: usize,
    /// Where the line that is not complete begins.
    line: usize,
    /// Lines since a `-----BEGIN`.
    held: Option<usize>,
    /// Whether bytes have been dropped from the buffer, so that it does not begin with the mark of its encoding.
    moved: bool,
    encoding: Option<Encoding>,
    known: Known,
}

impl fmt::Debug for Redactor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What is replaced, as offsets in the buffer.
struct Place {
    start: usize,
    end: usize,
    placeholder: String,
}

impl Engine {
    /// Begins to redact a text. `path` tells its kind; `least` is the lowest confidence that is replaced.
    pub fn redactor(&self, path: &str, least: Confidence) -> Redactor<'_> {
        Redactor {
            engine: self,
            scanner: self.scanner(),
            path: path.into(),
            least,
            buffer: Vec::new(),
            settled: 0,
            line: 0,
            held: None,
            moved: false,
            encoding: None,
            known: Known::default(),
        }
    }
}

impl Redactor<'_> {
    /// Takes the next piece, of any size; adds to `out` what is settled. Of an incomplete line nothing is.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let Some(encoding) = self.encoding else {
            self.buffer.extend_from_slice(piece);
            self.encoding = encoding(&self.buffer);
            if self.encoding.is_some() {
                let begin = std::mem::take(&mut self.buffer);
                self.push(&begin, out);
            }
            return;
        };
        let mut piece = piece;
        while !piece.is_empty() {
            let room = BLOCK + MARGIN - (self.buffer.len() - self.settled);
            let head = &piece[..piece.len().min(room)];
            let end = self.line_end(head, encoding);
            let take = end.unwrap_or(head.len());
            self.buffer.extend_from_slice(&head[..take]);
            piece = &piece[take..];
            if end.is_some() {
                self.end_line(out);
            }
            // Also where lines are held back, since what comes next may be one long line.
            if self.buffer.len() - self.settled == BLOCK + MARGIN {
                self.held = None;
                self.settle(self.settled + BLOCK, false, out);
                self.line = self.line.max(self.settled);
            }
        }
    }

    /// Ends the text; adds the rest to `out`.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        if self.encoding.is_none() {
            self.encoding = Some(Encoding::Utf8);
            let begin = std::mem::take(&mut self.buffer);
            self.push(&begin, out);
        }
        match self.held {
            Some(_) if goes_on(&self.buffer[self.line..]) || closes_key(&self.buffer[self.line..]) => {
                self.settle_key(self.buffer.len(), out);
            }
            Some(_) => {
                self.settle_key(self.line, out);
                self.settle(self.buffer.len(), false, out);
            }
            None => self.settle(self.buffer.len(), false, out),
        }
    }

    /// Where the first line of `head`, which stands behind the buffer, ends.
    fn line_end(&self, head: &[u8], encoding: Encoding) -> Option<usize> {
        let unit = encoding.unit();
        if unit == 1 {
            return memchr::memchr(b'\n', head).map(|at| at + 1);
        }
        // The last code unit may have begun in the buffer; lines begin at whole units.
        let lead = self.buffer.len() - self.line;
        let byte = |at: usize| if at < lead { self.buffer[self.line + at] } else { head[at - lead] };
        let newline = |start: usize| {
            let place = if matches!(encoding, Encoding::Utf16Le | Encoding::Utf32Le) { 0 } else { unit - 1 };
            (0..unit).all(|i| byte(start + i) == if i == place { b'\n' } else { 0 })
        };
        let mut at = lead / unit * unit;
        while at + unit <= lead + head.len() {
            if newline(at) {
                return Some(at + unit - lead);
            }
            at += unit;
        }
        None
    }

    /// Settles the line that is now complete, or holds it back.
    fn end_line(&mut self, out: &mut Vec<u8>) {
        let start = self.line;
        self.line = self.buffer.len();
        if let Some(lines) = self.held {
            let line = &self.buffer[start..];
            let (inside, closes) = (goes_on(line), closes_key(line));
            let full = self.buffer.len() - self.settled > HELD;
            if inside && !closes && lines < HELD_LINES && !full {
                self.held = Some(lines + 1);
                return;
            }
            self.settle_key(if inside || closes { self.buffer.len() } else { start }, out);
            if inside || closes {
                return;
            }
        }
        // What was held is settled by now, so that this line is all that is left.
        if opens_key(&self.buffer[self.settled..]) {
            self.held = Some(0);
        } else {
            self.settle(self.buffer.len(), false, out);
        }
    }

    /// Settles a private key that was held back. What follows is seen without it: it belongs to nothing else, and a key
    /// without its end would seem to go on.
    fn settle_key(&mut self, until: usize, out: &mut Vec<u8>) {
        self.held = None;
        self.settle(until, true, out);
        self.forget(self.settled);
    }

    /// Writes the buffer up to `until`, and further where a secret that begins before it ends.
    fn settle(&mut self, mut until: usize, key: bool, out: &mut Vec<u8>) {
        let encoding = self.encoding.unwrap_or_default();
        let places = self.places(encoding, key.then_some(until));
        let mut at = self.settled;
        for place in places {
            if place.start >= until {
                break;
            }
            out.extend_from_slice(&self.buffer[at..place.start]);
            encode(&place.placeholder, encoding, out);
            at = place.end;
            until = until.max(at);
        }
        out.extend_from_slice(&self.buffer[at..until]);
        self.settled = until;
        self.forget(self.context(encoding));
    }

    /// Drops the first `length` bytes of the buffer.
    fn forget(&mut self, length: usize) {
        if length > 0 {
            self.buffer.drain(..length);
            self.settled -= length;
            self.line = self.line.saturating_sub(length);
            self.moved = true;
        }
    }

    /// What is replaced behind the settled part: in order, without overlaps. A private key goes on up to `key`, however
    /// far its rule reads.
    fn places(&mut self, encoding: Encoding, key: Option<usize>) -> Vec<Place> {
        let mark: &[u8] = if self.moved && encoding != Encoding::Utf8 { encoding.byte_order_mark() } else { &[] };
        let marked = (!mark.is_empty()).then(|| [mark, &self.buffer].concat());
        let scan = self.scanner.scan_part(&Document::new(&self.path, marked.as_deref().unwrap_or(&self.buffer)));
        let mut places = Vec::new();
        for diagnostic in scan.diagnostics.iter() {
            if !self.is_secret(diagnostic) {
                continue;
            }
            self.add(diagnostic, &diagnostic.primary, mark.len(), &mut places);
            for label in diagnostic.related.iter().filter(|label| label.mask.is_some() && label.path.is_none()) {
                self.add(diagnostic, label, mark.len(), &mut places);
            }
        }
        for (start, end, placeholder) in self.known.find(&self.buffer[self.settled..]) {
            let (start, end) = (start + self.settled, end + self.settled);
            places.push(Place { start, end, placeholder: placeholder.into() });
        }
        if let Some(until) = key {
            let text = &self.buffer[self.settled..until];
            let begin = self.settled + key_begin(text).unwrap_or(0);
            let end = begin + key_end(&self.buffer[begin..until]);
            for place in places.iter_mut().filter(|place| place.start <= begin && begin < place.end) {
                place.end = end;
            }
        }
        // What was found there goes before what is only known; of two that overlap, the rest of the second goes too.
        keylint_diagnostics::sort_by_key(&mut places, |place| place.start);
        let mut kept: Vec<Place> = Vec::with_capacity(places.len());
        for place in places {
            match kept.last_mut() {
                Some(last) if place.start < last.end => last.end = last.end.max(place.end),
                _ => kept.push(place),
            }
        }
        kept
    }

    fn is_secret(&self, diagnostic: &Diagnostic) -> bool {
        // What a comment accepts in source is a secret all the same; what the configuration allows is none.
        let allowed =
            diagnostic.suppressed.as_ref().is_some_and(|suppression| suppression.kind == SuppressionKind::Config);
        diagnostic.primary.mask.is_some()
            && diagnostic.severity > Severity::Info
            && diagnostic.confidence >= self.least
            && !allowed
    }

    /// Notes the place of `label`, and remembers what stands there.
    fn add(&mut self, diagnostic: &Diagnostic, label: &Label, lead: usize, places: &mut Vec<Place>) {
        let start = label.span.range().start.saturating_sub(lead);
        let end = label.span.range().end.saturating_sub(lead).min(self.buffer.len());
        if end <= self.settled || start >= end {
            return;
        }
        let secret = &self.buffer[start..end];
        let placeholder = if label.span == diagnostic.primary.span {
            placeholder(diagnostic.rule.as_str(), &diagnostic.fingerprint.to_string())
        } else {
            // The partner of a pair has the placeholder that it has alone.
            let rule = self.engine.rules().iter().find(|rule| rule.title == label.text);
            let rule = rule.map_or(diagnostic.rule.as_str(), |rule| rule.id.as_str());
            placeholder(rule, &self.engine.secrets.fingerprint(rule, secret).to_string())
        };
        if diagnostic.confidence >= Confidence::High && self.encoding == Some(Encoding::Utf8) {
            self.known.add(secret, &placeholder);
        }
        places.push(Place { start: start.max(self.settled), end, placeholder });
    }

    /// How much of the settled part is no longer needed.
    fn context(&self, encoding: Encoding) -> usize {
        let low = self.settled.saturating_sub(CONTEXT) / encoding.unit() * encoding.unit();
        if encoding != Encoding::Utf8 {
            return low;
        }
        let settled = &self.buffer[low..self.settled];
        let ends = memchr::memrchr_iter(b'\n', settled);
        // Whole lines, where there are any.
        let mut ends = ends.take(CONTEXT_LINES + 1).map(|at| low + at + 1).collect::<Vec<_>>();
        if ends.len() > CONTEXT_LINES || low > 0 {
            ends.pop().filter(|&end| end < self.settled).unwrap_or(low)
        } else {
            0
        }
    }
}

/// The encoding of a text that begins so, once that is sure: only a byte-order mark makes it another one than UTF-8.
fn encoding(begin: &[u8]) -> Option<Encoding> {
    let marked = matches!(begin.first()?, 0xff | 0xfe | 0);
    if marked && begin.len() < 4 {
        return None;
    }
    let found = Encoding::detect(begin.get(..4).unwrap_or_default());
    Some(if marked && found.mark(begin) > 0 { found } else { Encoding::Utf8 })
}

/// `<secret:github-personal-access-token:3f9a>`: enough of the fingerprint to tell the secrets of one text apart.
fn placeholder(rule: &str, fingerprint: &str) -> String {
    format!("<secret:{rule}:{}>", fingerprint.get(..4).unwrap_or_default())
}

/// Writes ASCII in the encoding of the text.
fn encode(text: &str, encoding: Encoding, out: &mut Vec<u8>) {
    let (unit, first) = match encoding {
        Encoding::Utf8 => return out.extend_from_slice(text.as_bytes()),
        Encoding::Utf16Le | Encoding::Utf32Le => (encoding.unit(), true),
        Encoding::Utf16Be | Encoding::Utf32Be => (encoding.unit(), false),
    };
    for byte in text.bytes() {
        let place = out.len() + if first { 0 } else { unit - 1 };
        out.resize(out.len() + unit, 0);
        out[place] = byte;
    }
}
