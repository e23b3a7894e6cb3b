//! Policies that stand whole in a program: object literals of Python, JavaScript, TypeScript and the like, and JSON in
//! their strings. Not here: programs that build policies by calls.

mod braces;

use keylint_syntax::{
    Text, decode,
    tree::{Kind, Node, json},
};

use self::braces::Braces;
use super::{Found, Hosted, json::is_policy};
use crate::model::UNKNOWN;

/// A literal is read up to this size.
const MAX_LITERAL: usize = 64 * 1024;

const STATEMENT: &[u8] = b"Statement";

/// Whether the word at `at` is a whole key: a name or a string with a colon behind it.
fn is_key(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
    let behind = bytes[at + STATEMENT.len()..].trim_ascii_start();
    let quoted = matches!(before, b'"' | b'\'');
    let behind = if quoted { behind.strip_prefix(&[before]).unwrap_or_default().trim_ascii_start() } else { behind };
    behind.first() == Some(&b':') && (quoted || before.is_ascii_whitespace() || matches!(before, b'{' | b','))
}

/// Whether a program is worth reading. Compilers and parsers speak of statements on every line, and of effects and policy
/// versions on none.
pub(super) fn may_hold(text: &[u8]) -> bool {
    let keys = memchr::memmem::find_iter(text, STATEMENT).any(|at| is_key(text, at));
    keys && [&b"Effect"[..], b"-10-17"].iter().any(|word| memchr::memmem::find(text, word).is_some())
}

/// Finds the policies of a program's text.
pub(super) fn find(text: &Text) -> Hosted {
    let mut hosted = Hosted::default();
    if !may_hold(&text.bytes) {
        return hosted;
    }
    let (mut after, mut braces) = (0, Braces::new(&text.bytes));
    for at in memchr::memmem::find_iter(&text.bytes, STATEMENT) {
        if at < after || !is_key(&text.bytes, at) {
            continue;
        }
        let Some(mut end) = braces.around(at) else { continue };
        // A program is not JSON: what does not read as a policy is none.
        let node = loosen(text, &mut end).and_then(|loose| json(&loose).ok());
        if let Some(node) = node.filter(|node| is_policy(node) && is_whole(node)) {
            hosted.policies.push(Found::bare(node));
            after = end;
        }
        braces.read(end);
    }
    hosted
}

/// Whether a map says enough to be a policy of AWS in a program, where others have statements too: its version, or an
/// effect on actions. A list of statements that is empty is one that the program fills.
fn is_whole(node: &Node) -> bool {
    let grants = |statement: &Node| {
        matches!(statement.get("Effect").and_then(Node::as_str), Some("Allow" | "Deny"))
            && ["Action", "NotAction"].iter().any(|name| statement.get(name).is_some())
    };
    let statement = node.get("Statement");
    if statement.is_some_and(|statement| matches!(&statement.kind, Kind::List(elements) if elements.is_empty())) {
        return false;
    }
    node.get("Version").is_some()
        || statement.is_some_and(|statement| grants(statement) || statement.elements().iter().any(grants))
}

/// The literal that begins at `at` as JSON: names as keys in quotes, quotes of one kind, and each expression as a hole.
/// Leaves `at` where it ends, or where reading stopped.
fn loosen(text: &Text, at: &mut usize) -> Option<Text> {
    let bytes = &text.bytes[..text.bytes.len().min(*at + MAX_LITERAL)];
    let mut out = Text::default();
    let mut depth = 0_usize;
    loop {
        let byte = *bytes.get(*at)?;
        let rest = &bytes[*at..];
        match byte {
            b'{' | b'[' | b'}' | b']' | b',' | b':' => {
                depth = match byte {
                    b'{' | b'[' => depth + 1,
                    b'}' | b']' => depth.checked_sub(1)?,
                    _ => depth,
                };
                push(&mut out, text, &[byte], *at, 1);
                *at += 1;
                if depth == 0 {
                    return Some(out);
                }
            }
            b'#' => *at += line(rest),
            b'/' if rest.starts_with(b"//") => *at += line(rest),
            b'/' if rest.starts_with(b"/*") => {
                *at += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |len| len + 2);
            }
            byte if byte.is_ascii_whitespace() => *at += 1,
            _ => {
                let len = run(rest).inspect_err(|read| *at += read).ok()?;
                value(&mut out, text, *at, *at + len);
                *at += len;
            }
        }
    }
}

fn line(bytes: &[u8]) -> usize {
    memchr::memchr(b'\n', bytes).unwrap_or(bytes.len())
}

/// Appends bytes that the `len` bytes at `at` of the text stand for.
fn push(out: &mut Text, text: &Text, bytes: &[u8], at: usize, len: usize) {
    let span = text.map.span(at..at + len);
    out.unit(bytes, span.start as usize, span.len());
}

