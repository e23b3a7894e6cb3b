//! Cuts out of a document the lines around its findings, so that only these are kept until they are printed.
//! Not here: how they are printed (`keylint-report`).

use keylint_diagnostics::{Diagnostic, Encoding, Label, LineIndex, Position, Span, Unit};

/// Lines kept before and after a finding.
const CONTEXT_LINES: usize = 2;
/// Bytes kept at most before and after a finding, where lines are long.
const CONTEXT_BYTES: usize = 4 << 10;
/// How far apart the labels of one finding may be to stand in one piece.
const MAX_PIECE: usize = 256 << 10;

/// A part of a document, with the findings in it.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// The stored bytes.
    pub(crate) text: Vec<u8>,
    /// How they spell characters.
    pub(crate) encoding: Encoding,
    /// Offset of `text` in the document.
    pub(crate) base: u32,
    /// Where `text` begins.
    pub(crate) first: Position,
    /// The findings, by span.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether no other finding of the document lies in the piece.
    pub(crate) settled: bool,
}

/// A text in memory: a document, or the end of one that is streamed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    /// The stored bytes.
    pub(crate) bytes: &'a [u8],
    /// How they spell characters.
    pub(crate) encoding: Encoding,
    /// Offset in the document.
    pub(crate) base: u32,
    /// Where they begin.
    pub(crate) first: Position,
}

impl<'a> Text<'a> {
    /// A whole document.
    pub(crate) fn whole(bytes: &'a [u8]) -> Text<'a> {
        let first = Position { line: 1, column: 1 };
        Text { bytes, encoding: Encoding::detect(bytes), base: 0, first }
    }

    /// The lines; a byte-order mark counts for no column.
    pub(crate) fn lines(&self) -> LineIndex<'a> {
        let mark = if self.base == 0 { self.encoding.mark(self.bytes) } else { 0 };
        LineIndex::piece(&self.bytes[mark..], self.encoding, self.base + mark as u32, self.first)
    }

    /// Cuts out the pieces around `diagnostics`, whose spans lie in this text. `settled` says that there are no others:
    /// behind those of a stream, more may come, and too many are not all reported.
    pub(crate) fn cut(&self, diagnostics: Vec<Diagnostic>, settled: bool) -> Vec<Piece> {
        let lines = self.lines();
        let mut windows: Vec<(Span, Diagnostic)> =
            diagnostics.into_iter().map(|diagnostic| (self.window(&lines, hull(&diagnostic)), diagnostic)).collect();
        keylint_diagnostics::sort_by_key(&mut windows, |(window, _)| window.start);
        // Windows that touch become one: what is not masked in a piece would otherwise be in another.
        let mut pieces: Vec<(Span, Vec<Diagnostic>)> = Vec::new();
        for (window, diagnostic) in windows {
            match pieces.last_mut() {
                Some((last, inside)) if window.start <= last.end => {
                    last.end = last.end.max(window.end);
                    inside.push(diagnostic);
                }
                _ => pieces.push((window, vec![diagnostic])),
            }
        }
        pieces.into_iter().map(|(span, diagnostics)| self.piece(&lines, span, diagnostics, settled)).collect()
    }

    fn piece(&self, lines: &LineIndex<'_>, span: Span, mut diagnostics: Vec<Diagnostic>, settled: bool) -> Piece {
        keylint_diagnostics::sort_by(&mut diagnostics, |a, b| {
            (a.primary.span, &a.rule).cmp(&(b.primary.span, &b.rule))
        });
        let range = (span.start - self.base) as usize..(span.end - self.base) as usize;
        let text = self.bytes.get(range).unwrap_or_default().to_vec();
        let first = if span.start == self.base { self.first } else { lines.position(span.start, Unit::Character) };
        Piece { text, encoding: self.encoding, base: span.start, first, diagnostics, settled }
    }

    /// The bytes kept around `span`.
    fn window(&self, lines: &LineIndex<'_>, span: Span) -> Span {
        let end = self.base + self.bytes.len() as u32;
        let (mut start, mut stop) = (span.start.clamp(self.base, end), span.end.clamp(self.base, end));
        let (least, most) = (start.saturating_sub(CONTEXT_BYTES as u32), stop.saturating_add(CONTEXT_BYTES as u32));
        for step in 0..=CONTEXT_LINES {
            let before = if step == 0 { start } else { start.saturating_sub(1) };
            start = lines.line_at(before).start.min(start);
            stop = lines.line_at(if step == 0 { stop } else { stop.saturating_add(2).min(end) }).end.max(stop);
        }
        // The line of a text that begins with a byte-order mark begins behind it; the mark belongs to the piece.
        if self.base == 0 && start as usize <= self.encoding.mark(self.bytes) {
            start = 0;
        }
        Span { start: self.align(start.max(least).max(self.base)), end: self.align(stop.min(most).min(end)) }
    }

