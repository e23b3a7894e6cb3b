//! What the begin of a line says about a place in it: within a comment, within a string.
//! Not a lexer of the file: texts that span lines are not seen, and only a bounded part of a long line is read.

use std::ops::Range;

use crate::quote::Quote;
use crate::source::{Source, is_blank, is_quote, is_space, is_word};
use crate::{FileKind, Language};

/// How much of a line is read. Written lines are shorter; of minified ones the begin is not known.
const LOOK_BACK: usize = 512;

/// Where a place stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// In a comment.
    pub(crate) comment: bool,
    /// In a string that this byte opened and closes.
    pub(crate) string: Option<u8>,
    /// Where that string begins (after the quote), or the comment, or the line.
    pub(crate) start: usize,
    /// Whether the line begins further back than was read, so that the rest is a guess.
    pub(crate) cut: bool,
}

/// The tokens that begin a comment up to the end of the line.
fn line_comments(kind: FileKind) -> &'static [&'static [u8]] {
    use Language::{
        Clojure, Css, Elixir, Erlang, FSharp, Haskell, Julia, Lua, Matlab, Nix, OCaml, Pascal, Perl, Php, Python, R,
        Ruby, VisualBasic,
    };
    match kind {
        FileKind::Code(Python | Perl | Ruby | R | Elixir | Julia | Nix) => &[b"#"],
        FileKind::Code(Php) => &[b"//", b"#"],
        FileKind::Code(Haskell | Lua) | FileKind::Sql => &[b"--"],
        FileKind::Code(Erlang | Matlab) => &[b"%"],
        FileKind::Code(Clojure) => &[b";"],
        FileKind::Code(VisualBasic) => &[b"'"],
        FileKind::Code(OCaml) => &[b"(*"],
        FileKind::Code(FSharp | Pascal) => &[b"//", b"(*", b"{ "],
        FileKind::Code(Css) => &[],
        FileKind::Code(_) | FileKind::Minified | FileKind::Json | FileKind::Notebook => &[b"//"],
        FileKind::Hcl => &[b"#", b"//"],
        FileKind::Batch => &[b"::", b"rem ", b"REM ", b"Rem "],
        FileKind::Ini => &[b"#", b";"],
        FileKind::Properties => &[b"#", b"!"],
        FileKind::Xml | FileKind::Html | FileKind::Csv | FileKind::Markdown => &[],
        FileKind::Plain | FileKind::Unknown => &[b"#", b"//"],
        FileKind::Yaml
        | FileKind::Toml
        | FileKind::Env
        | FileKind::Dockerfile
        | FileKind::Makefile
        | FileKind::Shell
        | FileKind::PowerShell
        | FileKind::Lock => &[b"#"],
    }
}

/// Whether quotes on a line are worth following: in prose and plain values an apostrophe is just that.
fn follows_quotes(kind: FileKind, byte: u8) -> bool {
    match kind {
        FileKind::Markdown | FileKind::Plain | FileKind::Unknown | FileKind::Csv | FileKind::Lock => byte == b'"',
        FileKind::Ini | FileKind::Properties | FileKind::Json | FileKind::Notebook => byte == b'"',
        FileKind::Xml | FileKind::Html | FileKind::Yaml | FileKind::Env => byte != b'`',
        FileKind::Toml | FileKind::Sql => byte != b'`',
        _ => true,
    }
}

/// The context of offset `at`.
pub(crate) fn context_at(source: Source<'_>, at: usize) -> Context {
    let (start, known) = source.line_start(at, LOOK_BACK);
    let mut context = Context { comment: false, string: None, start, cut: !known };
    // From the middle of a line nothing can be told, so nothing is read.
    if !known {
        return context;
    }
    if begins_as_comment(source, start) {
        context.comment = true;
        return context;
    }
    let mut place = start;
    while let Some(next) = next_telling(source, place..at, &context) {
        place = next;
        let byte = source.byte(place);
        match context.string {
            Some(quote) => {
                if byte == b'\\' {
                    place += 1;
                } else if byte == quote {
                    context.string = None;
                }
            }
            None if is_quote(byte) && follows_quotes(source.kind, byte) && source.before(place) != b'\\' => {
                if let Some(len) = not_a_string(source, place) {
                    place += len;
                    continue;
                }
                context.string = Some(byte);
                context.start = place + 1;
            }
            None if opens_comment(source, place, start) => {
                return Context { comment: true, string: None, start: place, cut: false };
            }
            None => {}
        }
        place += 1;
    }
    context
}

