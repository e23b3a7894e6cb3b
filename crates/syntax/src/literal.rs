//! One string literal: where it begins and ends in the languages at hand, and what its escapes stand for.
//! Not concatenation (`join`), and not what the text says.

use std::ops::Range;

use crate::quote::{Quote, Style};
use crate::source::{Source, is_quote, is_word};
use crate::{FileKind, Language, Text, decode};

/// A string literal.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    /// Where it begins, prefix and quote included.
    pub(crate) start: usize,
    /// What stands between the quotes.
    pub(crate) inner: Range<usize>,
    /// After the closing quote.
    pub(crate) end: usize,
    pub(crate) quote: Quote,
    /// Whether backslashes stand for themselves.
    pub(crate) raw: bool,
    /// Whether `{x}` within is filled in, as in an f-string.
    pub(crate) formatted: bool,
}

/// How a backslash in quotes is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    /// It escapes, also quotes.
    Escapes,
    /// It escapes quotes and itself, all else stays.
    EscapesQuote,
    /// It is a character like any other.
    Nothing,
}

/// The literal that begins at `at` and ends before `limit`; a prefix such as `b`, `r`, `f`, `L`, `@`, `$` may stand first.
pub(crate) fn literal_at(source: Source<'_>, at: usize, limit: usize) -> Option<Literal> {
    let prefix = prefix_len(source, at);
    let prefix_bytes = source.slice(at..at + prefix);
    let has = |byte: u8| prefix_bytes.iter().any(|b| b.eq_ignore_ascii_case(&byte));
    let open = at + prefix;
    // A lifetime of Rust: `&'a str`, `Cow<'a, str>`.
    if source.kind == FileKind::Code(Language::Rust)
        && source.byte(at) == b'\''
        && matches!(source.before(at), b'&' | b'<')
    {
        return None;
    }
    if let Some(found) = raw_with_fence(source, at, prefix, limit) {
        return Some(found);
    }
    let quote = Quote::opening(source, open)?;
    let from = open + quote.len;
    let raw = has(b'r') || has(b'@') && source.kind != FileKind::Code(Language::ObjectiveC);
    let close = close_of(source, quote, from, limit, raw)?;
    let formatted = has(b'f') || has(b'$') || has(b's');
    Some(Literal { start: at, inner: from..close, end: close + quote.len, quote, raw, formatted })
}

/// Length of the letters that may stand before a quote and belong to the literal.
fn prefix_len(source: Source<'_>, at: usize) -> usize {
    if is_quote(source.byte(at)) {
        return 0;
    }
    let letters = source.rest(at, 3).iter().take_while(|b| b"bBrRuUfFLNnEeSs8@$".contains(b)).count();
    let opens = is_quote(source.byte(at + letters)) || source.byte(at + letters) == b'#';
    if letters == 0 || !opens || is_word(source.before(at)) { 0 } else { letters }
}

/// Rust's `r#"…"#`, Swift's `#"…"#`, C++'s `R"x(…)x"`.
fn raw_with_fence(source: Source<'_>, at: usize, prefix: usize, limit: usize) -> Option<Literal> {
    let open = at + prefix;
    let mut quote = Quote::opening(source, at + prefix + hashes(source, open))?;
    let (from, close): (usize, Vec<u8>) = match source.byte(open) {
        b'#' if matches!(source.kind, FileKind::Code(Language::Rust | Language::Swift)) => {
            let count = hashes(source, open);
            let close = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', count)).collect();
            (open + count + 1, close)
        }
        b'"' if source.before(open) == b'R' && prefix > 0 => {
            let tag = source.rest(open + 1, 17).iter().position(|&byte| byte == b'(')?;
            let close = [b")", source.slice(open + 1..open + 1 + tag), b"\""].concat();
            (open + tag + 2, close)
        }
        _ => return None,
    };
    quote.style = Style::Plain;
    let inside = source.slice(from..limit);
    let found = inside.windows(close.len()).position(|window| window == close)?;
    let end = from + found + close.len();
    Some(Literal { start: at, inner: from..from + found, end, quote, raw: true, formatted: false })
}

fn hashes(source: Source<'_>, at: usize) -> usize {
    source.rest(at, 8).iter().take_while(|&&byte| byte == b'#').count()
}

