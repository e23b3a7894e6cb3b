//! Values in columns: CSV, Markdown tables, SQL inserts. The header names them.
//! Not key and value in one row, except a Markdown row of two cells.

use std::ops::Range;

use crate::FileKind;
use crate::binding::{MAX_VALUE, Operator, Value, ValueKind};
use crate::classify;
use crate::literal::literal_at;
use crate::source::{Source, is_word};
use crate::value::{self, Found, Site, bare};

/// Longest header line that is read.
const HEADER: usize = 1024;

/// The value below the name in a table of separated values. Only the first line is a header.
pub(crate) fn csv(source: Source<'_>, site: Site<'_>) -> Option<Found> {
    let outer = &site.name.outer;
    let (start, known) = source.line_start(outer.start, HEADER);
    if !known || start > 3 {
        return None;
    }
    let end = source.line_end(outer.end, HEADER);
    let separator = separator(source, start, outer.end)?;
    let next = source.byte(outer.end);
    if next != separator && !matches!(next, 0 | b'\n' | b'\r' | b'"' | b' ') {
        return None;
    }
    let column = memchr::memchr_iter(separator, source.slice(start..outer.start)).count();
    let row = source.next_line(end, 4)?;
    cell_value(source, nth_cell(source, row, separator, column)?, site)
}

/// The values in the rows after the one that holds `at`, in the column of the name.
pub(crate) fn further(source: Source<'_>, at: usize, site: Site<'_>, most: usize) -> Vec<Value> {
    let outer = &site.name.outer;
    let (start, _) = source.line_start(outer.start, HEADER);
    let Some(separator) = separator(source, start, outer.end) else { return Vec::new() };
    let column = memchr::memchr_iter(separator, source.slice(start..outer.start)).count();
    let mut values = Vec::new();
    let mut at = at;
    while values.len() < most {
        let Some(row) = source.next_line(at, MAX_VALUE) else { break };
        let Some(cell) = nth_cell(source, row, separator, column) else { break };
        at = cell.end;
        match cell_value(source, cell, site) {
            Some(found) => values.push(found.value),
            None => break,
        }
    }
    values
}

/// The byte that separates the cells of the header line.
fn separator(source: Source<'_>, start: usize, name_end: usize) -> Option<u8> {
    let header = source.slice(start..source.line_end(name_end, HEADER));
    let count = |byte: u8| memchr::memchr_iter(byte, header).count();
    let found = [b'|', b';', b'\t', b','].into_iter().max_by_key(|&byte| count(byte))?;
    (count(found) > 0).then_some(found)
}

/// The cell of this number in the row that begins at `row`.
fn nth_cell(source: Source<'_>, row: usize, separator: u8, column: usize) -> Option<Range<usize>> {
    let mut at = row;
    for _ in 0..column {
        let cell = cell(source, at, separator)?;
        if source.byte(cell.end) != separator {
            return None;
        }
        at = cell.end + 1;
    }
    cell(source, at, separator)
}

/// The cell at `at`, up to its separator.
fn cell(source: Source<'_>, at: usize, separator: u8) -> Option<Range<usize>> {
    let from = source.skip_blank(at, 40);
    let after = match source.byte(from) {
        b'"' => literal_at(Source { kind: FileKind::Csv, ..source }, from, from + MAX_VALUE)?.end,
        _ => from,
    };
    let line = source.slice(after..source.line_end(after, MAX_VALUE));
    let end = after + memchr::memchr(separator, line).unwrap_or(line.len());
    Some(at..end)
}

fn cell_value(source: Source<'_>, cell: Range<usize>, site: Site<'_>) -> Option<Found> {
    let from = source.skip_blank(cell.start, 40);
    if matches!(source.byte(from), b'"' | b'\'' | b'`')
        && let Some(literal) = literal_at(source, from, cell.end)
    {
        return Some(Found {
            operator: Operator::Column,
            ..value::of_literal(source, &literal, Operator::Column, site)
        });
    }
    let text = source.slice(from..cell.end).trim_ascii_end();
    if text.is_empty() {
        return None;
    }
    Some(bare(from..from + text.len(), classify::kind_of(text), Operator::Column))
}

