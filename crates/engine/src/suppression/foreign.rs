//! Comments that other scanners know, honoured so that nobody has to rewrite them.
//! Not here: keylint's own (`own.rs`).

use std::borrow::Cow;

use keylint_diagnostics::{Encoding, Span};
use keylint_syntax::to_utf8;

/// Markers, and whether they speak of the next line instead of their own.
const MARKERS: &[(&str, bool)] = &[
    ("gitleaks:allow", false),
    ("betterleaks:allow", false),
    ("trufflehog:ignore", false),
    ("kingfisher:ignore", false),
    ("pragma: allowlist secret", false),
    ("pragma: whitelist secret", false),
    ("pragma: allowlist nextline secret", true),
    ("pragma: whitelist nextline secret", true),
    ("secretlint-disable-line", false),
    ("secretlint-disable-next-line", true),
    ("ggignore", false),
];

/// What begins and ends a stretch in which secretlint is silent.
const OFF: &str = "secretlint-disable";
const ON: &str = "secretlint-enable";

/// Whether `line` has a marker for its own line, or for the next one.
pub(super) fn marks(line: &str, next: bool) -> bool {
    MARKERS.iter().any(|(marker, on_next)| *on_next == next && line.contains(marker))
}

/// The stretches between `secretlint-disable` and `secretlint-enable`, or the end of the document. Rules that these
/// comments name are secretlint's and mean nothing here, so they are taken to mean all.
pub(super) fn switched_off(text: &[u8], encoding: Encoding) -> Vec<Span> {
    let decoded = (encoding != Encoding::Utf8).then(|| to_utf8(text, encoding));
    let bytes: Cow<'_, [u8]> = decoded.as_ref().map_or(Cow::Borrowed(text), |decoded| Cow::Borrowed(&decoded.bytes));
    let span = |range: std::ops::Range<usize>| match &decoded {
        Some(decoded) => decoded.map.span(range),
        None => Span::new(range),
    };
    let mut spans = Vec::new();
    let mut from = 0;
    let find = |from: usize, word: &str| memchr::memmem::find(&bytes[from..], word.as_bytes()).map(|at| from + at);
    while let Some(start) = find(from, OFF) {
        from = start + OFF.len();
        // `secretlint-disable-line` and `-next-line` are markers of their own.
        if bytes.get(from) == Some(&b'-') {
            continue;
        }
        let end = find(from, ON).unwrap_or(bytes.len());
        spans.push(span(start..end));
        from = end;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secretlint_is_off_between_its_comments() {
        let check = |text: &str, want: &[&str]| {
            let spans = switched_off(text.as_bytes(), Encoding::Utf8);
            let got: Vec<_> = spans.iter().map(|span| &text[span.range()]).collect();
            assert_eq!(got, want, "{text}");
        };
        check("a /* secretlint-disable */ b /* secretlint-enable */ c", &["secretlint-disable */ b /* "]);
        check("a // secretlint-disable-line\nb // secretlint-disable\nc", &["secretlint-disable\nc"]);
        check("a // secretlint-enable", &[]);
    }
}
