//! Turns byte offsets into lines and columns, the only place that does. Knows UTF-8, UTF-16 and UTF-32 text.

use std::cell::Cell;

use crate::{Encoding, Span};

/// A line and a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1. Lines end at `\n`, `\r\n` or a lone `\r`.
    pub line: u32,
    /// Column, from 1, in the [`Unit`] asked for.
    pub column: u32,
}

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode characters (code points); a byte that is not valid UTF-8 counts as one.
    Character,
    /// UTF-16 code units, as the Language Server Protocol and JavaScript count.
    Utf16,
    /// Bytes as stored.
    Byte,
}

/// The line starts of a text, or of a piece cut out of a longer one.
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    text: &'a [u8],
    encoding: Encoding,
    /// Offset of `text` in the document.
    base: u32,
    /// Where `text` begins; its column counts characters.
    first: Position,
    /// Offsets in `text` at which a line begins, the first always 0.
    starts: Vec<u32>,
    /// The last place that was counted: findings come in order, and a line may be megabytes long.
    last: Cell<Counted>,
}

/// An offset in the text and its column.
#[derive(Clone, Copy, Debug)]
struct Counted {
    at: usize,
    column: u32,
    unit: Unit,
}

impl<'a> LineIndex<'a> {
    /// The lines of a whole document.
    pub fn new(text: &'a [u8]) -> LineIndex<'a> {
        let encoding = Encoding::detect(text);
        let mut index = LineIndex::piece(text, encoding, 0, Position { line: 1, column: 1 });
        // Editors do not count a byte-order mark.
        let mark = encoding.mark(text);
        index.starts[0] = mark as u32;
        index.last = Cell::new(Counted { at: mark, ..index.last.get() });
        index
    }

    /// The lines of a piece that begins at offset `base` and position `first` of its document.
    pub fn piece(text: &'a [u8], encoding: Encoding, base: u32, first: Position) -> LineIndex<'a> {
        let last = Cell::new(Counted { at: 0, column: first.column, unit: Unit::Character });
        LineIndex { text, encoding, base, first, starts: line_starts(text, encoding), last }
    }

    /// Line and column of a byte offset of the document; an offset inside a character counts as its start.
    pub fn position(&self, offset: u32, unit: Unit) -> Position {
        let at = (offset.saturating_sub(self.base) as usize).min(self.text.len());
        let index = self.starts.partition_point(|&start| start as usize <= at).saturating_sub(1);
        let start = (self.starts[index] as usize).min(at);
        let last = self.last.get();
        let goes_on = last.unit == unit && (start..=at).contains(&last.at);
        let lead = if index == 0 { self.first.column } else { 1 };
        let from = if goes_on { last } else { Counted { at: start, column: lead, unit } };
        let (bytes, width) = width(&self.text[from.at..], at - from.at, self.encoding, unit);
        let column = from.column + width;
        self.last.set(Counted { at: from.at + bytes, column, unit });
        Position { line: self.first.line + index as u32, column }
    }

    /// The byte offset of a line and column; past the end of a line it is the line's end.
    pub fn offset(&self, position: Position, unit: Unit) -> u32 {
        let index = position.line.saturating_sub(self.first.line) as usize;
        let Some(line) = self.line_span(index) else { return self.base + self.text.len() as u32 };
        let text = &self.text[(line.start - self.base) as usize..(line.end - self.base) as usize];
        let lead = if index == 0 { self.first.column } else { 1 };
        let mut left = position.column.saturating_sub(lead);
        let mut at = 0;
        while left > 0 && at < text.len() {
            let (bytes, utf16) = step(&text[at..], self.encoding);
            let cost = match unit {
                Unit::Character => 1,
                Unit::Utf16 => utf16,
                Unit::Byte => bytes as u32,
            };
            if cost > left {
                break;
            }
            left -= cost;
            at += bytes;
        }
        line.start + at as u32
    }

    /// The span of the line that holds `offset`, without its line end.
    pub fn line_at(&self, offset: u32) -> Span {
        let at = (offset.saturating_sub(self.base) as usize).min(self.text.len());
        let index = self.starts.partition_point(|&start| start as usize <= at).saturating_sub(1);
        self.line_span(index).unwrap_or_default()
    }

    /// The span of the n-th line of this text (from 0), without its line end.
    pub fn line_span(&self, index: usize) -> Option<Span> {
        let start = *self.starts.get(index)? as usize;
        let mut end = self.starts.get(index + 1).map_or(self.text.len(), |&next| next as usize);
        let unit = self.encoding.unit();
        while end >= start + unit && matches!(code_unit(&self.text[end - unit..end], self.encoding), 0x0a | 0x0d) {
            end -= unit;
        }
        Some(Span::new(start..end).shifted(self.base))
    }

    /// Number of lines in this text.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The encoding that positions are counted in.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }
}

fn line_starts(text: &[u8], encoding: Encoding) -> Vec<u32> {
    let mut starts = vec![0];
    if encoding == Encoding::Utf8 {
        for at in memchr::memchr2_iter(b'\n', b'\r', text) {
            if text[at] == b'\n' || text.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        return starts;
    }
    let unit = encoding.unit();
    for at in (0..text.len().saturating_sub(unit - 1)).step_by(unit) {
        let here = code_unit(&text[at..at + unit], encoding);
        let next = text.get(at + unit..at + 2 * unit).map(|bytes| code_unit(bytes, encoding));
        if here == 0x0a || here == 0x0d && next != Some(0x0a) {
            starts.push((at + unit) as u32);
        }
    }
    starts
}

/// The characters that end within the first `length` bytes of `text`: their bytes and their width.
fn width(text: &[u8], length: usize, encoding: Encoding, unit: Unit) -> (usize, u32) {
    if unit == Unit::Byte || encoding == Encoding::Utf8 && text[..length].is_ascii() {
        return (length, length as u32);
    }
    let (mut at, mut width) = (0, 0);
    while at < length {
        let (bytes, utf16) = step(&text[at..], encoding);
        if at + bytes > length {
            break;
        }
        at += bytes;
        width += if unit == Unit::Utf16 { utf16 } else { 1 };
    }
    (at, width)
}

/// Bytes and UTF-16 units of the first character of `text`, which is not empty.
fn step(text: &[u8], encoding: Encoding) -> (usize, u32) {
    match encoding {
        Encoding::Utf8 => {
            let length = match text[0] {
                0x00..0x80 => 1,
                0xc2..0xe0 => 2,
                0xe0..0xf0 => 3,
                0xf0..0xf5 => 4,
                _ => 1,
            };
            let valid = text.len() >= length && std::str::from_utf8(&text[..length]).is_ok();
            if valid { (length, if length == 4 { 2 } else { 1 }) } else { (1, 1) }
        }
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let high = text.len() >= 4 && (0xd800..0xdc00).contains(&code_unit(&text[..2], encoding));
            if high && (0xdc00..0xe000).contains(&code_unit(&text[2..4], encoding)) {
                (4, 2)
            } else {
                (2.min(text.len()), 1)
            }
        }
        Encoding::Utf32Le | Encoding::Utf32Be => {
            let units = if text.len() >= 4 && code_unit(&text[..4], encoding) > 0xffff { 2 } else { 1 };
            (4.min(text.len()), units)
        }
    }
}

fn code_unit(bytes: &[u8], encoding: Encoding) -> u32 {
    match (encoding, bytes) {
        (Encoding::Utf8, [b]) => u32::from(*b),
        (Encoding::Utf16Le, [a, b]) => u32::from(u16::from_le_bytes([*a, *b])),
        (Encoding::Utf16Be, [a, b]) => u32::from(u16::from_be_bytes([*a, *b])),
        (Encoding::Utf32Le, [a, b, c, d]) => u32::from_le_bytes([*a, *b, *c, *d]),
        (Encoding::Utf32Be, [a, b, c, d]) => u32::from_be_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], offset: u32, line: u32, characters: u32, utf16: u32) {
        let index = LineIndex::new(text);
        assert_eq!(index.position(offset, Unit::Character), Position { line, column: characters });
        let place = index.position(offset, Unit::Utf16);
        assert_eq!(place, Position { line, column: utf16 });
        assert_eq!(index.offset(place, Unit::Utf16), offset);
    }

    #[test]
    fn counts_characters_and_utf16_units() {
        check("éé😀x".as_bytes(), 8, 1, 4, 5);
        check(b"a\r\nb\rc\nd", 3, 2, 1, 1);
        check(b"a\r\nb\rc\nd", 5, 3, 1, 1);
        check(b"a\r\nb\rc\nd", 7, 4, 1, 1);
        check(b"\xf5\xfey", 2, 1, 3, 3);
        check("\u{feff}é=".as_bytes(), 5, 1, 2, 2);
        check(b"", 0, 1, 1, 1);
        let wide: Vec<u8> = "é\n😀x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xff, 0xfe], &wide[..]].concat();
        check(&marked, 10, 2, 2, 3);
    }

    #[test]
    fn an_offset_inside_a_character_is_its_start() {
        let check = |text: &[u8], offset: u32, column: u32| {
            let index = LineIndex::new(text);
            assert_eq!(index.position(offset, Unit::Character), Position { line: 1, column }, "{text:?} {offset}");
        };
        check("aé".as_bytes(), 2, 2);
        check("a😀b".as_bytes(), 3, 2);
        check("a😀b".as_bytes(), 5, 3);
        let wide: Vec<u8> = "\u{feff}a😀b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, 5, 2);
        check(&wide, 6, 2);
        check(&wide, 8, 3);
        // No character, so each byte is one.
        check(b"a\xf0\x9fb", 3, 4);
    }

    /// Whatever was asked before, and in whatever order.
    #[test]
    fn a_place_is_where_it_is() {
        let text = "aé\r\n\u{feff}😀x\u{301}\n\n😀😀y".as_bytes();
        let wide: Vec<u8> = "\u{feff}aé\n😀x\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for text in [text, &wide] {
            let index = LineIndex::new(text);
            for number in 0..2000u32 {
                let offset = number.wrapping_mul(2_654_435_761) >> 16 & 31;
                let unit = [Unit::Character, Unit::Utf16, Unit::Byte][number as usize / 7 % 3];
                assert_eq!(index.position(offset, unit), LineIndex::new(text).position(offset, unit), "{offset}");
            }
        }
    }

    /// No clock: a cost that is not linear keeps this from ending.
    #[test]
    fn a_long_line_is_counted_once() {
        let text = "é".repeat(1 << 20);
        let index = LineIndex::new(text.as_bytes());
        for offset in (0..2 << 20).step_by(2) {
            assert_eq!(index.position(offset, Unit::Utf16).column, 1 + offset / 2);
        }
    }

    #[test]
    fn lines_lose_their_ends() {
        let text = b"one\r\ntwo\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_at(1).of(text), b"one");
        assert_eq!(index.line_at(5).of(text), b"two");
        assert_eq!(index.line_at(9).of(text), b"");
    }
}
