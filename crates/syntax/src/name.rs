//! The whole name around a keyword, and the quotes, sigils and dashes it stands in.
//! Not what the name means: `password_field` is a name like any other here.

use std::cell::OnceCell;
use std::ops::Range;

use crate::context::{Context, context_at};
use crate::quote::Quote;
use crate::source::{Source, is_word};
use crate::tie::may_bind;

/// Longest name that is read to either side; what is longer is no name but data.
const LONGEST: usize = 80;

/// How much of a key in quotes may stand beside the name: `"spring.datasource.password"`, `"Master password (RDS)"`.
const BESIDE: usize = 48;

/// A name and its dress.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The identifier.
    pub(crate) span: Range<usize>,
    /// The quotes around the key that the name is (the end of), if it stands in quotes.
    pub(crate) quote: Option<Quote>,
    /// The key with its quotes and sigils.
    pub(crate) outer: Range<usize>,
    /// Number of dashes before the name that make it a flag.
    pub(crate) dashes: usize,
    /// What the line says about it, once asked.
    context: OnceCell<Context>,
}

impl Name {
    /// The context of the name, read once.
    pub(crate) fn context(&self, source: Source<'_>) -> Context {
        *self.context.get_or_init(|| context_at(source, self.outer.start))
    }
}

/// The name that holds `keyword`.
pub(crate) fn around(source: Source<'_>, keyword: Range<usize>) -> Option<Name> {
    let span = identifier(source, keyword)?;
    let mut left = span.start;
    let dashes = source.slice(left.saturating_sub(2)..left).iter().rev().take_while(|&&b| b == b'-').count();
    let dashes = if is_word(source.before(left - dashes)) { 0 } else { dashes };
    left -= dashes;
    if dashes == 0 {
        let sigils = source.slice(left.saturating_sub(2)..left);
        left -= sigils.iter().rev().take_while(|&&byte| matches!(byte, b'$' | b'@' | b':' | b'%')).count();
    }
    let bare = Name { outer: left..span.end, quote: None, dashes, span, context: OnceCell::new() };
    if !may_bind(source.byte(bare.span.end)) {
        return Some(bare);
    }
    Some(in_quotes(source, &bare).unwrap_or(bare))
}

/// The bytes of the identifier; also `kebab-case`.
fn identifier(source: Source<'_>, keyword: Range<usize>) -> Option<Range<usize>> {
    let Range { start: first, end: mut last } = keyword;
    if first >= last || last > source.text.len() {
        return None;
    }
    // A keyword such as `pass=` takes the operator with it, which belongs to no name.
    while last > first + 1 && !is_word(source.before(last)) {
        last -= 1;
    }
    let mut start = first;
    while start > 0 {
        let byte = source.before(start);
        let kebab = byte == b'-' && start > 1 && is_word(source.byte(start - 2));
        if !is_word(byte) && !kebab {
            break;
        }
        start -= 1;
        if first - start > LONGEST {
            return None;
        }
    }
    let mut end = last;
    loop {
        let byte = source.byte(end);
        let kebab = byte == b'-' && is_word(source.byte(end + 1)) && source.byte(end - 1) != b'-';
        if !is_word(byte) && !kebab {
            break;
        }
        end += 1;
        if end - last > LONGEST {
            return None;
        }
    }
    Some(skip_escape(source, start, first)..end)
}

/// The letters of an escape that stand before a name are no part of it: `\npassword`, `%20password`, `\u0022password`.
fn skip_escape(source: Source<'_>, start: usize, first: usize) -> usize {
    let len = match (source.before(start), source.byte(start)) {
        (b'\\', b'n' | b'r' | b't') => 1,
        (b'\\', b'u') => 5,
        (b'\\', b'x') => 3,
        (b'%', byte) if byte.is_ascii_hexdigit() && source.byte(start + 1).is_ascii_hexdigit() => 2,
        _ => 0,
    };
    // A keyword that begins like an escape (`\token`) keeps its letters.
    if start + len <= first { start + len } else { start }
}

/// The name as (the end of) a key in quotes: a quote directly on one side, and its like on the other not far.
fn in_quotes(source: Source<'_>, name: &Name) -> Option<Name> {
    let (left, right) = (name.outer.start, name.outer.end);
    let before = Quote::before(source, left);
    let quote = match before {
        Some(quote) => quote,
        None => Quote::opening(source, right).filter(|quote| quote.len <= 8)?,
    };
    let start = if before.is_some() { left - quote.len } else { opening_before(source, quote, left)? };
    let mut end = right;
    while !quote.closes(source, end) {
        let byte = source.byte(end);
        let inside = is_word(byte) || matches!(byte, b'.' | b'-' | b'/' | b' ' | b'(' | b')' | b'[' | b']');
        // A word and a blank after a bare name is a text, not a key: `"password is v"`.
        if !inside || end - right >= BESIDE || before.is_none() {
            return None;
        }
        end += 1;
    }
    if end > right {
        // What goes on after the name is a key only if it is bound as one.
        let after = source.byte(source.skip_blank(end + quote.len, 8));
        let text = source.slice(right..end).contains(&b' ');
        if !matches!(after, b':' | b'=') && (text || !matches!(after, b',' | b']')) {
            return None;
        }
    }
    Some(Name { outer: start..end + quote.len, quote: Some(quote), ..name.clone() })
}

/// Where `quote` opens before `left`, with only the bytes of a key between.
fn opening_before(source: Source<'_>, quote: Quote, left: usize) -> Option<usize> {
    let mut at = left;
    while left - at < BESIDE && at > 0 {
        if at >= quote.len && source.has(at - quote.len, quote.token()) {
            return Some(at - quote.len);
        }
        let byte = source.before(at);
        if !is_word(byte)
            && !matches!(byte, b'.' | b'-' | b':' | b'/' | b' ' | b'[' | b']' | b'_' | b'$' | b'@' | b'*' | b'#')
        {
            return None;
        }
        at -= 1;
    }
    None
}
