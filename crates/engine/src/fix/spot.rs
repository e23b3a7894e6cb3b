//! A secret in its document: the literal that holds it, the name it is bound to.
//! Not here: what takes its place.

use keylint_diagnostics::Span;
use keylint_syntax::{FileKind, enclosing};

use super::name;

/// A secret and what stands around it.
#[derive(Debug)]
pub(super) struct Spot<'t> {
    pub(super) text: &'t [u8],
    /// The secret itself.
    pub(super) secret: Span,
    /// Whether it stands in a comment.
    pub(super) comment: bool,
    /// The name it is bound to.
    pub(super) bound: Option<&'t [u8]>,
    /// The quote of the string that it stands in; 0 outside.
    pub(super) quote: u8,
    /// The literal, where the secret is all of it and means what it says.
    pub(super) literal: Option<Literal<'t>>,
}

/// A literal that is nothing but the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Literal<'t> {
    /// The literal with its quotes, and what stands directly before them.
    pub(super) span: Span,
    /// What stands directly before the quotes: `b`, `f`, `@`.
    pub(super) prefix: &'t [u8],
    /// The quote.
    pub(super) quote: u8,
}

impl<'t> Spot<'t> {
    pub(super) fn new(text: &'t [u8], secret: Span, kind: FileKind) -> Spot<'t> {
        let place = enclosing(text, secret.range().start, kind);
        let quote = place.string.map_or(0, |(quote, _)| quote);
        let opens = place.string.is_some_and(|(_, start)| start == secret.range().start);
        let literal = if opens { literal(text, secret, quote) } else { None };
        Spot { text, secret, comment: place.comment, bound: name::bound(text, secret, kind), quote, literal }
    }

    /// The bytes of the secret.
    pub(super) fn value(&self) -> &'t [u8] {
        self.secret.of(self.text)
    }

    /// Whether the stored bytes are the value itself, and fit into one line of `.env`.
    pub(super) fn is_plain(&self) -> bool {
        !self.value().is_empty()
            && self.value().iter().all(|&b| !matches!(b, b'\\' | b'\'' | b'"' | b'`') && !b.is_ascii_control())
    }

    /// The line up to `at`.
    pub(super) fn line_before(&self, at: u32) -> &'t [u8] {
        let before = &self.text[..(at as usize).min(self.text.len())];
        &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..]
    }

    /// The line from `at` on, without its end.
    pub(super) fn line_after(&self, at: u32) -> &'t [u8] {
        let after = &self.text[(at as usize).min(self.text.len())..];
        after[..memchr::memchr(b'\n', after).unwrap_or(after.len())].trim_ascii_end()
    }

    /// Whether the secret is what follows an operator up to the end of the line, without quotes.
    pub(super) fn is_plain_scalar(&self, operators: &[&[u8]]) -> bool {
        let before = self.line_before(self.secret.start);
        self.quote == 0
            && self.line_after(self.secret.end).is_empty()
            && operators.iter().any(|operator| before.ends_with(operator))
    }
}

/// The literal whose content is exactly `secret`.
fn literal(text: &[u8], secret: Span, quote: u8) -> Option<Literal<'_>> {
    let (start, end) = (secret.range().start, secret.range().end);
    if start == 0 || text[start - 1] != quote || text.get(end) != Some(&quote) || secret.of(text).contains(&quote) {
        return None;
    }
    let triple = start >= 3 && text[start - 3..start].iter().all(|&b| b == quote);
    let width = if triple { 3 } else { 1 };
    let closes = text.get(end..end + width).is_some_and(|close| close.iter().all(|&b| b == quote));
    if !closes || !triple && text.get(end + 1) == Some(&quote) {
        return None;
    }
    let open = start - width;
    let head = text[open.saturating_sub(4)..open]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'@' | b'$'))
        .count();
    // No prefix is so long: this is a word of its own, as in `return"…"`.
    if head == 4 {
        return None;
    }
    Some(Literal { span: Span::new(open - head..end + width), prefix: &text[open - head..open], quote })
}