/// Offset of the token that closes `quote`, which opened before `from`.
fn close_of(source: Source<'_>, quote: Quote, from: usize, limit: usize, raw: bool) -> Option<usize> {
    match quote.style {
        Style::Plain => close_plain(source, quote.byte, from, limit, raw),
        Style::Triple => {
            let inside = source.slice(from..limit);
            let found = inside.windows(3).position(|window| window == quote.token())?;
            Some(from + found)
        }
        Style::Escaped => close_escaped(source, quote, from, limit),
        Style::Entity | Style::Doubled | Style::Curly => {
            let line = source.slice(from..source.line_end(from, limit.saturating_sub(from)));
            let found = line.windows(quote.len).position(|window| window == quote.token())?;
            Some(from + found)
        }
    }
}

fn close_plain(source: Source<'_>, quote: u8, from: usize, limit: usize, raw: bool) -> Option<usize> {
    let backslash = if raw { Backslash::Nothing } else { backslash(source.kind, quote) };
    let doubled = doubles(source.kind, quote) || raw && source.kind == FileKind::Code(Language::CSharp);
    let lines = spans_lines(source.kind, quote) || raw;
    let mut at = from;
    while at < limit.min(source.text.len()) {
        match source.byte(at) {
            b'\\' if backslash != Backslash::Nothing => at += 1,
            b'`' if source.kind == FileKind::PowerShell && quote == b'"' => at += 1,
            b'\n' if !lines => return None,
            b'#' | b'$' if let Some(end) = interpolation_end(source, at, quote) => at = end - 1,
            byte if byte == quote => {
                if doubled && source.byte(at + 1) == quote {
                    at += 1;
                } else {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The end of `#{…}`, `${…}`, `$(…)` at `at` where the language fills it in and it holds quotes of its own.
fn interpolation_end(source: Source<'_>, at: usize, quote: u8) -> Option<usize> {
    use Language::{Dart, Elixir, Groovy, JavaScript, Kotlin, Ruby, Scala, TypeScript};
    let (open, close) = match (source.byte(at), source.byte(at + 1), source.kind) {
        (b'#', b'{', FileKind::Code(Ruby | Elixir)) if quote == b'"' => (b'{', b'}'),
        (b'$', b'{', FileKind::Code(JavaScript | TypeScript)) if quote == b'`' => (b'{', b'}'),
        (b'$', b'{', FileKind::Code(Kotlin | Dart | Groovy | Scala) | FileKind::Hcl) if quote == b'"' => (b'{', b'}'),
        (b'$', b'(', FileKind::Shell | FileKind::PowerShell | FileKind::Makefile | FileKind::Markdown)
            if quote == b'"' =>
        {
            (b'(', b')')
        }
        _ => return None,
    };
    let mut depth = 0;
    let mut quotes = 0;
    for (index, &byte) in source.rest(at + 1, 200).iter().enumerate() {
        if byte == b'\n' {
            return None;
        }
        quotes += usize::from(byte == quote);
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return (quotes > 0 && quotes % 2 == 0).then_some(at + 2 + index);
            }
        }
    }
    None
}

/// Within a string, `\"…\"` closes at the same number of backslashes; more belong to the inside, fewer end the outer
/// string.
fn close_escaped(source: Source<'_>, quote: Quote, from: usize, limit: usize) -> Option<usize> {
    let slashes = quote.len - 1;
    if quote.token()[slashes] != quote.byte {
        let line = source.slice(from..source.line_end(from, limit.saturating_sub(from)));
        return line.windows(quote.len).position(|window| window == quote.token()).map(|found| from + found);
    }
    let mut run = 0;
    for at in from..limit.min(source.text.len()) {
        match source.byte(at) {
            b'\\' => run += 1,
            b'\n' => return None,
            byte => {
                if byte == quote.byte && run <= slashes {
                    return (run == slashes).then_some(at - run);
                }
                run = 0;
            }
        }
    }
    None
}

fn backslash(kind: FileKind, quote: u8) -> Backslash {
    use Language::{CSharp, FSharp, Go, Matlab, Pascal, Perl, Php, Ruby, VisualBasic};
    match (kind, quote) {
        (FileKind::Code(VisualBasic | Pascal | Matlab), _) => Backslash::Nothing,
        (FileKind::Code(Go | CSharp | FSharp), b'`') => Backslash::Nothing,
        (FileKind::Code(Perl | Php | Ruby), b'\'') => Backslash::EscapesQuote,
        (FileKind::Code(_) | FileKind::Json | FileKind::Notebook | FileKind::Hcl | FileKind::Minified, _) => {
            Backslash::Escapes
        }
        (FileKind::Yaml | FileKind::Toml | FileKind::Shell | FileKind::Dockerfile | FileKind::Makefile, b'\'') => {
            Backslash::Nothing
        }
        (FileKind::Yaml | FileKind::Toml, _) => Backslash::Escapes,
        (FileKind::Shell | FileKind::Dockerfile | FileKind::Makefile | FileKind::Env, _) => Backslash::EscapesQuote,
        (FileKind::Sql | FileKind::PowerShell | FileKind::Batch | FileKind::Csv | FileKind::Xml, _) => {
            Backslash::Nothing
        }
        (FileKind::Ini | FileKind::Properties, _) => Backslash::EscapesQuote,
        _ => Backslash::Escapes,
    }
}

/// Where a quote in quotes is written twice.
fn doubles(kind: FileKind, quote: u8) -> bool {
    match kind {
        FileKind::Sql
        | FileKind::Csv
        | FileKind::PowerShell
        | FileKind::Code(Language::VisualBasic | Language::Pascal) => true,
        FileKind::Yaml => quote == b'\'',
        _ => false,
    }
}

/// Where a string goes on after the end of a line.
fn spans_lines(kind: FileKind, quote: u8) -> bool {
    use Language::{Elixir, Perl, Php, Ruby, Rust};
    quote == b'`'
        || kind == FileKind::Code(Rust) && quote == b'"'
        || matches!(
            kind,
            FileKind::Shell
                | FileKind::Yaml
                | FileKind::Env
                | FileKind::Xml
                | FileKind::Html
                | FileKind::Sql
                | FileKind::Csv
                | FileKind::PowerShell
                | FileKind::Dockerfile
                | FileKind::Code(Elixir | Perl | Php | Ruby)
        )
}

/// What the literal stands for where that differs from its bytes.
pub(crate) fn decoded(source: Source<'_>, literal: &Literal) -> Option<Text> {
    let inner = source.slice(literal.inner.clone());
    let at = literal.inner.start;
    match literal.quote.style {
        Style::Entity => decode::entities(inner).map(|text| text.shifted(at)),
        Style::Doubled | Style::Curly => None,
        Style::Escaped => {
            // Once for the string outside, once for the one within.
            let once = decode::escapes(inner)?;
            let text = match decode::escapes(&once.bytes) {
                Some(twice) => Text { map: once.map.compose(&twice.map), bytes: twice.bytes },
                None => once,
            };
            Some(text.shifted(at))
        }
        Style::Plain | Style::Triple => {
            if matches!(source.kind, FileKind::Xml | FileKind::Html)
                && let Some(text) = decode::entities(inner)
            {
                return Some(text.shifted(at));
            }
            if !literal.raw && backslash(source.kind, literal.quote.byte) == Backslash::Escapes {
                return decode::escapes(inner).map(|text| text.shifted(at));
            }
            let twice = doubles(source.kind, literal.quote.byte);
            undoubled(inner, literal.quote.byte, twice, !literal.raw).map(|text| text.shifted(at))
        }
    }
}

/// `''` and `\'` as one quote, `\\` as one backslash.
fn undoubled(inner: &[u8], quote: u8, twice: bool, escapes: bool) -> Option<Text> {
    let mut out = Text::default();
    let (mut from, mut at) = (0, 0);
    while at + 1 < inner.len() {
        let pair = (inner[at], inner[at + 1]);
        let folds =
            twice && pair == (quote, quote) || escapes && !twice && (pair == (b'\\', quote) || pair == (b'\\', b'\\'));
        if folds {
            out.copy(&inner[from..at], from);
            out.unit(&[pair.1], at, 2);
            at += 2;
            from = at;
        } else {
            at += 1;
        }
    }
    if from == 0 {
        return None;
    }
    out.copy(&inner[from..], from);
    Some(out)
}
