//! String literals that are concatenated, as one text with a map back.
//! Not here: names and operators.

use std::ops::Range;

use crate::literal::{Literal, decoded, literal_at};
use crate::quote::Quote;
use crate::source::{Source, is_blank, is_quote, is_space, is_word};
use crate::{FileKind, Language, MAX_JOINED, MAX_VALUE, Text};

/// How far before the asked offset a line is read to see where its strings begin.
const LOOK_BACK: usize = 1024;

/// White space, line breaks and comments that may stand between two literals.
const GAP: usize = 200;

/// Literals that are joined at most: a key of a hundred lines is longer than any.
const MOST_PIECES: usize = 128;

/// The bytes of the string literal around offset `at` joined with those it is concatenated with (`"a" + "b"`, adjacent
/// literals, `\` continuations), and where each stands; `None` where nothing is joined. The kind of file is not known:
/// every way of joining is taken, but literals side by side only across lines.
pub fn joined_at(text: &[u8], at: usize) -> Option<Text> {
    joined_in(text, at, FileKind::Unknown)
}

/// As [`joined_at`], with only the ways of joining that files of `kind` have.
pub fn joined_in(text: &[u8], at: usize, kind: FileKind) -> Option<Text> {
    let source = Source { text, kind };
    let literal = literal_around(source, at)?;
    let joined = follow(source, &literal);
    (joined.pieces > 1).then(|| joined.text_of(source, &literal))
}

/// Whether a literal that ends at `end` may go on in another, in a file of any kind; most do not, which a few bytes tell.
pub fn may_go_on(text: &[u8], end: usize) -> bool {
    next_operand(Source { text, kind: FileKind::Unknown }, end).is_some()
}

/// The literal on the line of `at` that holds it.
fn literal_around(source: Source<'_>, at: usize) -> Option<Literal> {
    let (start, _) = source.line_start(at, LOOK_BACK);
    let mut place = start;
    while place <= at && place < source.text.len() {
        if is_quote(source.byte(place)) && source.before(place) != b'\\' {
            match literal_at(source, place, place + MAX_VALUE) {
                Some(literal) if literal.end > at => return (literal.start <= at).then_some(literal),
                Some(literal) => place = literal.end.max(place + 1),
                None => place += 1,
            }
        } else {
            place += 1;
        }
    }
    None
}

/// What a literal is joined with.
pub(crate) struct Joined {
    /// Number of literals.
    pub(crate) pieces: usize,
    /// From the inside of the first literal to the end of the inside of the last.
    pub(crate) span: Range<usize>,
    /// After the closing quote of the last literal.
    pub(crate) end: usize,
    /// Whether something that is no literal follows: the whole is not known.
    pub(crate) open: bool,
    rest: Vec<Literal>,
}

impl Joined {
    /// The joined bytes; `first` is the literal that was followed.
    pub(crate) fn text_of(&self, source: Source<'_>, first: &Literal) -> Text {
        let mut out = Text::default();
        for literal in std::iter::once(first).chain(&self.rest) {
            match decoded(source, literal) {
                Some(text) => out.append(&text),
                None => out.copy(source.slice(literal.inner.clone()), literal.inner.start),
            }
        }
        out
    }
}

/// Follows the concatenation that `first` begins.
pub(crate) fn follow(source: Source<'_>, first: &Literal) -> Joined {
    let mut joined = Joined { pieces: 1, span: first.inner.clone(), end: first.end, open: false, rest: Vec::new() };
    let limit = first.start + MAX_JOINED;
    while joined.pieces < MOST_PIECES {
        let Some(next) = next_operand(source, joined.end) else { break };
        let same_way = |literal: &Literal| literal.quote.style == first.quote.style;
        match literal_at(source, next.at, limit).filter(same_way) {
            Some(literal) => {
                joined.pieces += 1;
                joined.span.end = literal.inner.end;
                joined.end = literal.end;
                joined.rest.push(literal);
            }
            None => {
                // What is a literal but too long, or quoted otherwise, is still known.
                joined.open = next.explicit && Quote::opening(source, next.at).is_none();
                break;
            }
        }
    }
    joined
}

