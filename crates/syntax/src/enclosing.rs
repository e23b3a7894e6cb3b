//! What a place of a document stands in, for those who rewrite it: a comment, a string.
//! Not a lexer: one line is read, as for bindings.

use crate::{FileKind, context::context_at, source::Source};

/// What a place stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enclosing {
    /// Whether it stands in a comment.
    pub comment: bool,
    /// The quote of the string that it stands in, and where that string begins (after the quote).
    pub string: Option<(u8, usize)>,
}

/// What offset `at` of `text` stands in, as far as its line tells.
pub fn enclosing(text: &[u8], at: usize, kind: FileKind) -> Enclosing {
    let context = context_at(Source { text, kind }, at);
    Enclosing { comment: context.comment, string: context.string.map(|quote| (quote, context.start)) }
}
