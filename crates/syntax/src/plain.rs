//! Unquoted values: where they end in each kind of file, and what they are.
//! Not expressions of program source (`expression`).

use std::ops::Range;

use crate::FileKind;
use crate::binding::{MAX_VALUE, Operator, ValueKind};
use crate::classify;
use crate::source::{Source, is_blank, is_space, is_word};
use crate::template::scheme;
use crate::value::Site;

/// How an unquoted value ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// At the end of the line, or where a comment begins.
    Line,
    /// At white space, and at what ends a word of a shell.
    Shell,
    /// At white space only, and `;`.
    Word,
    /// At what separates the parameters of a URL.
    Query,
    /// At white space, punctuation and brackets, as in running text.
    Prose,
    /// At what separates the entries of `{a: b, c: d}`.
    Flow,
}

/// Bytes that may stand between the begin of a line and the name that is its key.
const KEY_LEAD: usize = 120;

/// The unquoted value at `at`.
pub(crate) fn read(
    source: Source<'_>,
    at: usize,
    operator: Operator,
    site: Site<'_>,
) -> Option<(Range<usize>, ValueKind)> {
    let mode = mode(source, operator, site);
    let at = if mode == Mode::Prose { skip_dress(source, at) } else { at };
    if let Some(end) = placeholder_end(source, at) {
        let whole = ends_here(source, end, mode);
        if whole {
            return Some((at..end, placeholder_kind(source.slice(at..end))));
        }
    }
    let mut start = at;
    if let Some(skip) = scheme_before(source, at, site) {
        start += skip;
    }
    let end = end_of(source, start, mode, operator, site);
    let (start, end) = trimmed(source, start, end, mode);
    (start < end).then(|| (start..end, classify::kind_of(source.slice(start..end))))
}

/// The word at `at`, whatever the file.
pub(crate) fn word(source: Source<'_>, at: usize) -> Option<(Range<usize>, ValueKind)> {
    let end = until(source, at, Mode::Prose, false, None);
    let (start, end) = trimmed(source, at, end, Mode::Prose);
    (start < end).then(|| (start..end, classify::kind_of(source.slice(start..end))))
}

fn mode(source: Source<'_>, operator: Operator, site: Site<'_>) -> Mode {
    let assigned = operator == Operator::Assign;
    if operator == Operator::UrlQuery {
        return Mode::Query;
    }
    if matches!(operator, Operator::Prose | Operator::Scheme) || site.context.comment && source.kind != FileKind::Env {
        return Mode::Prose;
    }
    if site.context.string.is_some() {
        return Mode::Prose;
    }
    let key = is_line_key(source, site);
    match source.kind {
        FileKind::Yaml if operator == Operator::Colon => match key {
            true => Mode::Line,
            false if in_flow(source, site) => Mode::Flow,
            false => Mode::Prose,
        },
        // An entry of a list of variables, as Compose has them.
        FileKind::Yaml if key && assigned => Mode::Word,
        FileKind::Yaml => Mode::Shell,
        FileKind::Ini | FileKind::Properties if key && operator != Operator::Flag => Mode::Line,
        FileKind::Toml | FileKind::Json | FileKind::Notebook => Mode::Flow,
        FileKind::Env if key && assigned => Mode::Word,
        FileKind::Dockerfile if assigned && is_of_build(source, site) => Mode::Word,
        FileKind::Env
        | FileKind::Shell
        | FileKind::Dockerfile
        | FileKind::Makefile
        | FileKind::PowerShell
        | FileKind::Batch
            if operator != Operator::Colon =>
        {
            Mode::Shell
        }
        _ if operator == Operator::Flag => Mode::Shell,
        _ => Mode::Prose,
    }
}

/// Whether the name is the key of its line: only white space, list dashes, a path of the key, `export` stand before it.
pub(crate) fn is_line_key(source: Source<'_>, site: Site<'_>) -> bool {
    let end = site.name.outer.start;
    let (start, known) = source.line_start(end, KEY_LEAD);
    if !known {
        return false;
    }
    let mut lead = source.slice(start..end);
    while let [head @ .., byte] = lead
        && (is_word(*byte) || matches!(byte, b'.' | b'-' | b'/' | b':' | b'@' | b'_' | b'%'))
        && !head.ends_with(b": ")
    {
        lead = head;
    }
    let lead = lead.trim_ascii();
    let lead = lead.strip_prefix(b"-").unwrap_or(lead).trim_ascii();
    lead.is_empty()
        || matches!(
            lead,
            b"export" | b"set" | b"?" | b"#" | b";" | b"//" | b"\"" | b"'" | b"- -" | b"SET" | b"ENV" | b"ARG"
        )
}

/// Whether the name is set for a build, `ENV NAME=v`, where no shell reads the value.
fn is_of_build(source: Source<'_>, site: Site<'_>) -> bool {
    let end = site.name.outer.start;
    let (start, known) = source.line_start(end, KEY_LEAD);
    let line = source.slice(start..end).trim_ascii_start();
    let instruction = line.split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
    known && (instruction.eq_ignore_ascii_case(b"env") || instruction.eq_ignore_ascii_case(b"arg"))
}

/// Whether the name stands within `{…}` or `[…]` on its line.
fn in_flow(source: Source<'_>, site: Site<'_>) -> bool {
    let end = site.name.outer.start;
    let (start, _) = source.line_start(end, KEY_LEAD);
    let mut depth = 0i32;
    for &byte in source.slice(start..end) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    depth > 0
}

/// What may stand around a word in running text: brackets, stars, a dollar of a prompt.
fn skip_dress(source: Source<'_>, at: usize) -> usize {
    let dress = source.rest(at, 3).iter().take_while(|&&byte| matches!(byte, b'*' | b'(' | b'|')).count();
    if dress > 0 { source.skip_blank(at + dress, 8) } else { at }
}

