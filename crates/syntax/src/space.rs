//! Names that only a blank, or a word of prose, ties to their value.
//! Not operators (`tie`).

use crate::binding::Operator;
use crate::literal::literal_at;
use crate::name::Name;
use crate::quote::Quote;
use crate::source::{Source, is_word, one_of};
use crate::tie::operator_at;
use crate::value::{self, Found, Site};
use crate::{FileKind, Language, MAX_VALUE, classify, plain};

/// Reads what follows `name` after a blank, at `at`.
pub(crate) fn read<'a>(source: Source<'_>, name: &'a Name, at: usize, site: &dyn Fn() -> Site<'a>) -> Option<Found> {
    let byte = source.byte(at);
    if Quote::opening(source, at).is_some() {
        return before_literal(source, name, at, site());
    }
    if name.dashes > 0 {
        return flag(source, name, at, site());
    }
    if is_scheme(source, name) {
        return scheme_value(source, at, site());
    }
    match byte {
        b'i' | b'I' if source.has_word(at, b"is") => return prose(source, at + 2, site()),
        b'B' | b'b' if source.has_word(at, b"by") && one_of(source.slice(name.span.clone()), &[b"identified"]) => {
            return sql(source, at + 2, site());
        }
        b'A' | b'a' if source.has_word(at, b"as") => return basic_type(source, at + 2, site()),
        b'v' | b'V' if source.has_word(at, b"value") => {
            let tie = source.skip_blank(at + 5, 8);
            let (_, after) = operator_at(source, tie)?;
            return value::read(source, after, Operator::NameValuePair, site());
        }
        _ => {}
    }
    if let Some(found) = declared_type(source, at, site) {
        return Some(found);
    }
    if !(is_word(byte) || byte > 0x20)
        || matches!(byte, b'&' | b'|' | b'(' | b')' | b'{' | b'}' | b'[' | b'<' | b'>' | b';' | b',' | b'\\')
    {
        return None;
    }
    first_on_line(source, name, at, site)
}

/// `PASSWORD 'v'`, `password "v"`.
fn before_literal(source: Source<'_>, name: &Name, at: usize, site: Site<'_>) -> Option<Found> {
    let flag = name.dashes > 0;
    if value::quote_ends_string(source, at, site) {
        return None;
    }
    let sql = site.context.string.is_some() || site.context.comment || source.kind == FileKind::Sql;
    if !flag && matches!(source.kind, FileKind::Xml | FileKind::Html | FileKind::Json | FileKind::Csv) && !sql {
        return None;
    }
    let literal = literal_at(source, at, at + MAX_VALUE)?;
    let operator = match () {
        () if flag => Operator::Flag,
        () if sql => Operator::Sql,
        () => Operator::Space,
    };
    Some(value::of_literal(source, &literal, operator, site))
}

/// `--password v`: one word that is no flag itself.
fn flag(source: Source<'_>, name: &Name, at: usize, site: Site<'_>) -> Option<Found> {
    let byte = source.byte(at);
    if byte == b'-'
        || matches!(byte, b'|' | b'>' | b'<' | b';' | b'&' | b')' | b']' | b'\\' | b'=')
        || source.kind.is_code() && site.context.string.is_none() && !site.context.comment
    {
        return None;
    }
    // One dash is a flag of Java tools and PowerShell, but also a list.
    if name.dashes == 1
        && !matches!(source.kind, FileKind::PowerShell | FileKind::Shell | FileKind::Batch)
        && plain::is_line_key(source, site)
    {
        return None;
    }
    value::read(source, at, Operator::Flag, site)
}

/// Words that stand directly before a credential.
fn is_scheme(source: Source<'_>, name: &Name) -> bool {
    one_of(source.slice(name.span.clone()), &[b"bearer", b"basic"])
}

/// `Bearer v`, unquoted.
fn scheme_value(source: Source<'_>, at: usize, site: Site<'_>) -> Option<Found> {
    let (span, kind) = plain::read(source, at, Operator::Scheme, site)?;
    Some(value::of_plain(source, span, kind, Operator::Scheme))
}

/// `password is v` in comments and prose.
fn prose(source: Source<'_>, at: usize, site: Site<'_>) -> Option<Found> {
    let text = matches!(source.kind, FileKind::Markdown | FileKind::Plain | FileKind::Unknown | FileKind::Html);
    if !text && !site.context.comment && site.context.string.is_none() {
        return None;
    }
    let mut at = source.skip_blank(at, 8);
    if matches!(source.byte(at), b':' | b'=') {
        at = source.skip_blank(at + 1, 8);
    }
    value::read(source, at, Operator::Prose, site)
}

