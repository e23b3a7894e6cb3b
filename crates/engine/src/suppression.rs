//! Decides which findings comments of their document speak of, and which comments speak of none.
//! Not here: what the comments look like (`own.rs`, `foreign.rs`), or allow-lists of the configuration (`allow.rs`).

mod foreign;
mod own;

use std::borrow::Cow;

use keylint_diagnostics::{
    Diagnostic, Encoding, Evidence, EvidenceKind, LineIndex, Span, Suppression, SuppressionKind,
};
use keylint_syntax::to_utf8;

pub(crate) use own::Own;
use own::Where;

use crate::baseline::is_date;

/// How much of a line is searched for a comment, on both sides of the finding: minified lines are long.
const REACH: usize = 4096;

/// Comments that speak of the whole document and are heeded; more would cost each of them for each finding.
const MAX_FILE_COMMENTS: usize = 100;

/// Which comments count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'a> {
    /// What ends those with a date.
    pub(crate) today: Option<&'a str>,
    /// Whether those of other scanners do.
    pub(crate) foreign: bool,
    /// Whether ours must give a reason.
    pub(crate) require_reason: bool,
}

/// Marks the diagnostics that comments of the document speak of; gives our comments that speak of none.
pub(crate) fn mark(text: &[u8], diagnostics: &mut [Diagnostic], settings: Settings<'_>) -> Vec<Own> {
    let encoding = Encoding::detect(text);
    if diagnostics.is_empty() {
        // The one thing that is done for every document, so it is one pass over plain bytes.
        return if encoding == Encoding::Utf8 { Own::in_document(text, encoding) } else { Vec::new() };
    }
    let comments = Comments::read(text, encoding, settings);
    let mut used = vec![false; comments.own.len()];
    for diagnostic in diagnostics.iter_mut() {
        let said = comments.about(diagnostic);
        said.iter().for_each(|&index| used[index] = true);
        if diagnostic.suppressed.is_some() {
            continue;
        }
        match comments.judge(diagnostic, &said) {
            Judgement::Suppressed(_, suppression) => diagnostic.suppressed = Some(suppression),
            Judgement::Refused(text) => diagnostic.evidence.push(Evidence { kind: EvidenceKind::Context, text }),
            Judgement::Silent => {}
        }
    }
    let own = comments.own.into_iter().enumerate();
    own.filter(|(index, _)| !used[*index]).map(|(_, own)| own).collect()
}

/// For each diagnostic that a comment suppresses, where that stands: the comment, or the line that holds it.
pub(crate) fn comments(text: &[u8], diagnostics: &[Diagnostic], settings: Settings<'_>) -> Vec<Option<Span>> {
    if !diagnostics.iter().any(by_comment) {
        return vec![None; diagnostics.len()];
    }
    let comments = Comments::read(text, Encoding::detect(text), settings);
    let place = |diagnostic: &Diagnostic| match comments.judge(diagnostic, &comments.about(diagnostic)) {
        Judgement::Suppressed(span, _) => Some(span),
        Judgement::Refused(_) | Judgement::Silent => None,
    };
    diagnostics.iter().map(|diagnostic| by_comment(diagnostic).then(|| place(diagnostic)).flatten()).collect()
}

fn by_comment(diagnostic: &Diagnostic) -> bool {
    diagnostic.suppressed.as_ref().is_some_and(|suppression| suppression.kind == SuppressionKind::Inline)
}

/// What comments say of a finding.
enum Judgement {
    /// It does not count, because of what stands here.
    Suppressed(Span, Suppression),
    /// It would not, but for this.
    Refused(String),
    /// Nothing.
    Silent,
}

/// The comments of a document.
struct Comments<'t> {
    text: &'t [u8],
    encoding: Encoding,
    lines: LineIndex<'t>,
    settings: Settings<'t>,
    /// Ours, by place.
    own: Vec<Own>,
    /// Which of ours speak of the whole document.
    whole: Vec<usize>,
    /// What secretlint's comments switch off: in order and apart.
    off: Vec<Span>,
}