    /// The start of the character that holds `offset`.
    fn align(&self, offset: u32) -> u32 {
        let mut at = (offset - self.base) as usize;
        if at >= self.bytes.len() {
            return self.base + self.bytes.len() as u32;
        }
        match self.encoding {
            Encoding::Utf8 => {
                let least = at.saturating_sub(3);
                while at > least && (0x80..0xc0).contains(&self.bytes[at]) {
                    at -= 1;
                }
            }
            // Units are counted from the start of the document, and `base` is always the start of a character.
            other => at -= at % other.unit(),
        }
        self.base + at as u32
    }
}

/// The pieces around the findings that touch one of `lines`; the others are not reported.
pub(crate) fn on_lines(text: &[u8], diagnostics: Vec<Diagnostic>, settled: bool, lines: &[Span]) -> Vec<Piece> {
    let touches = |found: &Diagnostic| own(found).any(|label| lines.iter().any(|line| line.overlaps(label.span)));
    let (kept, others): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(touches);
    let mut pieces = Text::whole(text).cut(kept, settled);
    for piece in &mut pieces {
        others.iter().for_each(|other| piece.hide(other));
    }
    pieces
}

impl Piece {
    /// Overwrites the secrets of a finding that is not reported, since nothing else would mask them, but for what a
    /// finding of the piece masks itself.
    pub(crate) fn hide(&mut self, other: &Diagnostic) {
        let secrets = |found| own(found).filter(|label| label.mask.is_some()).map(|label| label.span);
        let masked: Vec<Span> = self.diagnostics.iter().flat_map(secrets).collect();
        let end = self.base.saturating_add(self.text.len() as u32);
        for span in secrets(other) {
            for at in span.start.max(self.base)..span.end.min(end) {
                if !masked.iter().any(|masked| masked.start <= at && at < masked.end) {
                    self.text[(at - self.base) as usize] = b'*';
                }
            }
        }
    }
}

/// The labels of a finding in its own document.
pub(crate) fn own(found: &Diagnostic) -> impl Iterator<Item = &Label> {
    std::iter::once(&found.primary).chain(&found.related).filter(|label| label.path.is_none())
}

/// From the first to the last label of the finding in its own document.
fn hull(diagnostic: &Diagnostic) -> Span {
    let mut hull = diagnostic.primary.span;
    for label in own(diagnostic) {
        let wider = Span { start: hull.start.min(label.span.start), end: hull.end.max(label.span.end) };
        if wider.len() <= MAX_PIECE {
            hull = wider;
        }
    }
    hull
}

/// How much of a stream is kept at most; at least half of it is. A finding settles before a block and two margins of the
/// engine (4 MiB and a little) have followed it.
const KEPT: usize = 12 << 20;

/// The end of a document that is streamed.
#[derive(Debug)]
pub(crate) struct Tail {
    bytes: Vec<u8>,
    encoding: Option<Encoding>,
    base: u32,
    first: Position,
}

impl Tail {
    /// The end of a document of which nothing has come yet.
    pub(crate) fn new() -> Tail {
        Tail { bytes: Vec::new(), encoding: None, base: 0, first: Position { line: 1, column: 1 } }
    }

    /// Takes the next bytes and forgets the oldest.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.encoding.get_or_insert_with(|| Encoding::detect(bytes));
        if self.bytes.len() + bytes.len() > KEPT {
            self.forget(self.bytes.len().saturating_sub(KEPT / 2));
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The text that is kept.
    pub(crate) fn text(&self) -> Text<'_> {
        let encoding = self.encoding.unwrap_or_default();
        Text { bytes: &self.bytes, encoding, base: self.base, first: self.first }
    }

    fn forget(&mut self, bytes: usize) {
        let text = self.text();
        let mut cut = (text.align(text.base + bytes as u32) - text.base) as usize;
        let unit = text.encoding.unit();
        // `\r\n` is one line end and `\r` alone is one too: a cut between the two would count it twice.
        while cut >= unit && text.bytes[cut - unit..cut].contains(&b'\r') {
            cut -= unit;
        }
        let front = Text { bytes: &text.bytes[..cut], ..text };
        let first = front.lines().position(text.base + cut as u32, Unit::Character);
        self.bytes.drain(..cut);
        self.base += cut as u32;
        self.first = first;
    }
}

