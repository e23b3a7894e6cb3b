//! Names and values that stand side by side as values of their own: `{"name": "TOKEN", "value": "v"}` in JSON, YAML, HCL
//! and XML, in either order, and the default of something declared by name.
//! Not plain bindings, where the name is the key itself.

use std::ops::Range;

use crate::binding::Operator;
use crate::quote::Quote;
use crate::source::{Source, is_blank, is_space, is_word, one_of};
use crate::value::{self, Found, Site};

/// Keys whose value is a name.
const NAMES: &[&[u8]] = &[
    b"name",
    b"key",
    b"id",
    b"field",
    b"variable",
    b"parameterkey",
    b"property",
    b"label",
    b"param",
    b"keyname",
    b"envvar",
    b"env",
    b"variablename",
    b"parametername",
    b"title",
    b"header",
    b"headername",
    b"attribute",
    b"n",
    b"k",
    b"secretname",
    b"configkey",
    b"varname",
    b"propertyname",
    b"settingname",
    b"fieldname",
    b"path",
    b"placeholder",
    b"type",
    b"for",
    b"ng-model",
    b"parameter",
];

/// Keys whose value is the value.
const VALUES: &[&[u8]] = &[
    b"value",
    b"parametervalue",
    b"default",
    b"defaultvalue",
    b"default_value",
    b"secret",
    b"content",
    b"stringvalue",
    b"val",
    b"v",
    b"data",
    b"text",
    b"secretvalue",
    b"secretstring",
    b"plaintext",
    b"const",
    b"currentvalue",
    b"settingvalue",
    b"propertyvalue",
    b"variablevalue",
    b"initial",
    b"example",
    b"secret_string",
    b"initialvalue",
    b"defaultval",
];

/// How far apart the two may stand.
const FAR: usize = 300;

/// The value that goes with a name which is itself the value of a `name` key.
pub(crate) fn beside(source: Source<'_>, site: Site<'_>) -> Option<Found> {
    let mut start = site.name.outer.start;
    // The name may be the end of a path: `db.password`.
    let first = start;
    while first - start < 60 && (is_word(source.before(start)) || matches!(source.before(start), b'.' | b'/')) {
        start -= 1;
    }
    let tied = source.back_space(start, 80);
    let tie = source.before(tied);
    if tie == b'>' && tied == start {
        return sibling_element(source, start, site);
    }
    if !matches!(tie, b':' | b'=') {
        return None;
    }
    let bare_tie = if tie == b'>' || source.before(tied - 1) == b'=' { tied - 2 } else { tied - 1 };
    let key_end = source.back_blank(bare_tie, 40);
    let (key, key_start) = key_before(source, key_end)?;
    if !one_of(source.slice(key), NAMES) {
        return None;
    }
    // Markup has its own order of attributes, quotes needed.
    forward(source, site).or_else(|| backward(source, key_start, site))
}

/// The key that ends at `end`, with or without quotes: its bytes, and where it begins.
fn key_before(source: Source<'_>, end: usize) -> Option<(Range<usize>, usize)> {
    let quote = Quote::before(source, end);
    let word_end = quote.map_or(end, |quote| end - quote.len);
    let word = source.slice(word_end.saturating_sub(24)..word_end);
    let len = word.iter().rev().take_while(|&&byte| is_word(byte) || byte == b'-').count();
    let start = word_end - len;
    if len == 0 {
        return None;
    }
    Some((start..word_end, start - quote.map_or(0, |quote| quote.len.min(start))))
}

/// Looks for `value:` after the name, before the object, tag or list item ends.
fn forward(source: Source<'_>, site: Site<'_>) -> Option<Found> {
    let mut at = site.name.outer.end;
    let limit = at + FAR;
    let mut lines = 0;
    while at < limit {
        match source.byte(at) {
            b'}' | b'{' | b']' | 0 => return None,
            b'>' if source.before(at) != b'=' => return attribute_content(source, at, site),
            b'/' if source.byte(at + 1) == b'>' => return None,
            b'\n' => {
                lines += 1;
                let next = source.skip_blank(at + 1, 80);
                // The next item of a list, or four lines, end what belongs together.
                if lines > 4 || source.byte(next) == b'-' && is_blank(source.byte(next + 1)) {
                    return None;
                }
                at = next;
                continue;
            }
            _ => {}
        }
        match value_key(source, at) {
            Some((from, operator)) => return pair_value(source, from, operator, site),
            None => at = next_token(source, at),
        }
    }
    None
}

/// Looks for `value:` before the name, after the object, tag or list item began.
fn backward(source: Source<'_>, key_start: usize, site: Site<'_>) -> Option<Found> {
    let from = key_start.saturating_sub(FAR);
    let lead = source.slice(from..key_start);
    let open = lead.iter().rposition(|&byte| matches!(byte, b'{' | b'}' | b'<' | b'>'));
    let mut at = from + open.map_or(0, |found| found + 1);
    // Without a bracket the list item of the same name: from its dash on.
    if open.is_none() {
        let dash = memchr::memmem::rfind(lead, b"- ")?;
        at = from + dash + 2;
    }
    while at < key_start {
        match value_key(source, at) {
            Some((from, operator)) => {
                return pair_value(source, from, operator, site).filter(|found| found.end <= key_start);
            }
            None => at = next_token(source, at),
        }
    }
    None
}