/// Where the next operand of a concatenation begins.
struct Operand {
    at: usize,
    /// Whether an operator stands before it.
    explicit: bool,
}

/// What follows the literal that ends at `end`.
fn next_operand(source: Source<'_>, end: usize) -> Option<Operand> {
    use Language::{C, Cpp, Elixir, Erlang, Haskell, Lua, ObjectiveC, Perl, Php, Python, Ruby, VisualBasic};
    let any = matches!(source.kind, FileKind::Unknown | FileKind::Markdown | FileKind::Plain | FileKind::Notebook);
    let code = |languages: &[Language]| any || matches!(source.kind, FileKind::Code(l) if languages.contains(&l));
    let at = skip_gap(source, end);
    let (byte, next) = (source.byte(at), source.byte(at + 1));
    let explicit = |len: usize| Some(Operand { at: skip_gap(source, at + len), explicit: true });
    match byte {
        b'+' if next == b'+' && code(&[Haskell, Erlang]) => explicit(2),
        b'+' if next != b'=' && next != b'+' && source.kind != FileKind::Shell => explicit(1),
        b'.' if next == b'.' && code(&[Lua]) => explicit(2),
        b'.' if code(&[Php, Perl]) && (is_space(next) || is_quote(next) || next == b'$') => {
            // In running text it ends the sentence.
            explicit(1).filter(|operand| !any || is_quote(source.byte(operand.at)) || source.byte(operand.at) == b'$')
        }
        b'&' if is_blank(next) && code(&[VisualBasic]) => explicit(1),
        b'<' if next == b'>' && code(&[Elixir, Haskell]) => explicit(2),
        b'|' if next == b'|' && source.kind == FileKind::Sql => explicit(2),
        b'\\' if matches!(next, b'\n' | b'\r') => Some(Operand { at: source.skip_space(at + 1, GAP), explicit: false }),
        b'"' | b'\'' | b'`' if at == end => {
            // Shells glue `"a"'b'`; `"a""b"` elsewhere is a quote written twice.
            matches!(source.kind, FileKind::Shell | FileKind::Makefile | FileKind::Dockerfile)
                .then_some(Operand { at, explicit: false })
        }
        b'"' | b'\'' if code(&[Python, C, Cpp, ObjectiveC, Ruby]) => {
            let gap = source.slice(end..at);
            let break_at = memchr::memrchr(b'\n', gap);
            let lines = break_at.is_some_and(|found| found + 1 < gap.len());
            // Another statement begins at the same column as its own line; a text that goes on is indented.
            let triple = source.byte(at + 1) == byte && source.byte(at + 2) == byte;
            let side_by_side = break_at.is_none() && !any;
            ((lines || side_by_side) && !triple).then_some(Operand { at, explicit: false })
        }
        b'@' if next == b'"' && code(&[ObjectiveC]) => Some(Operand { at, explicit: false }),
        byte if is_word(byte) && is_quote(next) && code(&[Python, C, Cpp]) && at > end => {
            let lines = memchr::memchr(b'\n', source.slice(end..at)).is_some();
            (lines || !any).then_some(Operand { at, explicit: false })
        }
        _ => None,
    }
}

/// Skips white space and the comments of C and Python that stand between literals.
fn skip_gap(source: Source<'_>, from: usize) -> usize {
    let limit = from + GAP;
    let mut at = source.skip_space(from, GAP);
    while at < limit {
        let comment = source.has(at, b"//") || source.byte(at) == b'#' && at > from;
        let next = if comment {
            source.line_end(at, GAP)
        } else if source.has(at, b"/*") {
            match memchr::memmem::find(source.rest(at + 2, GAP), b"*/") {
                Some(found) => at + found + 4,
                None => return at,
            }
        } else {
            return at;
        };
        at = source.skip_space(next, GAP);
    }
    at
}
