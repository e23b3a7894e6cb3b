//! A text under the cursor: bytes by offset, blanks skipped, lines found, all within bounds.
//! Not a grammar: what the bytes mean is decided by the callers.

use std::ops::Range;

use crate::FileKind;

/// A text and its kind. Offsets outside the text read as zero bytes, so that callers need no bounds of their own.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) kind: FileKind,
}

impl<'a> Source<'a> {
    /// The byte at `at`; 0 outside.
    pub(crate) fn byte(self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// The byte before `at`; 0 at the begin.
    pub(crate) fn before(self, at: usize) -> u8 {
        if at == 0 { 0 } else { self.byte(at - 1) }
    }

    /// The bytes of `range`, cut to the text.
    pub(crate) fn slice(self, range: Range<usize>) -> &'a [u8] {
        let end = range.end.min(self.text.len());
        &self.text[range.start.min(end)..end]
    }

    /// Up to `len` bytes from `at` on.
    pub(crate) fn rest(self, at: usize, len: usize) -> &'a [u8] {
        self.slice(at..at.saturating_add(len))
    }

    /// Whether `word` stands at `at`.
    pub(crate) fn has(self, at: usize, word: &[u8]) -> bool {
        self.rest(at, word.len()) == word
    }

    /// Whether `word` stands at `at`, in any case, and ends there.
    pub(crate) fn has_word(self, at: usize, word: &[u8]) -> bool {
        self.rest(at, word.len()).eq_ignore_ascii_case(word) && !is_word(self.byte(at + word.len()))
    }

    /// The first offset from `at` on that is no blank (space or tab), at most `most` further.
    pub(crate) fn skip_blank(self, at: usize, most: usize) -> usize {
        at + self.rest(at, most).iter().take_while(|&&byte| is_blank(byte)).count()
    }

    /// The first offset from `at` on that is no white space, at most `most` further.
    pub(crate) fn skip_space(self, at: usize, most: usize) -> usize {
        at + self.rest(at, most).iter().take_while(|&&byte| is_space(byte)).count()
    }

    /// The first offset from `at` on that is no part of a word.
    pub(crate) fn skip_word(self, at: usize, most: usize) -> usize {
        at + self.rest(at, most).iter().take_while(|&&byte| is_word(byte)).count()
    }

    /// The offset after the last byte before `at` that is no blank, at most `most` back.
    pub(crate) fn back_blank(self, at: usize, most: usize) -> usize {
        let lead = self.slice(at.saturating_sub(most)..at);
        at - lead.iter().rev().take_while(|&&byte| is_blank(byte)).count()
    }

    /// The offset after the last byte before `at` that is no white space, at most `most` back.
    pub(crate) fn back_space(self, at: usize, most: usize) -> usize {
        let lead = self.slice(at.saturating_sub(most)..at);
        at - lead.iter().rev().take_while(|&&byte| is_space(byte)).count()
    }

    /// The offset at which the word that ends at `at` begins.
    pub(crate) fn back_word(self, at: usize, most: usize) -> usize {
        let lead = self.slice(at.saturating_sub(most)..at);
        at - lead.iter().rev().take_while(|&&byte| is_word(byte)).count()
    }

    /// Where the line of `at` begins, and whether that is known: at most `most` bytes back are looked at.
    pub(crate) fn line_start(self, at: usize, most: usize) -> (usize, bool) {
        let from = at.saturating_sub(most);
        match memchr::memrchr2(b'\n', b'\r', self.slice(from..at)) {
            Some(found) => (from + found + 1, true),
            None => (from, from == 0),
        }
    }

    /// Where the line of `at` ends (before the line break), at most `most` further.
    pub(crate) fn line_end(self, at: usize, most: usize) -> usize {
        let rest = self.rest(at, most);
        at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
    }

    /// Where the line after that of `at` begins; `None` at the end of the text or after `most` bytes.
    pub(crate) fn next_line(self, at: usize, most: usize) -> Option<usize> {
        let found = memchr::memchr(b'\n', self.rest(at, most))?;
        Some(at + found + 1)
    }
}

/// A byte of an identifier.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Space or tab.
pub(crate) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Space, tab or line break.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// A byte that opens or closes a string.
pub(crate) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Whether `word` is one of `words`, in any case.
pub(crate) fn one_of(word: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}