/// A `value` key at `at`: where its value begins, and its operator.
fn value_key(source: Source<'_>, at: usize) -> Option<(usize, u8)> {
    let quote = Quote::opening(source, at);
    let start = at + quote.map_or(0, |quote| quote.len);
    if !source.byte(start).is_ascii_alphabetic() || is_word(source.before(start)) || source.before(start) == b'-' {
        return None;
    }
    let end = source.skip_word(start, 24);
    if !one_of(source.slice(start..end), VALUES) {
        return None;
    }
    let mut after = end;
    if let Some(quote) = quote {
        if !quote.closes(source, end) {
            return None;
        }
        after += quote.len;
    }
    let tie = source.skip_blank(after, 16);
    match (source.byte(tie), source.byte(tie + 1)) {
        (b'=', b'>') => Some((tie + 2, b'=')),
        (b':' | b'=', next) if next != b'=' && next != b':' => Some((tie + 1, source.byte(tie))),
        _ => None,
    }
}

/// The offset after the word, string or byte at `at`.
fn next_token(source: Source<'_>, at: usize) -> usize {
    if is_word(source.byte(at)) {
        return source.skip_word(at, FAR).max(at + 1);
    }
    if matches!(source.byte(at), b'"' | b'\'')
        && let Some(literal) = crate::literal::literal_at(source, at, at + FAR)
    {
        return literal.end;
    }
    at + 1
}

fn pair_value(source: Source<'_>, from: usize, tie: u8, site: Site<'_>) -> Option<Found> {
    let in_tag = tie == b'=' && is_in_tag(source, from);
    let read_as = if tie == b':' { Operator::Colon } else { Operator::Assign };
    let found = value::read(source, from, read_as, site)?;
    let operator = if in_tag { Operator::XmlAttribute } else { Operator::NameValuePair };
    Some(Found { operator, ..found })
}

fn is_in_tag(source: Source<'_>, at: usize) -> bool {
    let lead = source.slice(at.saturating_sub(FAR)..at);
    let open = memchr::memrchr2(b'<', b'>', lead);
    open.is_some_and(|found| lead[found] == b'<')
}

/// `<string name="password">v</string>`: the tag of the name ends at `at`.
fn attribute_content(source: Source<'_>, at: usize, site: Site<'_>) -> Option<Found> {
    is_in_tag(source, at).then_some(())?;
    let found = crate::markup::content(source, at + 1)?;
    let _ = site;
    Some(Found { operator: Operator::NameValuePair, ..found })
}

/// `<key>password</key><string>v</string>`, `<name>password</name><value>v</value>`: the name is what an element holds.
fn sibling_element(source: Source<'_>, start: usize, site: Site<'_>) -> Option<Found> {
    let open = memchr::memrchr(b'<', source.slice(start.saturating_sub(40)..start))?;
    let tag = source.slice(start.saturating_sub(40) + open + 1..start - 1);
    let end = site.name.outer.end;
    if !one_of(tag, NAMES)
        && !one_of(tag, &[b"td", b"th", b"dt", b"b", b"strong", b"code", b"span", b"label", b"string"])
        || !source.has(end, b"</")
    {
        return None;
    }
    let after = end + memchr::memchr(b'>', source.rest(end, 40))? + 1;
    let next = source.skip_space(after, FAR);
    if source.byte(next) != b'<' || !source.byte(next + 1).is_ascii_alphabetic() {
        return None;
    }
    let inside = next + memchr::memchr(b'>', source.rest(next, 80))? + 1;
    let found = crate::markup::content(source, inside)?;
    Some(Found { operator: Operator::NameValuePair, ..found })
}

/// The default or value of what is declared by name: `variable "db_password" { … default = "v" }`, `DbPassword:` with an
/// indented `Default: v`, `"password": {"type": "string", "default": "v"}`. `at` is where the body begins.
pub(crate) fn declared(source: Source<'_>, at: usize, site: Site<'_>) -> Option<Found> {
    let body = source.rest(at, FAR);
    let end = memchr::memchr(b'}', body).map_or(at + body.len(), |found| at + found);
    let mut place = at + 1;
    while place < end {
        if is_space(source.before(place)) || matches!(source.before(place), b'{' | b',' | b'"' | b'\'') {
            let start = if matches!(source.before(place), b'"' | b'\'') { place - 1 } else { place };
            if let Some((from, tie)) = value_key(source, start) {
                return pair_value(source, from, tie, site);
            }
        }
        place = if is_word(source.byte(place)) { source.skip_word(place, FAR) } else { place + 1 };
    }
    None
}

/// The same by indent: the lines below `at` that are deeper than the name.
pub(crate) fn declared_below(source: Source<'_>, at: usize, site: Site<'_>) -> Option<Found> {
    let (start, known) = source.line_start(site.name.outer.start, 200);
    let outer = source.skip_blank(start, 200) - start;
    let mut line = source.next_line(at, 40)?;
    for _ in 0..4 {
        let first = source.skip_blank(line, 200);
        if !known || first - line <= outer || is_space(source.byte(first)) || source.byte(first) == b'-' {
            return None;
        }
        if let Some((from, tie)) = value_key(source, first) {
            return pair_value(source, from, tie, site);
        }
        line = source.next_line(first, FAR)?;
    }
    None
}