/// Length of `Bearer ` and the like before an unquoted value.
fn scheme_before(source: Source<'_>, at: usize, site: Site<'_>) -> Option<usize> {
    let end = source.line_end(at, MAX_VALUE);
    let line = source.slice(at..end);
    let first = line.iter().take(20).position(|&byte| byte == b' ')?;
    let rest = at + first + line[first..].iter().take_while(|&&byte| is_blank(byte)).count();
    let last = until(source, rest, Mode::Prose, false, site.context.string);
    scheme(source.slice(at..last), site.name.span.clone(), source)
}

fn end_of(source: Source<'_>, at: usize, mode: Mode, operator: Operator, site: Site<'_>) -> usize {
    let assigned = operator == Operator::Assign || operator == Operator::UrlQuery;
    until(source, at, mode, assigned, site.context.string)
}

/// Where a value that begins at `at` ends. `assigned` says that `&` may separate it from the next one.
fn until(source: Source<'_>, at: usize, mode: Mode, assigned: bool, string: Option<u8>) -> usize {
    let limit = (at + MAX_VALUE).min(source.text.len());
    let (mut round, mut square, mut curly) = (0u32, 0u32, 0u32);
    let mut place = at;
    while place < limit {
        let byte = source.byte(place);
        if byte < 0x20 && byte != b'\t' || Some(byte) == string {
            break;
        }
        if mode == Mode::Line {
            let comment = byte == b'#' || byte == b';' && source.kind == FileKind::Ini;
            if comment && place > at && is_blank(source.before(place)) {
                break;
            }
            place += 1;
            continue;
        }
        let next = source.byte(place + 1);
        match byte {
            b' ' | b'\t' => match mode {
                Mode::Flow if !matches!(source.kind, FileKind::Json | FileKind::Notebook) => {}
                _ => break,
            },
            b'"' | b'`' => break,
            b'\'' if mode != Mode::Word => break,
            b'\\'
                if matches!(next, b'n' | b'r' | b't' | b'"' | b'\'' | b'\n' | b'\r' | b'u' | b'`')
                    && mode != Mode::Word =>
            {
                break;
            }
            b'\\' if is_space(next) => break,
            b';' => break,
            b'&' if mode == Mode::Query || is_entity(source, place) => break,
            b'&' if assigned && mode == Mode::Word => {
                let word = source.skip_word(place + 1, 40);
                if word > place + 1 && source.byte(word) == b'=' {
                    break;
                }
            }
            b'&' if assigned || mode == Mode::Shell => break,
            b'#' if mode == Mode::Query => break,
            b'|' | b'<' | b'>' if mode != Mode::Word => break,
            b',' if matches!(mode, Mode::Query | Mode::Prose | Mode::Flow) => break,
            b'(' => round += 1,
            b'[' => square += 1,
            b'{' => curly += 1,
            b')' if mode != Mode::Word => match round {
                0 => break,
                _ => round -= 1,
            },
            b']' if mode != Mode::Word && mode != Mode::Shell => match square {
                0 => break,
                _ => square -= 1,
            },
            b'}' if mode != Mode::Word && mode != Mode::Shell => match curly {
                0 => break,
                _ => curly -= 1,
            },
            _ => {}
        }
        place += 1;
    }
    place
}

/// Whether an HTML entity stands at `at`: markup around the value.
fn is_entity(source: Source<'_>, at: usize) -> bool {
    [&b"&quot;"[..], b"&lt;", b"&gt;", b"&amp;", b"&#39;", b"&#34;", b"&apos;", b"&nbsp;", b"&#x27;"]
        .iter()
        .any(|e| source.has(at, e))
}

/// Without blanks at the ends and, in running text, without the punctuation of the sentence.
fn trimmed(source: Source<'_>, start: usize, end: usize, mode: Mode) -> (usize, usize) {
    let (mut start, mut end) = (start, end);
    while end > start && is_space(source.before(end)) {
        end -= 1;
    }
    if mode == Mode::Prose {
        while end > start && matches!(source.before(end), b'.' | b':' | b'*' | b',') {
            end -= 1;
        }
        while start < end && matches!(source.byte(start), b'*') {
            start += 1;
        }
    }
    (start, end)
}

/// The end of the placeholder at `at`: `${…}`, `{{ … }}`, `$(…)`, `<%= … %>`.
fn placeholder_end(source: Source<'_>, at: usize) -> Option<usize> {
    const PAIRS: &[(&[u8], &[u8])] = &[
        (b"${{", b"}}"),
        (b"${", b"}"),
        (b"{{", b"}}"),
        (b"$(", b")"),
        (b"<%", b"%>"),
        (b"#{", b"}"),
        (b"{%", b"%}"),
        (b"$[", b"]"),
        (b"%{", b"}"),
    ];
    let (open, close) = PAIRS.iter().find(|(open, _)| source.has(at, open))?;
    let line = source.slice(at..source.line_end(at, 400));
    let found = memchr::memmem::find(&line[open.len()..], close)?;
    let mut end = at + open.len() + found + close.len();
    while source.byte(end) == close[0] && close.len() == 1 {
        end += 1;
    }
    Some(end)
}

fn ends_here(source: Source<'_>, end: usize, mode: Mode) -> bool {
    let byte = source.byte(end);
    byte == 0
        || is_space(byte)
        || matches!(byte, b'"' | b'\'' | b'`' | b',' | b';' | b')' | b']' | b'}' | b'<' | b'&' | b'\\')
            && mode != Mode::Line
}

fn placeholder_kind(bytes: &[u8]) -> ValueKind {
    if bytes.starts_with(b"$(") { ValueKind::Call } else { ValueKind::Template }
}
