//! What a rewritten line needs at the head of its file: `import os`, `import "os"`.
//! Not here: what the line becomes.

use keylint_diagnostics::{Edit, Span};
use keylint_syntax::Language;

use super::Site;

/// How much of the head of a file is looked through; imports stand there.
const HEAD: usize = 64 << 10;

/// The import of `module`, unless it is there. `None` where its place is not certain.
pub(super) fn edits(site: &Site<'_>, language: Language, module: &str) -> Option<Vec<Edit>> {
    let known = site.imports.borrow().get(module).cloned();
    known.unwrap_or_else(|| {
        let edits = look(site, language, module);
        site.imports.borrow_mut().insert(module.into(), edits.clone());
        edits
    })
}

/// A document has one language, so the module alone tells what was looked for.
fn look(site: &Site<'_>, language: Language, module: &str) -> Option<Vec<Edit>> {
    match language {
        Language::Python => python(site, module),
        Language::Go => go(site, module),
        _ => Some(Vec::new()),
    }
}

/// The lines of the head, with their offsets.
fn lines<'t>(site: &Site<'t>) -> impl Iterator<Item = (usize, &'t [u8])> {
    let text = site.document.text;
    let head = &text[..text.len().min(HEAD)];
    let mut at = 0;
    head.split_inclusive(|&b| b == b'\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    })
}

/// Quotes of texts over several lines, in which lines may look like imports.
const TRIPLES: [&[u8]; 2] = [b"\"\"\"", b"'''"];

fn python(site: &Site<'_>, module: &str) -> Option<Vec<Edit>> {
    let mark = if site.document.text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut first = None;
    let mut after = mark;
    let mut string: Option<&[u8]> = None;
    let mut begun = false;
    for (at, line) in lines(site) {
        let end = at + line.len();
        let line = if at == 0 { &line[mark..] } else { line };
        let code = line.trim_ascii();
        if let Some(quote) = string {
            if memchr::memmem::find(code, quote).is_some() {
                string = None;
                after = end;
            }
            continue;
        }
        let plain = line.trim_ascii_end();
        if let Some(names) = plain.strip_prefix(b"import ") {
            let mut names = names.split(|&b| b == b',').map(|name| name.trim_ascii());
            if names.any(|name| name.split(|&b| b == b'#').next().unwrap_or(name).trim_ascii() == module.as_bytes()) {
                return Some(Vec::new());
            }
            first = first.or(Some(at.max(mark)));
        } else if plain.starts_with(b"from __future__") {
            // A list in parentheses may go on for lines.
            if plain.contains(&b'(') && !plain.contains(&b')') {
                return None;
            }
            after = end;
        } else if plain.starts_with(b"from ") {
            first = first.or(Some(at.max(mark)));
        } else if !begun && code.starts_with(b"#") {
            after = end;
        } else if !begun && let Some(open) = docstring(code) {
            begun = true;
            let quote = TRIPLES.into_iter().find(|quote| code[open..].starts_with(quote));
            string = quote.filter(|quote| memchr::memmem::find(&code[open + 3..], quote).is_none());
            after = if string.is_some() { after } else { end };
        } else {
            begun |= !code.is_empty();
            // No import stands in a text that begins here, and few behind it.
            if TRIPLES.iter().any(|quote| memchr::memmem::find_iter(code, quote).count() % 2 == 1) {
                break;
            }
        }
    }
    if string.is_some() {
        return None;
    }
    let at = first.filter(|&first| first >= after).unwrap_or(after);
    Some(vec![site.edit(Span::new(at..at), format!("import {module}{}", site.line_end()))])
}

/// Where the quote stands of a line that is a string.
fn docstring(code: &[u8]) -> Option<usize> {
    let prefix = code.iter().take_while(|b| matches!(b, b'r' | b'R' | b'u' | b'U')).count();
    matches!(code.get(prefix), Some(b'"' | b'\'')).then_some(prefix)
}

fn go(site: &Site<'_>, module: &str) -> Option<Vec<Edit>> {
    let end = site.line_end();
    let quoted = format!("\"{module}\"");
    let (mut package, mut block, mut single) = (None, None, None);
    let (mut inside, mut comment) = (false, false);
    for (at, line) in lines(site) {
        let code = line.trim_ascii();
        let next = at + line.len();
        if comment || code.starts_with(b"/*") {
            comment = memchr::memmem::find(code, b"*/").is_none();
            continue;
        }
        // Imports stand before everything else.
        if [&b"func"[..], b"type", b"var", b"const"].iter().any(|word| code.starts_with(word)) {
            break;
        }
        let import = code.strip_prefix(b"import").map(<[u8]>::trim_ascii_start);
        if inside && code.starts_with(b")") {
            inside = false;
        } else if let Some(list) = import.and_then(|import| import.strip_prefix(b"(")) {
            // On one line: where its names end is not looked for.
            if list.contains(&b')') {
                return None;
            }
            inside = true;
            block = block.or(Some(next));
        } else if import.is_some() {
            // Behind it: what stands before may be a comment that C reads.
            single = single.or(Some(next));
        } else if code.starts_with(b"package ") {
            package = package.or(Some(next));
        }
        let rest = import.or(inside.then_some(code)).and_then(|name| name.strip_prefix(quoted.as_bytes()));
        if rest.is_some_and(|rest| rest.trim_ascii().is_empty() || rest.trim_ascii().starts_with(b"//")) {
            return Some(Vec::new());
        }
    }
    let (at, text) = match (block, single, package) {
        (Some(at), _, _) => (at, format!("\t{quoted}{end}")),
        (None, Some(at), _) => (at, format!("import {quoted}{end}")),
        (None, None, Some(at)) => (at, format!("{end}import {quoted}{end}")),
        (None, None, None) => return None,
    };
    Some(vec![site.edit(Span::new(at..at), text)])
}
