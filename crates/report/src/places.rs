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
        let place = |offset: u32| {
            let at = offset.clamp(view.base, end);
            // An offset inside a line end counts as the line's end.
            (offset, lines.position(at.min(lines.line_at(at).end), Unit::Character))
        };
        Places(offsets.into_iter().map(place).collect())
    }

    /// The position of an offset that was asked for.
    pub(crate) fn at(&self, offset: u32) -> Position {
        match self.0.binary_search_by_key(&offset, |(known, _)| *known) {
            Ok(index) => self.0[index].1,
            Err(_) => Position { line: 1, column: 1 },
        }
    }
}
