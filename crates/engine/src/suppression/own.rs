//! Reads keylint's own comments: `keylint: ignore` speaks of its line, `keylint: ignore-next-line` of the next,
//! `keylint: ignore-file` of the document. Not here: which findings they fit (`suppression.rs`).
//!
//! `[rule, other-rule]` limits it; then comes a reason, in which `until=YYYY-MM-DD` ends it and `owner=NAME` answers for it.

use keylint_diagnostics::{Encoding, Span, Suppression, SuppressionKind};
use keylint_syntax::to_utf8;

use super::REACH;

/// Where a comment's word holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    Line,
    Next,
    File,
}

/// One `keylint: ignore…` comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    /// The marker and the rules.
    pub(crate) at: Span,
    pub(super) place: Where,
    /// Empty means every rule.
    pub(crate) rules: Vec<String>,
    /// Whether the marker follows the sign that begins a comment, and stands in no string. A text that only speaks of
    /// markers has none.
    pub(crate) commented: bool,
    pub(super) reason: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) until: Option<String>,
}

/// What every comment of ours begins with.
const MARKER: &str = "keylint: ignore";

/// What begins a comment in some language, as the last bytes before the marker.
const SIGNS: &[&str] =
    &["#", "//", "/*", "<!--", "--", ";", "%", "{#", "(*", "*", "!", "REM", "rem", "::", "{-", "#=", "#|"];

/// What ends a comment within a line.
const ENDS: &[&str] = &["*/", "-->", "--}}", "#}", "%>", "*)", "*@", "#>", "-}", "]]", "=#", "|#"];

impl Own {
    /// The comments of a document, in order.
    pub(super) fn in_document(text: &[u8], encoding: Encoding) -> Vec<Own> {
        if encoding == Encoding::Utf8 {
            return Own::all(text).collect();
        }
        let decoded = to_utf8(text, encoding);
        let stored = |own: Own| Own { at: decoded.map.span(own.at.range()), ..own };
        Own::all(&decoded.bytes).map(stored).collect()
    }

    /// The comments in `text`.
    fn all(text: &[u8]) -> impl Iterator<Item = Own> + '_ {
        memchr::memmem::find_iter(text, MARKER.as_bytes()).filter_map(|at| {
            let rest = &text[at + MARKER.len()..];
            let rest = &rest[..rest.len().min(REACH)];
            let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            // Another comment is no reason, and a line full of them would be read as often.
            let end = memchr::memmem::find(&rest[..end], MARKER.as_bytes()).unwrap_or(end);
            // A mark for every byte that is no text keeps the length, and so the span, as it is stored.
            let line: String = rest[..end]
                .utf8_chunks()
                .flat_map(|chunk| chunk.valid().chars().chain(std::iter::repeat_n('?', chunk.invalid().len())))
                .collect();
            let own = Own::parse(&line)?;
            let before = text[at.saturating_sub(8)..at].trim_ascii_end();
            let signed = SIGNS.iter().any(|sign| before.ends_with(sign.as_bytes()));
            let commented = signed && !quoted(&text[at.saturating_sub(REACH)..at]);
            Some(Own { at: own.at.shifted(u32::try_from(at).unwrap_or(u32::MAX)), commented, ..own })
        })
    }

    /// What follows the marker; its span begins at the marker.
    fn parse(text: &str) -> Option<Own> {
        let (place, rest) = match text {
            _ if text.starts_with("-next-line") => (Where::Next, &text["-next-line".len()..]),
            _ if text.starts_with("-file") => (Where::File, &text["-file".len()..]),
            _ if text.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') => return None,
            _ => (Where::Line, text),
        };
        let (rules, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((rules, rest)) => {
                (rules.split(',').map(|rule| rule.trim().to_string()).filter(|rule| !rule.is_empty()).collect(), rest)
            }
            None => (Vec::new(), rest),
        };
        let at = Span::new(0..MARKER.len() + text.len() - rest.len());
        let mut own = Own { at, place, rules, commented: false, reason: None, owner: None, until: None };
        let end = ENDS.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
        let mut words = Vec::new();
        for word in rest[..end].split_whitespace() {
            match word.split_once('=') {
                Some(("until", date)) => own.until = Some(date.trim_end_matches([',', ';', '.', ')']).into()),
                Some(("owner", owner)) => own.owner = Some(owner.into()),
                _ => words.push(word),
            }
        }
        // The sign of another comment.
        while words.last().is_some_and(|word| SIGNS.contains(word)) {
            words.pop();
        }
        own.reason = (!words.is_empty()).then(|| words.join(" "));
        Some(own)
    }

    /// Whether it speaks of this rule.
    pub(super) fn names(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|name| name == rule)
    }

    /// Whether its date has passed.
    pub(super) fn expired(&self, today: Option<&str>) -> bool {
        matches!((today, &self.until), (Some(today), Some(until)) if until.as_str() < today)
    }

    pub(super) fn suppression(&self) -> Suppression {
        Suppression {
            kind: SuppressionKind::Inline,
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            until: self.until.clone(),
        }
    }
}

/// Whether a string is open at the end of `before`, as far as its last line tells.
fn quoted(before: &[u8]) -> bool {
    let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
    memchr::memchr_iter(b'"', &before[start..]).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_comments_say() {
        let text = "x # keylint: ignore[a, b] rotated until=2026-12-31 owner=ops */ y";
        let all: Vec<Own> = Own::all(text.as_bytes()).collect();
        let want = Own {
            at: Span::new(4..25),
            place: Where::Line,
            rules: vec!["a".into(), "b".into()],
            commented: true,
            reason: Some("rotated".into()),
            owner: Some("ops".into()),
            until: Some("2026-12-31".into()),
        };
        assert_eq!(all, [want]);
        assert_eq!(Own::all(b"keylint: ignored").count(), 0);
        for (open, end) in [("/*", "*/"), ("<!--", "-->"), ("<#", "#>"), ("{-", "-}"), ("@*", "*@"), ("#=", "=#")] {
            let text = format!("{open} keylint: ignore[a] why not until=2026-12-31{end} x = 1");
            let own = Own::all(text.as_bytes()).next().expect("a comment");
            assert_eq!((own.reason.as_deref(), own.until.as_deref()), (Some("why not"), Some("2026-12-31")), "{text}");
            assert!(own.commented, "{text}");
        }
        let two: Vec<Own> = Own::all(b"# keylint: ignore[a] one # keylint: ignore[b]").collect();
        assert_eq!(two.iter().map(|own| own.reason.as_deref()).collect::<Vec<_>>(), [Some("one"), None]);
        // No reason holds what follows, or they would take the square of the text.
        let many = "keylint: ignore ".repeat(500_000);
        assert!(Own::all(many.as_bytes()).all(|own| own.reason.is_none()));
        let next = Own::all(b"write keylint: ignore-next-line\nreason of nobody").next();
        assert_eq!(next.map(|own| (own.reason, own.commented)), Some((None, false)));
        let string = Own::all(format!("text = \"x\" + \"# {}\"", "keylint: ignore").as_bytes()).next();
        assert_eq!(string.map(|own| own.commented), Some(false));
    }

    #[test]
    fn ends_on_its_date_and_keeps_to_its_rules() {
        let own = Own::parse("[a] until=2026-01-31").expect("a comment");
        assert!(own.names("a") && !own.names("b"));
        assert!(!own.expired(None) && !own.expired(Some("2026-01-31")) && own.expired(Some("2026-02-01")));
    }
}
