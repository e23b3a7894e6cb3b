//! A host document in the making, with where each part of the example went.
//! Not here: how a host writes.

use std::ops::Range;

use keylint_diagnostics::Span;

/// A text, and which stretch of the example each stretch of it stands for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    parts: Vec<(Range<usize>, Range<usize>)>,
}

impl Written {
    /// The host's own words.
    pub(crate) fn say(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// What `write` writes stands for `from`.
    pub(crate) fn stand(&mut self, from: Span, write: impl FnOnce(&mut Written)) {
        let start = self.text.len();
        write(self);
        self.parts.push((from.range(), start..self.text.len()));
    }

    /// Says that the text from `start` on stands for `from`.
    pub(crate) fn stood(&mut self, from: Span, start: usize) {
        self.parts.push((from.range(), start..self.text.len()));
    }

    /// The characters of `text`, which begins at `at` of the example, each as `escape` spells it.
    pub(crate) fn spell(&mut self, text: &str, at: usize, escape: impl Fn(char) -> String) {
        for (index, character) in text.char_indices() {
            let from = at + index;
            self.stand(Span::new(from..from + character.len_utf8()), |out| out.say(&escape(character)));
        }
    }

    /// The places that `from` went to: where exactly this stretch was written, else from its first character to its last.
    pub(crate) fn places(&self, from: &Range<usize>) -> Vec<Range<usize>> {
        let exact: Vec<_> = self.parts.iter().filter(|(part, _)| part == from).map(|(_, to)| to.clone()).collect();
        if !exact.is_empty() {
            return exact;
        }
        // The smallest part at each end is a character.
        let smallest = |fits: &dyn Fn(&Range<usize>) -> bool| {
            self.parts.iter().filter(|(part, _)| fits(part)).min_by_key(|(part, _)| part.len()).map(|(_, to)| to)
        };
        let first = smallest(&|part| part.start == from.start);
        let last = smallest(&|part| part.end == from.end);
        first.zip(last).map(|(first, last)| first.start..last.end).into_iter().collect()
    }
}
