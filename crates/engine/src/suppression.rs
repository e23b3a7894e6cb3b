//! Comments that say a finding is known: keylint's own and those of other scanners.
//! Not here: allow-lists of the configuration (`allow.rs`).
//!
//! `keylint: ignore` speaks of its line, `keylint: ignore-next-line` of the next, `keylint: ignore-file` of the document.
//! `[rule, other-rule]` limits it; then comes a reason, in which `until=YYYY-MM-DD` ends it and `owner=NAME` answers for it.

use std::borrow::Cow;

use keylint_diagnostics::{Diagnostic, Encoding, LineIndex, Span, Suppression, SuppressionKind};
use keylint_syntax::to_utf8;

/// How much of a line is searched for a comment, on both sides of the finding: minified lines are long.
const REACH: usize = 4096;

/// Markers of other scanners, and whether they speak of the next line instead of their own.
const FOREIGN: &[(&str, bool)] = &[
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

/// Marks the diagnostics that comments of the document speak of.
pub(crate) fn mark(text: &[u8], diagnostics: &mut [Diagnostic], today: Option<&str>) {
    if diagnostics.is_empty() {
        return;
    }
    let encoding = Encoding::detect(text);
    let lines = LineIndex::new(text);
    let whole = Own::in_document(text, encoding);
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.suppressed.is_none()) {
        let rule = diagnostic.rule.as_str();
        let span = diagnostic.primary.span;
        let own = around(text, encoding, lines.line_at(span.start), span);
        let last = around(text, encoding, lines.line_at(span.end.saturating_sub(1).max(span.start)), span);
        let first = lines.line_at(span.start);
        let before = (first.start > 0).then(|| around(text, encoding, lines.line_at(first.start - 1), span));
        let said = Own::all(&whole)
            .chain(Own::all(&own).filter(|own| own.place == Where::Line).collect::<Vec<_>>())
            .chain(Own::all(&last).filter(|own| own.place == Where::Line).collect::<Vec<_>>())
            .chain(before.iter().flat_map(|line| Own::all(line).filter(|own| own.place == Where::Next).collect::<Vec<_>>()))
            .find(|own| own.speaks_of(rule, today));
        let foreign = |line: &str, next: bool| FOREIGN.iter().any(|(marker, on_next)| *on_next == next && line.contains(marker));
        diagnostic.suppressed = match said {
            Some(own) => Some(own.suppression()),
            None if foreign(&own, false) || foreign(&last, false) || before.is_some_and(|line| foreign(&line, true)) => Some(Suppression {
                kind: SuppressionKind::Inline,
                reason: Some("marked for another scanner".into()),
                owner: None,
                until: None,
            }),
            None => None,
        };
    }
}

/// A line as text, cut to what stands near `span`.
fn around(text: &[u8], encoding: Encoding, line: Span, span: Span) -> String {
    let unit = encoding.unit();
    let align = |offset: usize| offset - (offset - line.start as usize) % unit;
    let range = line.range();
    let start = align(range.start.max((span.start as usize).min(range.end).saturating_sub(REACH)).min(range.end));
    let end = align(range.end.min((span.end as usize).max(range.start).saturating_add(REACH)).max(start));
    let bytes: Cow<'_, [u8]> = match encoding {
        Encoding::Utf8 => Cow::Borrowed(&text[start..end]),
        _ => Cow::Owned(to_utf8(&text[start..end], encoding).bytes),
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where a comment's word holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Line,
    Next,
    File,
}

/// One `keylint: ignore…` comment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Own {
    place: Where,
    /// Empty means every rule.
    rules: Vec<String>,
    reason: Option<String>,
    owner: Option<String>,
    until: Option<String>,
}

/// What every comment of ours begins with.
const MARKER: &str = "keylint: ignore";

impl Own {
    /// The comments that speak of the whole document, as text around each.
    fn in_document(text: &[u8], encoding: Encoding) -> String {
        let text: Cow<'_, [u8]> = match encoding {
            Encoding::Utf8 => Cow::Borrowed(text),
            _ => Cow::Owned(to_utf8(text, encoding).bytes),
        };
        let mut out = String::new();
        for at in memchr::memmem::find_iter(&text, b"keylint: ignore-file") {
            let line = &text[at..text.len().min(at + REACH)];
            let end = memchr::memchr2(b'\n', b'\r', line).unwrap_or(line.len());
            out.push_str(&String::from_utf8_lossy(&line[..end]));
            out.push('\n');
        }
        out
    }

    /// The comments in `text`.
    fn all(text: &str) -> impl Iterator<Item = Own> + '_ {
        text.match_indices(MARKER).filter_map(|(at, _)| {
            let line = text[at + MARKER.len()..].lines().next().unwrap_or_default();
            Own::parse(line)
        })
    }

    /// What follows the marker.
    fn parse(text: &str) -> Option<Own> {
        let (place, rest) = match text {
            _ if text.starts_with("-next-line") => (Where::Next, &text["-next-line".len()..]),
            _ if text.starts_with("-file") => (Where::File, &text["-file".len()..]),
            _ if text.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') => return None,
            _ => (Where::Line, text),
        };
        let (rules, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((rules, rest)) => (rules.split(',').map(|rule| rule.trim().to_string()).filter(|rule| !rule.is_empty()).collect(), rest),
            None => (Vec::new(), rest),
        };
        let mut own = Own { place, rules, reason: None, owner: None, until: None };
        let mut words = Vec::new();
        for word in rest.split_whitespace() {
            match word.split_once('=') {
                Some(("until", date)) => own.until = Some(date.into()),
                Some(("owner", owner)) => own.owner = Some(owner.into()),
                // The end of a block comment is not part of the reason.
                _ if matches!(word, "*/" | "-->" | "#}" | "%>" | "*)") => break,
                _ => words.push(word),
            }
        }
        own.reason = (!words.is_empty()).then(|| words.join(" "));
        Some(own)
    }

    /// Whether it still holds, for this rule.
    fn speaks_of(&self, rule: &str, today: Option<&str>) -> bool {
        let expired = matches!((today, &self.until), (Some(today), Some(until)) if until.as_str() < today);
        !expired && (self.rules.is_empty() || self.rules.iter().any(|name| name == rule))
    }

    fn suppression(self) -> Suppression {
        Suppression { kind: SuppressionKind::Inline, reason: self.reason, owner: self.owner, until: self.until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_comments_say() {
        let all: Vec<Own> = Own::all("x # keylint: ignore[a, b] rotated until=2026-12-31 owner=ops */ y").collect();
        let want = Own {
            place: Where::Line,
            rules: vec!["a".into(), "b".into()],
            reason: Some("rotated".into()),
            owner: Some("ops".into()),
            until: Some("2026-12-31".into()),
        };
        assert_eq!(all, [want]);
        assert_eq!(Own::all("keylint: ignored").count(), 0);
        assert_eq!(Own::all("keylint: ignore-next-line\nreason of nobody").next().map(|own| own.reason), Some(None));
    }

    #[test]
    fn ends_on_its_date_and_keeps_to_its_rules() {
        let own = Own::parse("[a] until=2026-01-31").expect("a comment");
        assert!(own.speaks_of("a", None) && own.speaks_of("a", Some("2026-01-31")));
        assert!(!own.speaks_of("a", Some("2026-02-01")) && !own.speaks_of("b", None));
    }
}