/// The length of a key or value: up to the next delimiter outside quotes and parentheses. Where it is none, how much was
/// read.
fn run(bytes: &[u8]) -> Result<usize, usize> {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' | b'`' => at += string(&bytes[at..]).map_err(|read| at + read)? - 1,
            b'(' | b'[' | b'{' if depth > 0 || at > 0 => depth += 1,
            b'(' => depth += 1,
            b')' | b']' | b'}' if depth > 0 => depth -= 1,
            b',' | b':' | b']' | b'}' if depth == 0 => return Ok(at),
            b'\n' if depth == 0 && at > 0 && bytes[..at].trim_ascii_end().ends_with(b";") => return Err(at),
            _ => {}
        }
        at += 1;
    }
    Err(at)
}

/// The length of a string literal, quotes included; where it does not end, how much was read.
fn string(bytes: &[u8]) -> Result<usize, usize> {
    let quote = *bytes.first().ok_or(0_usize)?;
    let mut at = 1;
    loop {
        match *bytes.get(at).ok_or(bytes.len())? {
            b'\\' => at += 2,
            byte if byte == quote => return Ok(at + 1),
            b'\n' if quote != b'`' => return Err(at),
            _ => at += 1,
        }
    }
}

/// Appends the key or value `at..end`.
fn value(out: &mut Text, text: &Text, at: usize, end: usize) {
    let written = text.bytes[at..end].trim_ascii_end();
    let end = at + written.len();
    let quoted = matches!(written.first(), Some(b'"' | b'\'' | b'`')) && string(written) == Ok(written.len());
    let python = written.first() == Some(&b'f') && string(&written[1..]) == Ok(written.len() - 1);
    let template = written.first() == Some(&b'`') && memchr::memmem::find(written, b"${").is_some();
    let is_key = text.bytes[end..].trim_ascii_start().first() == Some(&b':');
    let number = written.iter().all(u8::is_ascii_digit) && (written.len() == 1 || !written.starts_with(b"0"));
    let name = written.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'));
    match written {
        b"true" | b"True" => push(out, text, b"true", at, written.len()),
        b"false" | b"False" => push(out, text, b"false", at, written.len()),
        _ if python || quoted && template => interpolated(out, text, at + usize::from(python), end),
        b"null" | b"None" => push(out, text, b"null", at, written.len()),
        _ if number => push(out, text, written, at, written.len()),
        _ if quoted => literal(out, text, at, end),
        _ if name && is_key => {
            push(out, text, b"\"", at, 0);
            for (index, byte) in written.iter().enumerate() {
                push(out, text, &[*byte], at + index, 1);
            }
            push(out, text, b"\"", end, 0);
        }
        _ => push(out, text, format!("\"{UNKNOWN}\"").as_bytes(), at, written.len()),
    }
}

/// Appends the string `at..end` with its escapes as JSON has them.
fn literal(out: &mut Text, text: &Text, at: usize, end: usize) {
    push(out, text, b"\"", at, 1);
    let inner = &text.bytes[at + 1..end - 1];
    let decoded = decode::escapes(inner).unwrap_or_else(|| Text::identity(inner, 0)).shifted(at + 1);
    for (index, byte) in decoded.bytes.iter().enumerate() {
        let written = decoded.map.span(index..index + 1);
        let (start, len) = (written.start as usize, written.len());
        match byte {
            b'"' | b'\\' => push(out, text, &[b'\\', *byte], start, len),
            0..32 => push(out, text, format!("\\u{byte:04x}").as_bytes(), start, len),
            _ => push(out, text, &[*byte], start, len),
        }
    }
    push(out, text, b"\"", end - 1, 1);
}

/// Appends the string `at..end`, in which `${…}` and, in Python, `{…}` are holes.
fn interpolated(out: &mut Text, text: &Text, at: usize, end: usize) {
    push(out, text, b"\"", at, 1);
    let bytes = &text.bytes;
    let mut from = at + 1;
    while from < end - 1 {
        let dollar = usize::from(bytes[from] == b'$' && bytes.get(from + 1) == Some(&b'{'));
        let close = memchr::memchr(b'}', &bytes[from..end - 1]).filter(|_| bytes[from + dollar] == b'{');
        match close {
            Some(close) => {
                let mut buffer = [0; 4];
                push(out, text, UNKNOWN.encode_utf8(&mut buffer).as_bytes(), from, close + 1);
                from += close + 1;
            }
            // A quote or an escape would need another one in JSON: what holds it is no part of a policy.
            None if matches!(bytes[from], b'"' | b'\\' | 0..32) => {
                push(out, text, b"?", from, 1);
                from += 1;
            }
            None => {
                push(out, text, &bytes[from..=from], from, 1);
                from += 1;
            }
        }
    }
    push(out, text, b"\"", end - 1, 1);
}