impl<'t> Comments<'t> {
    fn read(text: &'t [u8], encoding: Encoding, settings: Settings<'t>) -> Comments<'t> {
        let own = Own::in_document(text, encoding);
        let whole = own.iter().enumerate().filter(|(_, own)| own.place == Where::File).map(|(index, _)| index);
        let whole = whole.take(MAX_FILE_COMMENTS).collect();
        let off = if settings.foreign { foreign::switched_off(text, encoding) } else { Vec::new() };
        Comments { text, encoding, lines: LineIndex::new(text), settings, own, whole, off }
    }

    /// Which of our comments speak of `diagnostic`.
    fn about(&self, diagnostic: &Diagnostic) -> Vec<usize> {
        let (before, first, last) = self.lines_of(diagnostic.primary.span);
        let near = Span {
            start: diagnostic.primary.span.start.saturating_sub(REACH as u32),
            end: diagnostic.primary.span.end.saturating_add(REACH as u32),
        };
        let start = before.map_or(first.start, |before| before.start).max(near.start);
        let end = last.end.min(near.end);
        let from = self.own.partition_point(|own| own.at.start < start);
        let nearby = (from..self.own.len()).take_while(|&index| self.own[index].at.start < end);
        let placed = nearby.filter(|&index| match self.own[index].place {
            Where::Line => self.own[index].at.start >= first.start,
            Where::Next => self.own[index].at.start < first.start,
            Where::File => false,
        });
        let all = self.whole.iter().copied().chain(placed);
        all.filter(|&index| self.own[index].names(diagnostic.rule.as_str())).collect()
    }

    /// What the comments say of `diagnostic`, of which ours are `said`.
    fn judge(&self, diagnostic: &Diagnostic, said: &[usize]) -> Judgement {
        let mut refused = Judgement::Silent;
        for own in said.iter().map(|&index| &self.own[index]) {
            match &own.until {
                // A day that nobody can tell would never come.
                Some(until) if !is_date(until) => {
                    refused = Judgement::Refused("a comment suppresses it until a day that is not `YYYY-MM-DD`".into());
                }
                Some(until) if own.expired(self.settings.today) => {
                    refused = Judgement::Refused(format!("a comment suppressed it until {until}"));
                }
                _ if self.settings.require_reason && own.reason.is_none() => {
                    refused = Judgement::Refused("a comment suppresses it without the reason that is required".into());
                }
                _ => return Judgement::Suppressed(own.at, own.suppression()),
            }
        }
        let foreign = self.settings.foreign.then(|| self.foreign(diagnostic.primary.span)).flatten();
        foreign.map_or(refused, |span| {
            let reason = Some("marked for another scanner".into());
            let suppression = Suppression { kind: SuppressionKind::Inline, reason, owner: None, until: None };
            Judgement::Suppressed(span, suppression)
        })
    }

    /// Where a comment of another scanner speaks of `span`.
    fn foreign(&self, span: Span) -> Option<Span> {
        let (before, first, last) = self.lines_of(span);
        let on = |line: &Span, next| foreign::marks(&self.around(*line, span), next);
        let same = [first, last].into_iter().find(|line| on(line, false));
        let above = || before.filter(|line| on(line, true));
        let off = || {
            let begun = self.off.partition_point(|off| off.start <= span.start);
            self.off[..begun].last().copied().filter(|off| off.contains(span))
        };
        same.or_else(above).or_else(off)
    }

    /// The line before the finding, if there is one, its first and its last one.
    fn lines_of(&self, span: Span) -> (Option<Span>, Span, Span) {
        let first = self.lines.line_at(span.start);
        let last = self.lines.line_at(span.end.saturating_sub(1).max(span.start));
        let before = (first.start > 0).then(|| self.lines.line_at(first.start - 1));
        (before, first, last)
    }

    /// A line as text, cut to what stands near `span`.
    fn around(&self, line: Span, span: Span) -> String {
        let unit = self.encoding.unit();
        let align = |offset: usize| offset - (offset - line.start as usize) % unit;
        let range = line.range();
        let start = align(range.start.max((span.start as usize).min(range.end).saturating_sub(REACH)).min(range.end));
        let end = align(range.end.min((span.end as usize).max(range.start).saturating_add(REACH)).max(start));
        let bytes: Cow<'_, [u8]> = match self.encoding {
            Encoding::Utf8 => Cow::Borrowed(&self.text[start..end]),
            encoding => Cow::Owned(to_utf8(&self.text[start..end], encoding).bytes),
        };
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