/// `IDENTIFIED BY 'v'`, `IDENTIFIED BY PASSWORD 'v'`.
fn sql(source: Source<'_>, at: usize, site: Site<'_>) -> Option<Found> {
    let mut at = source.skip_blank(at, 16);
    if source.has_word(at, b"password") || source.has_word(at, b"values") {
        at = source.skip_blank(source.skip_word(at, 16), 16);
    }
    if Quote::opening(source, at).is_some() && !value::quote_ends_string(source, at, site) {
        let literal = literal_at(source, at, at + MAX_VALUE)?;
        return Some(value::of_literal(source, &literal, Operator::Sql, site));
    }
    // Oracle takes an unquoted word.
    let (span, kind) = plain::word(source, at)?;
    Some(value::bare(span, kind, Operator::Sql))
}

/// `Dim password As String = "v"`.
fn basic_type(source: Source<'_>, at: usize, site: Site<'_>) -> Option<Found> {
    let line = source.slice(at..source.line_end(at, 60));
    let tie = at + memchr::memchr(b'=', line)?;
    value::read(source, tie + 1, Operator::Assign, site)
}

/// `name string = "v"` of Go, and other declarations with the type after the name.
fn declared_type<'a>(source: Source<'_>, at: usize, site: &dyn Fn() -> Site<'a>) -> Option<Found> {
    let code = matches!(
        source.kind,
        FileKind::Code(Language::Go | Language::VisualBasic | Language::Solidity)
            | FileKind::Markdown
            | FileKind::Unknown
    );
    let len = source
        .rest(at, 40)
        .iter()
        .take_while(|&&byte| is_word(byte) || matches!(byte, b'.' | b'*' | b'[' | b']'))
        .count();
    if !code || len == 0 {
        return None;
    }
    let tie = source.skip_blank(at + len, 40);
    if source.byte(tie) != b'=' || matches!(source.byte(tie + 1), b'=' | b'>') {
        return None;
    }
    value::read(source, tie + 1, Operator::Assign, site())
}

/// `ENV NAME v`, `password v` as a line of its own, `login x password v` of a netrc.
fn first_on_line<'a>(source: Source<'_>, name: &'a Name, at: usize, site: &dyn Fn() -> Site<'a>) -> Option<Found> {
    let (start, known) = source.line_start(name.outer.start, 120);
    let lead = source.slice(start..name.outer.start).trim_ascii();
    if !known {
        return None;
    }
    let instruction = one_of(
        lead,
        &[b"env", b"arg", b"setenv", b"setx", b"set -x", b"set -gx", b"set -ux", b"set -xg", b"set -Ux", b"label"],
    );
    if instruction {
        let site = site();
        let end = source.line_end(at, MAX_VALUE);
        let text = source.slice(at..end).trim_ascii_end();
        let (span, kind) = if source.kind == FileKind::Dockerfile && !text.is_empty() {
            (at..at + text.len(), classify::kind_of(text))
        } else {
            plain::read(source, at, Operator::Space, site)?
        };
        return Some(value::of_plain(source, span, kind, Operator::Space));
    }
    if !matches!(
        source.kind,
        FileKind::Ini
            | FileKind::Plain
            | FileKind::Unknown
            | FileKind::Env
            | FileKind::Markdown
            | FileKind::Properties
            | FileKind::Shell
    ) {
        return None;
    }
    let end = source.line_end(at, 200);
    let rest = source.slice(at..end).trim_ascii_end();
    let one_word = !rest.is_empty() && !rest.iter().any(|&byte| matches!(byte, b' ' | b'\t'));
    let words = || lead.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
    let netrc = words().rev().nth(1).is_some_and(|word| one_of(word, &[b"login", b"machine", b"user", b"account"]));
    let configures = words().next_back().is_some_and(|word| one_of(word, &[b"config", b"set", b"enable"]))
        || memchr::memmem::find(lead, b"config set").is_some();
    let settings = !matches!(source.kind, FileKind::Markdown | FileKind::Shell);
    if netrc || configures && one_word || lead.is_empty() && one_word && settings {
        let word = source.slice(at..at + rest.len());
        let len = word.iter().position(|&byte| matches!(byte, b' ' | b'\t')).unwrap_or(word.len());
        return Some(value::of_plain(source, at..at + len, classify::kind_of(&word[..len]), Operator::Space));
    }
    None
}
