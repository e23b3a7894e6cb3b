//! Bytes to the protocol's positions and back, in the negotiated unit; and the changes that a client makes.
//! Not here: what stands in the text.

use keylint_diagnostics::{Encoding, LineIndex, Position as Place, Span, Unit};

use crate::types::{Change, Position, Range};

/// The lines of a text that an editor has, which is UTF-8 here whatever the file is.
pub(crate) struct Lines<'t> {
    index: LineIndex<'t>,
    unit: Unit,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t [u8], unit: Unit) -> Lines<'t> {
        Lines { index: LineIndex::piece(text, Encoding::Utf8, 0, Place { line: 1, column: 1 }), unit }
    }

    pub(crate) fn position(&self, offset: u32) -> Position {
        let place = self.index.position(offset.min(self.index.line_at(offset).end), self.unit);
        Position { line: place.line - 1, character: place.column - 1 }
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The offset of a position; one past the end of its line is the line's end.
    pub(crate) fn offset(&self, position: Position) -> u32 {
        let place = Place { line: position.line.saturating_add(1), column: position.character.saturating_add(1) };
        self.index.offset(place, self.unit)
    }

    /// The bytes of a range.
    pub(crate) fn span(&self, range: Range) -> Span {
        let start = self.offset(range.start);
        Span { start, end: self.offset(range.end).max(start) }
    }

    /// The line that holds `offset`, without its end.
    pub(crate) fn line(&self, offset: u32) -> Span {
        self.index.line_at(offset)
    }
}

/// Applies a change of the client. A range that cannot be is cut to what the text has.
pub(crate) fn apply(text: &mut String, change: Change, unit: Unit) {
    let Some(range) = change.range else {
        *text = change.text;
        return;
    };
    let span = Lines::new(text.as_bytes(), unit).span(range).range();
    // Offsets are counted character by character, so they lie on boundaries.
    if text.get(span.clone()).is_some() {
        text.replace_range(span, &change.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_in_the_unit() {
        let text = "é😀x\r\n\u{feff}y😀";
        let check = |unit: Unit, offset: u32, line: u32, character: u32| {
            let lines = Lines::new(text.as_bytes(), unit);
            let want = Position { line, character };
            assert_eq!(lines.position(offset), want, "{unit:?} {offset}");
            assert_eq!(lines.offset(want), offset, "{unit:?} {offset}");
        };
        for (unit, x, y) in [(Unit::Byte, 6, 3), (Unit::Utf16, 3, 1), (Unit::Character, 2, 1)] {
            check(unit, 6, 0, x);
            check(unit, 12, 1, y);
        }
        let lines = Lines::new(text.as_bytes(), Unit::Utf16);
        for offset in [0, 6, 2, 12, 17, 6, 0] {
            let fresh = Lines::new(text.as_bytes(), Unit::Utf16);
            assert_eq!(lines.position(offset), fresh.position(offset));
        }
    }

    #[test]
    fn changes_are_cut_to_the_text() {
        let check = |start: (u32, u32), end: (u32, u32), want: &str| {
            let mut text = "a😀b\nc".to_string();
            let at = |(line, character)| Position { line, character };
            let range = Some(Range { start: at(start), end: at(end) });
            apply(&mut text, Change { range, text: "-".into() }, Unit::Utf16);
            assert_eq!(text, want);
        };
        check((0, 1), (0, 3), "a-b\nc");
        // Within a surrogate pair: the whole character.
        check((0, 2), (0, 3), "a-b\nc");
        check((0, 9), (1, 0), "a😀b-c");
        check((9, 9), (9, 9), "a😀b\nc-");
        check((1, 1), (0, 0), "a😀b\nc-");
        check((u32::MAX, u32::MAX), (u32::MAX, u32::MAX), "a😀b\nc-");
    }
}
