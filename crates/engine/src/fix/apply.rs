//! Applies edits to a text: which fixes go together, and what the text becomes.
//! Not here: files. A host compares them with what was scanned, and writes them.

use std::ops::Range;

use keylint_diagnostics::{Edit, Fix, Insert, Span};

use super::END;

/// Which of some fixes are applied together.
#[derive(Debug, Default)]
pub struct Choice<'f> {
    /// Those that are, by their place in what was given.
    pub chosen: Vec<usize>,
    /// Those that change a place that an earlier one changes differently.
    pub overlapping: Vec<usize>,
    /// The edits of all chosen fixes, each once.
    pub edits: Vec<&'f Edit>,
}

/// Chooses from `fixes`, in their order, those whose edits do not overlap. Two that make the same edit, such as an
/// import, share it.
pub fn choose<'f>(fixes: &[&'f Fix]) -> Choice<'f> {
    let mut choice = Choice::default();
    for (index, fix) in fixes.iter().enumerate() {
        let new: Vec<&Edit> = fix.edits.iter().filter(|edit| !choice.edits.contains(edit)).collect();
        if new.iter().any(|edit| choice.edits.iter().any(|other| clash(edit, other))) {
            choice.overlapping.push(index);
        } else {
            choice.chosen.push(index);
            choice.edits.extend(new);
        }
    }
    choice
}

/// Whether two edits change the same bytes. Insertions at one place stand behind each other.
fn clash(one: &Edit, other: &Edit) -> bool {
    let inside = |point: Span, span: Span| point.is_empty() && span.start < point.start && point.start < span.end;
    one.path == other.path
        && one.span != END
        && (one.span.overlaps(other.span) || inside(one.span, other.span) || inside(other.span, one.span))
}

/// A text with its edits applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spliced {
    /// The new text.
    pub text: Vec<u8>,
    /// Where each edit stands in it, in the order of the edits given.
    pub places: Vec<Span>,
}

/// Applies `edits`, which do not clash, to a text of `length` bytes. `kept` gives the bytes of a stretch that stays, and
/// `copied` those of a span of the diagnostic's document: as they are stored, or masked where the result is only shown.
pub fn splice(
    length: usize,
    edits: &[&Edit],
    kept: &dyn Fn(Range<usize>) -> Vec<u8>,
    copied: &dyn Fn(Span) -> Vec<u8>,
) -> Spliced {
    let mut order: Vec<usize> = (0..edits.len()).collect();
    keylint_diagnostics::sort_by_key(&mut order, |&index| (edits[index].span, index));
    let mut spliced = Spliced { text: Vec::with_capacity(length), places: vec![Span::default(); edits.len()] };
    let mut at = 0;
    for index in order {
        let Edit { span, insert, .. } = edits[index];
        let (start, end) = (span.range().start.min(length), span.range().end.min(length));
        if start > at {
            spliced.text.extend(kept(at..start));
        }
        at = at.max(end);
        // Whole lines at the end of a text that does not end its last one.
        if *span == END && spliced.text.last().is_some_and(|&last| last != b'\n') {
            spliced.text.push(b'\n');
        }
        let place = spliced.text.len();
        for piece in insert {
            match piece {
                Insert::Text(text) => spliced.text.extend_from_slice(text.as_bytes()),
                Insert::CopyOf(span) => spliced.text.extend(copied(*span)),
            }
        }
        spliced.places[index] = Span::new(place..spliced.text.len());
    }
    if at < length {
        spliced.text.extend(kept(at..length));
    }
    spliced
}