/// The next byte of `range` that may change what is known: in a string its end or an escape, else a quote, and
/// what may begin a comment. Names are many and lines long, so the rest is passed over fast.
fn next_telling(source: Source<'_>, range: Range<usize>, context: &Context) -> Option<usize> {
    let start = range.start;
    let rest = source.slice(range);
    let found = match context.string {
        Some(quote) => memchr::memchr2(b'\\', quote, rest),
        None => rest.iter().position(|&byte| TELLING[usize::from(byte)]),
    };
    found.map(|at| start + at)
}

/// Quotes, and the bytes that [`opens_comment`] looks at.
const TELLING: [bool; 256] = {
    let (mut telling, mut at) = ([false; 256], 0);
    while at < COMMENTS.len() {
        telling[COMMENTS[at] as usize] = true;
        at += 1;
    }
    telling[b'"' as usize] = true;
    telling[b'`' as usize] = true;
    telling
};

/// What comments begin with; also the apostrophe, which is a quote too.
const COMMENTS: &[u8] = b"#/-;%'<!:({rR";

/// An apostrophe that opens nothing: a Rust lifetime, a digit separator, the apostrophe of a word; or a character literal
/// that holds a quote. Its length.
fn not_a_string(source: Source<'_>, at: usize) -> Option<usize> {
    if source.byte(at) != b'\'' {
        return None;
    }
    if source.byte(at + 2) == b'\'' && source.byte(at + 1) != b'\\' {
        return Some(3);
    }
    if source.has(at + 1, b"\\\"'") || source.has(at + 1, b"\\''") {
        return Some(4);
    }
    let word_before = source.before(at).is_ascii_alphabetic() && is_word(source.byte(at + 1));
    let prefixes = b"bBrRuUfFLNn";
    let prefixed = prefixes.contains(&source.before(at)) && !is_word(source.before(at.saturating_sub(1)));
    if word_before && !prefixed {
        return Some(1);
    }
    let lifetime = source.kind == FileKind::Code(Language::Rust);
    lifetime.then_some(1)
}

/// Comments that are known by how the line begins, also the middle lines of block comments.
fn begins_as_comment(source: Source<'_>, start: usize) -> bool {
    let at = source.skip_blank(start, LOOK_BACK);
    let starts = |tokens: &[&[u8]]| tokens.iter().any(|token| source.has(at, token));
    if starts(line_comments(source.kind)) {
        return true;
    }
    match source.kind {
        FileKind::Code(Language::Python) | FileKind::Yaml | FileKind::Toml | FileKind::Env | FileKind::Shell => false,
        FileKind::Markdown | FileKind::Plain | FileKind::Unknown | FileKind::Csv => starts(&[b"<!--"]),
        FileKind::Xml | FileKind::Html => starts(&[b"<!--", b"//", b"/*"]),
        FileKind::PowerShell => starts(&[b"<#"]),
        FileKind::Code(_) | FileKind::Hcl | FileKind::Sql | FileKind::Minified => {
            starts(&[b"/*", b"* ", b"*\t", b"<!--"]) || source.byte(at) == b'*' && is_space(source.byte(at + 1))
        }
        _ => false,
    }
}

/// Whether a comment begins at `at`, within a line.
fn opens_comment(source: Source<'_>, at: usize, start: usize) -> bool {
    let before = source.before(at);
    let apart = at == start || is_blank(before) || matches!(before, b';' | b'{' | b'}' | b')' | b',');
    if !apart {
        return false;
    }
    let byte = source.byte(at);
    if !COMMENTS.contains(&byte) {
        return false;
    }
    match source.kind {
        // `!` and `;` begin a comment only where a line begins.
        FileKind::Properties | FileKind::Batch => false,
        FileKind::Ini => byte == b'#' && is_blank(before) && is_blank(source.byte(at + 1)),
        FileKind::Xml | FileKind::Html | FileKind::Markdown => source.has(at, b"<!--"),
        FileKind::Plain | FileKind::Unknown => {
            (source.has(at, b"# ") || source.has(at, b"// ")) && (at == start || is_blank(before))
        }
        _ => line_comments(source.kind).iter().any(|token| source.has(at, token)) || source.has(at, b"/* "),
    }
}

/// Whether the quote at `at` closes the string that `context` stands in rather than opening another.
pub(crate) fn closes_enclosing(source: Source<'_>, at: usize, context: &Context) -> bool {
    let Some(quote) = Quote::opening(source, at) else { return false };
    if let Some(string) = context.string
        && quote.len == 1
        && quote.byte == string
    {
        return true;
    }
    if !context.cut {
        return false;
    }
    // The begin of the line is not known: what follows tells a closing quote.
    let next = source.byte(source.skip_blank(at + quote.len, 8));
    matches!(next, b'+' | b',' | b')' | b';' | b']' | b'}' | b'>' | b'/' | 0)
}
