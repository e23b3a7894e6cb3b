//! Lines and columns of all labels of a document in one pass, so that many findings on one long line cost linear time.
//! Not here: what a column is (`keylint_diagnostics::LineIndex`).

use keylint_diagnostics::{LineIndex, Position, Unit};

use crate::View;

/// The positions of some offsets, in characters.
pub(crate) struct Places(Vec<(u32, Position)>);

impl Places {
    /// Looks up `offsets`, in any order.
    pub(crate) fn new(lines: &LineIndex<'_>, view: &View<'_>, mut offsets: Vec<u32>) -> Places {
        keylint_diagnostics::sort(&mut offsets);
        offsets.dedup();
        let end = view.base.saturating_add(u32::try_from(view.text.len()).unwrap_or(u32::MAX));
        let mut places: Vec<(u32, Position)> = Vec::with_capacity(offsets.len());
        for offset in offsets {
            let at = offset.clamp(view.base, end);
            let line = lines.line_at(at);
            // An offset inside a line end counts as the line's end.
            let stop = at.min(line.end);
            let position = match places.last() {
                Some(&(before, place)) if before >= line.start && before <= stop => {
                    let text = &view.text[(before - view.base) as usize..(stop - view.base) as usize];
                    LineIndex::piece(text, view.encoding, before, place).position(stop, Unit::Character)
                }
                _ => lines.position(stop, Unit::Character),
            };
            places.push((offset, position));
        }
        Places(places)
    }

    /// The position of an offset that was asked for.
    pub(crate) fn at(&self, offset: u32) -> Position {
        match self.0.binary_search_by_key(&offset, |(known, _)| *known) {
            Ok(index) => self.0[index].1,
            Err(_) => Position { line: 1, column: 1 },
        }
    }
}