/// A Markdown table: the value below a header cell, or in the cell beside the name.
pub(crate) fn markdown(source: Source<'_>, bar: usize, site: Site<'_>) -> Option<Found> {
    let (start, known) = source.line_start(site.name.outer.start, HEADER);
    let kind = matches!(source.kind, FileKind::Markdown | FileKind::Unknown);
    if !kind || !known || source.byte(source.skip_blank(start, 20)) != b'|' {
        return None;
    }
    let end = source.line_end(bar, HEADER);
    let rule = source.next_line(end, 4).filter(|&line| {
        let text = source.slice(line..source.line_end(line, HEADER)).trim_ascii();
        text.starts_with(b"|") && text.iter().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' '))
    });
    if let Some(rule) = rule {
        let column = memchr::memchr_iter(b'|', source.slice(start..site.name.outer.start)).count();
        let row = source.next_line(rule, HEADER)?;
        return cell_value(source, nth_cell(source, row, b'|', column)?, site);
    }
    let cell = cell(source, bar + 1, b'|')?;
    let found = cell_value(source, cell, site)?;
    Some(Found { operator: Operator::Prose, ..found })
}

/// `INSERT INTO users (name, password) VALUES ('a', 'v')`: the value in the place of the name.
pub(crate) fn insert(source: Source<'_>, site: Site<'_>) -> Option<Found> {
    let outer = &site.name.outer;
    let from = outer.start.saturating_sub(HEADER);
    let lead = source.slice(from..outer.start);
    let open = memchr::memrchr(b'(', lead)?;
    let list = &lead[open + 1..];
    if !list.iter().all(|&byte| {
        is_word(byte) || matches!(byte, b',' | b' ' | b'`' | b'"' | b'[' | b']' | b'\n' | b'\r' | b'\t' | b'\\')
    }) {
        return None;
    }
    let column = memchr::memchr_iter(b',', list).count();
    let tail = source.rest(outer.end, HEADER);
    let close = memchr::memchr(b')', tail)?;
    let after = source.skip_space(outer.end + close + 1, 80);
    if !source.has_word(after, b"values") {
        return None;
    }
    let bracket = source.skip_space(after + 6, 80);
    if source.byte(bracket) != b'(' {
        return None;
    }
    let mut at = bracket + 1;
    for index in 0..=column {
        let start = source.skip_space(at, 80);
        let (end, literal) = match literal_at(Source { kind: FileKind::Sql, ..source }, start, start + MAX_VALUE) {
            Some(literal) => (literal.end, Some(literal)),
            None => (argument_end(source, start)?, None),
        };
        if index == column {
            return Some(match literal {
                Some(literal) => {
                    Found { operator: Operator::Column, ..value::of_literal(source, &literal, Operator::Column, site) }
                }
                None => {
                    let text = source.slice(start..end).trim_ascii_end();
                    let kind = match classify::kind_of(text) {
                        ValueKind::Literal => ValueKind::Reference,
                        kind => kind,
                    };
                    bare(start..start + text.len(), kind, Operator::Column)
                }
            });
        }
        let comma = source.skip_space(end, 80);
        if source.byte(comma) != b',' {
            return None;
        }
        at = comma + 1;
    }
    None
}

/// The end of an argument that is no literal: the next comma or bracket outside brackets.
fn argument_end(source: Source<'_>, at: usize) -> Option<usize> {
    let mut depth = 0;
    for (index, &byte) in source.rest(at, 300).iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at + index),
            b')' => depth -= 1,
            b',' if depth == 0 => return Some(at + index),
            _ => {}
        }
    }
    None
}
