//! Text between tags: `<password>v</password>`.
//! Not attributes, which read like assignments.

use keylint_diagnostics::Span;

use crate::binding::{MAX_VALUE, Operator, Quoting, Value, ValueKind};
use crate::source::{Source, is_space, is_word};
use crate::value::Found;
use crate::{FileKind, classify, decode};

/// The value of the element whose name ends at `end`, with the bracket before it at `start - 1`.
pub(crate) fn element(source: Source<'_>, start: usize, end: usize) -> Option<Found> {
    let mut open = source.before(start);
    let mut name = start;
    if open == b':' {
        name = source.back_word(start - 1, 40);
        open = source.before(name);
    }
    if open != b'<' {
        return None;
    }
    // Attributes may stand between name and bracket.
    let tag = source.rest(end, 200);
    let close = memchr::memchr(b'>', tag)?;
    if tag[..close].ends_with(b"/") || close > 0 && !is_space(tag[0]) {
        return None;
    }
    let found = content(source, end + close + 1)?;
    let strict = !matches!(source.kind, FileKind::Xml | FileKind::Html);
    if strict {
        // Elsewhere `<password>` is a gap to fill in, unless the same name closes it.
        let tail = found.end;
        let closing = source.skip_space(tail, 80);
        let closes = source.has(closing, b"</") && source.has(closing + 2, source.slice(name..end));
        if !closes {
            return None;
        }
    }
    Some(found)
}

/// The text from `at` up to the next tag.
pub(crate) fn content(source: Source<'_>, at: usize) -> Option<Found> {
    let mut start = source.skip_space(at, 200);
    let cdata = source.has(start, b"<![CDATA[");
    let body = if cdata {
        start = source.skip_space(start + 9, 200);
        let body = source.rest(start, MAX_VALUE);
        &body[..memchr::memmem::find(body, b"]]>")?]
    } else {
        let body = source.rest(start, MAX_VALUE);
        &body[..memchr::memchr(b'<', body)?]
    };
    let body = body.trim_ascii_end();
    let end = start + body.len();
    if body.is_empty() {
        return None;
    }
    let joined = if cdata { None } else { decode::entities(body).map(|text| text.shifted(start)) };
    let bytes = joined.as_ref().map_or(body, |text| &text.bytes);
    let kind = match classify::kind_of(bytes) {
        ValueKind::Call | ValueKind::Literal if bytes.iter().any(|&byte| !is_word(byte)) && !bytes.ends_with(b")") => {
            ValueKind::Literal
        }
        kind => kind,
    };
    let value = Value { span: Span::new(start..end), joined, kind };
    Some(Found { operator: Operator::XmlElement, value, quoting: Quoting::None, end })
}
