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

fn python(site: &Site<'_>, module: &str) -> Option<Vec<Edit>> {
    let mut first = None;
    let mut after = if site.document.text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut string: Option<&[u8]> = None;
    let mut begun = false;
    for (at, line) in lines(site) {
        let code = line.trim_ascii();
        if let Some(quote) = string {
            if memchr::memmem::find(code, quote).is_some() {
                string = None;
                after = at + line.len();
            }
            continue;
        }
        let plain = line.strip_suffix(b"\n").unwrap_or(line).trim_ascii_end();
        if let Some(names) = plain.strip_prefix(b"import ") {
            let mut names = names.split(|&b| b == b',').map(|name| name.trim_ascii());
            if names.any(|name| name.split(|&b| b == b'#').next().unwrap_or(name).trim_ascii() == module.as_bytes()) {
                return Some(Vec::new());
            }
            first = first.or(Some(at));
        } else if plain.starts_with(b"from __future__") {
            // A list in parentheses may go on for lines.
            if plain.contains(&b'(') && !plain.contains(&b')') {
                return None;
            }
            after = at + line.len();
        } else if plain.starts_with(b"from ") {
            first = first.or(Some(at));
        } else if !begun && !code.is_empty() && !code.starts_with(b"#") {
            begun = true;
            let quotes = [&b"\"\"\""[..], b"'''"].into_iter().find(|quotes| {
                code.starts_with(quotes) || code.strip_prefix(b"r").is_some_and(|code| code.starts_with(quotes))
            });
            if let Some(quotes) = quotes {
                let body = &code[code.iter().position(|b| matches!(b, b'"' | b'\'')).unwrap_or(0) + 3..];
                if memchr::memmem::find(body, quotes).is_some() {
                    after = at + line.len();
                } else {
                    string = Some(quotes);
                }
            }
        } else if !begun && code.starts_with(b"#") {
            after = at + line.len();
        }
    }
    if string.is_some() {
        return None;
    }
    let at = first.filter(|&first| first >= after).unwrap_or(after);
    Some(vec![site.edit(Span::new(at..at), format!("import {module}{}", site.line_end()))])
}

fn go(site: &Site<'_>, module: &str) -> Option<Vec<Edit>> {
    let end = site.line_end();
    let quoted = format!("\"{module}\"");
    let mut package = None;
    let mut block = None;
    let mut single = None;
    let mut inside = false;
    for (at, line) in lines(site) {
        let code = line.trim_ascii();
        if inside && code.starts_with(b")") {
            inside = false;
        } else if code.starts_with(b"import (") {
            inside = true;
            block = block.or(Some(at + line.len()));
        } else if code.starts_with(b"import ") {
            single = single.or(Some(at));
        } else if code.starts_with(b"package ") {
            package = package.or(Some(at + line.len()));
        }
        let import = code.strip_prefix(b"import ").unwrap_or(code);
        if (inside || code.starts_with(b"import ")) && import == quoted.as_bytes() {
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
