//! A view with everything known that must not be printed. The only way from stored bytes to a sink's output.
//! Not here: how much of a secret may be shown (`keylint_diagnostics::Mask`), or how a line is cut (`excerpt`).

use keylint_diagnostics::{Diagnostic, Label, LineIndex, MASK, Mask, Origin, Position, Span};

use crate::{View, decode, places::Places};

/// The masked spans of the pieces of one document that a sink has seen, so that a later piece does not show them.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    path: String,
    origin: Origin,
    version: String,
    spans: Vec<(Span, Mask)>,
}

impl Seen {
    /// Takes the labels of `diagnostics` and gives all that may lie in `view`.
    fn add(&mut self, view: &View<'_>, diagnostics: &[Diagnostic]) -> Vec<(Span, Mask)> {
        if self.path != view.path || self.origin != view.origin || self.version != view.version() || view.whole {
            (self.path, self.origin, self.version) = (view.path.into(), view.origin, view.version().into());
            self.spans.clear();
        }
        self.spans.retain(|(span, _)| span.end > view.base);
        let labels = diagnostics.iter().flat_map(labels).filter(|label| here(view, label));
        self.spans.extend(labels.filter_map(|label| Some((label.span, label.mask?))));
        self.spans.clone()
    }
}

/// A view, its lines, its positions and its masks.
pub(crate) struct Masked<'v> {
    pub(crate) view: &'v View<'v>,
    pub(crate) lines: LineIndex<'v>,
    /// Sorted and disjoint.
    covers: Vec<Cover>,
    /// Nothing is printed from here on: of a piece, what follows may be a secret that is not settled yet.
    pub(crate) limit: u32,
    places: Places,
}

/// A stretch that is printed as something else.
#[derive(Debug)]
pub(crate) struct Cover {
    pub(crate) span: Span,
    pub(crate) text: String,
}

impl<'v> Masked<'v> {
    /// Gathers the masks of `diagnostics`, and of earlier pieces of the same document.
    pub(crate) fn new(
        view: &'v View<'v>,
        diagnostics: &[Diagnostic],
        seen: &mut Seen,
        show_secrets: bool,
    ) -> Masked<'v> {
        let lines = view.lines();
        let spans = seen.add(view, diagnostics);
        let covers = if show_secrets { Vec::new() } else { covers(view, spans) };
        let labels = || diagnostics.iter().flat_map(labels).filter(|label| here(view, label));
        // Findings are settled in the order of their primary labels.
        let settled = diagnostics.iter().map(|found| &found.primary).filter(|label| here(view, label));
        let settled = settled.map(|label| label.span.end).max().unwrap_or(view.base);
        let limit = if view.settled { u32::MAX } else { settled };
        let places = Places::new(&lines, view, labels().flat_map(|label| [label.span.start, label.span.end]).collect());
        Masked { view, lines, covers, limit, places }
    }

    /// Where a label begins and ends; `None` where its text is not at hand.
    pub(crate) fn position(&self, label: &Label) -> Option<(Position, Position)> {
        let known = here(self.view, label) && inside(self.view, label.span);
        known.then(|| (self.places.at(label.span.start), self.places.at(label.span.end)))
    }

    /// The covers that reach behind `offset`, in order.
    pub(crate) fn covers_from(&self, offset: u32) -> &[Cover] {
        &self.covers[self.covers.partition_point(|cover| cover.span.end <= offset)..]
    }
}

/// The primary label and the related ones.
pub(crate) fn labels(diagnostic: &Diagnostic) -> impl Iterator<Item = &Label> {
    std::iter::once(&diagnostic.primary).chain(&diagnostic.related)
}

/// Whether a label speaks of this view's document.
pub(crate) fn here(view: &View<'_>, label: &Label) -> bool {
    label.path.as_deref().is_none_or(|path| path == view.path)
}

/// Whether all bytes of `span` are at hand.
fn inside(view: &View<'_>, span: Span) -> bool {
    span.start >= view.base && span.start <= span.end && (span.end - view.base) as usize <= view.text.len()
}

/// The bytes of `span`, if they are at hand.
pub(crate) fn stored<'a>(view: &View<'a>, span: Span) -> Option<&'a [u8]> {
    inside(view, span).then(|| &view.text[(span.start - view.base) as usize..(span.end - view.base) as usize])
}

/// Merges what overlaps: equal spans show the least that one of them may, others show nothing, because the public
/// part of one may be the hidden part of the other.
fn covers(view: &View<'_>, mut spans: Vec<(Span, Mask)>) -> Vec<Cover> {
    spans.retain(|(span, _)| !span.is_empty());
    keylint_diagnostics::sort_by_key(&mut spans, |(span, _)| *span);
    let mut merged: Vec<(Span, Mask)> = Vec::with_capacity(spans.len());
    for (span, mask) in spans {
        match merged.last_mut() {
            Some((last, least)) if *last == span => {
                *least = Mask { prefix: least.prefix.min(mask.prefix), suffix: least.suffix && mask.suffix };
            }
            Some((last, least)) if last.overlaps(span) => {
                last.end = last.end.max(span.end);
                *least = Mask::HIDDEN;
            }
            _ => merged.push((span, mask)),
        }
    }
    merged.into_iter().map(|(span, mask)| Cover { span, text: masked(view, span, mask) }).collect()
}

/// A secret as it is printed: of one with several lines the first line only.
fn masked(view: &View<'_>, span: Span, mask: Mask) -> String {
    let Some(bytes) = stored(view, span) else { return MASK.into() };
    let text = decode::to_utf8(bytes, view.encoding);
    match text.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(end) => Mask { suffix: false, ..mask }.apply(&text[..end]),
        None => mask.apply(&text),
    }
}
