//! The values that follow the first one of a list or column: `tokens: ["a", "b"]`, items of YAML, further rows of a table.
//! Not the first value: that is the binding.

use crate::binding::{Binding, Operator, Value};
use crate::literal::literal_at;
use crate::name;
use crate::quote::Quote;
use crate::source::{Source, is_blank};
use crate::value::{self, Found, Site};
use crate::{FileKind, MAX_VALUE, classify, table};

/// Values that are read after the first at most: a list of credentials is short, a list of words is not worth more.
const MOST: usize = 64;

/// The further values of the list or column whose first value is `binding`'s, found in the same text; mostly none.
pub fn further_values(text: &[u8], binding: &Binding, kind: FileKind) -> Vec<Value> {
    let source = Source { text, kind };
    let Some(name) = name::around(source, binding.name.range()) else { return Vec::new() };
    let site = Site { name: &name, context: name.context(source) };
    let span = binding.value.span.range();
    if binding.operator == Operator::Column {
        return table::further(source, span.end, site, MOST);
    }
    let opening = Quote::before(source, span.start);
    let before = source.back_space(span.start - opening.map_or(0, |quote| quote.len.min(span.start)), 80);
    if source.before(before) == b'[' {
        return in_brackets(source, span.end + opening.map_or(0, |quote| quote.len), site);
    }
    if source.kind == FileKind::Yaml && source.before(before) == b'-' {
        return items(source, before - 1, site);
    }
    Vec::new()
}

/// `, "b", "c"]` after the first value, which ends at `end`.
fn in_brackets(source: Source<'_>, end: usize, site: Site<'_>) -> Vec<Value> {
    let mut values = Vec::new();
    let mut at = end;
    while values.len() < MOST {
        let comma = source.skip_space(at, 80);
        if source.byte(comma) != b',' {
            break;
        }
        let next = source.skip_space(comma + 1, 200);
        let Some(literal) = literal_at(source, next, next + MAX_VALUE) else { break };
        let Found { value, end, .. } = value::of_literal(source, &literal, Operator::Assign, site);
        values.push(value);
        at = end;
    }
    values
}

/// The items after the one whose dash stands at `dash`, in the same column.
fn items(source: Source<'_>, dash: usize, site: Site<'_>) -> Vec<Value> {
    let mut values = Vec::new();
    let (start, known) = source.line_start(dash, 200);
    let lead = source.slice(start..dash);
    if !known || !lead.iter().all(|&byte| is_blank(byte)) {
        return values;
    }
    let mut line = dash;
    while values.len() < MOST {
        let Some(next) = source.next_line(line, MAX_VALUE) else { break };
        let item = next + lead.len();
        if source.slice(next..item) != lead || source.byte(item) != b'-' || !is_blank(source.byte(item + 1)) {
            break;
        }
        let at = source.skip_blank(item + 1, 20);
        line = at;
        let found = match literal_at(source, at, at + MAX_VALUE) {
            Some(literal) => value::of_literal(source, &literal, Operator::Colon, site),
            None => {
                let end = source.line_end(at, MAX_VALUE);
                let text = source.slice(at..end).trim_ascii_end();
                if text.is_empty() || memchr::memmem::find(text, b": ").is_some() || text.ends_with(b":") {
                    break;
                }
                value::of_plain(source, at..at + text.len(), classify::kind_of(text), Operator::Colon)
            }
        };
        values.push(found.value);
    }
    values
}