#[cfg(test)]
mod tests {
    use keylint_diagnostics::{Confidence, Fingerprint, Mask, Severity};

    use super::*;

    fn diagnostic(span: std::ops::Range<usize>) -> Diagnostic {
        Diagnostic {
            rule: "x".into(),
            severity: Severity::High,
            confidence: Confidence::High,
            message: String::new(),
            primary: Label { path: None, span: Span::new(span), text: String::new(), mask: None },
            related: Vec::new(),
            evidence: Vec::new(),
            fixes: Vec::new(),
            fingerprint: Fingerprint(0),
            suppressed: None,
        }
    }

    fn check(text: &str, spans: &[(usize, usize)], want: &[(&str, u32, u32)]) {
        let pieces =
            Text::whole(text.as_bytes()).cut(spans.iter().map(|&(start, end)| diagnostic(start..end)).collect(), true);
        let got: Vec<_> = pieces
            .iter()
            .map(|piece| (String::from_utf8_lossy(&piece.text).into_owned(), piece.first.line, piece.first.column))
            .collect();
        let want: Vec<_> = want.iter().map(|&(text, line, column)| (text.to_string(), line, column)).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn keeps_lines_around_findings() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
        check(text, &[(0, 1)], &[("1\n2\n3", 1, 1)]);
        check(text, &[(8, 9)], &[("3\n4\n5\n6\n7", 3, 1)]);
        check(text, &[(0, 1), (20, 21)], &[("1\n2\n3", 1, 1), ("8\n9\n10\n11\n12\n", 8, 1)]);
        check(text, &[(2, 3), (6, 7)], &[("1\n2\n3\n4\n5\n6", 1, 1)]);
        check("", &[(0, 0)], &[("", 1, 1)]);
    }

    #[test]
    fn what_is_not_reported_is_hidden() {
        let text = b"new KEY\nold SECRET\nnew\n";
        let secret = |span: std::ops::Range<usize>| Label { mask: Some(Mask::HIDDEN), ..diagnostic(span).primary };
        let of = |primary, related: &[Label]| Diagnostic { primary, related: related.to_vec(), ..diagnostic(0..0) };
        let check = |found: &[Diagnostic], want: &str| {
            let lines = [Span::new(0..8), Span::new(19..23)];
            let pieces = on_lines(text, found.to_vec(), true, &lines);
            assert_eq!(String::from_utf8_lossy(&pieces[0].text).trim_end(), want);
        };
        let own = of(secret(4..7), &[]);
        check(std::slice::from_ref(&own), "new KEY\nold SECRET\nnew");
        check(&[own.clone(), of(secret(12..18), &[])], "new KEY\nold ******\nnew");
        // The other half of a pair is a secret too.
        check(&[own.clone(), of(diagnostic(8..11).primary, &[secret(12..18)])], "new KEY\nold ******\nnew");
        // What a reported finding masks stays, so that it may show what it may; the rest of the other one does not.
        check(&[of(secret(4..14), &[]), of(secret(12..18), &[])], "new KEY\nold SE****\nnew");
        // What is no secret is no reason to hide it, and does not keep one from being hidden.
        check(&[own.clone(), diagnostic(8..11)], "new KEY\nold SECRET\nnew");
        check(&[of(diagnostic(0..18).primary, &[]), of(secret(12..18), &[])], "new KEY\nold ******\nnew");
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let text = "é".repeat(10_000);
        let pieces = Text::whole(text.as_bytes()).cut(vec![diagnostic(10_000..10_010)], true);
        assert_eq!(pieces[0].text.len(), 2 * CONTEXT_BYTES + 10);
        assert_eq!(pieces[0].first, Position { line: 1, column: 1 + (10_000 - CONTEXT_BYTES as u32) / 2 });
        assert!(std::str::from_utf8(&pieces[0].text).is_ok());
    }

    #[test]
    fn a_tail_knows_where_it_is() {
        let line = "é0123456789\r\n".repeat(100);
        let mut tail = Tail::new();
        let mut whole = Vec::new();
        while whole.len() < KEPT * 3 {
            for part in line.as_bytes().chunks(977) {
                tail.push(part);
                whole.extend_from_slice(part);
            }
        }
        let text = tail.text();
        assert!(text.bytes.len() <= KEPT && text.base > 0);
        assert_eq!(text.bytes, &whole[text.base as usize..]);
        let want = Text::whole(&whole).lines().position(text.base, Unit::Character);
        assert_eq!(text.first, want);
    }
}
