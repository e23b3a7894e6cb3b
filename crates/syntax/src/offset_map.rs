//! From bytes of a decoded text back to the bytes as stored. Not the decoding itself.

use std::{borrow::Cow, ops::Range};

use keylint_diagnostics::Span;

/// Where each byte of a decoded text stands in the text it was decoded from: runs of equal units, in layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    form: Form,
}

/// A text that stands as it is needs no runs, and nearly all strings of a document do.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// `len` bytes that are the stored ones from `stored` on. Whatever can be written so is.
    Plain { stored: u32, len: u32 },
    /// From the decoded text outward; each layer maps into the next, the last into the stored text.
    Layers(Vec<Layer>),
}

impl Default for Form {
    fn default() -> Form {
        Form::Layers(Vec::new())
    }
}

/// One decoding step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Layer {
    /// By `decoded`, without gaps from 0.
    runs: Vec<Run>,
}

/// `count` units that follow each other, each `decoded_unit` bytes made of `stored_unit` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    decoded: u32,
    stored: u32,
    count: u32,
    decoded_unit: u8,
    stored_unit: u8,
    /// Whether a part of a unit needs the whole of it (a character), or its share (a byte of base64).
    whole: bool,
}

impl OffsetMap {
    /// A text that stands as it is, from offset `at` on.
    pub fn identity(at: usize, len: usize) -> OffsetMap {
        let mut map = OffsetMap::default();
        map.push(at, 1, 1, len, false);
        map
    }

    /// Appends `count` units: the next `decoded_unit * count` decoded bytes are made of the stored bytes from `stored` on,
    /// `stored_unit` a unit. `whole` says that a unit is indivisible (a character), else its bytes take their share.
    /// Decoders build their map with this; it belongs to the first layer.
    pub fn push(&mut self, stored: usize, decoded_unit: usize, stored_unit: usize, count: usize, whole: bool) {
        if count == 0 || decoded_unit == 0 {
            return;
        }
        let mut run = Run {
            decoded: 0,
            stored: clamp(stored),
            count: clamp(count),
            decoded_unit: decoded_unit.min(255) as u8,
            stored_unit: stored_unit.min(255) as u8,
            whole: whole && decoded_unit > 1,
        };
        let plain = run.is_identity();
        match &mut self.form {
            Form::Plain { stored, len } if plain && stored.saturating_add(*len) == run.stored => *len += run.count,
            Form::Layers(layers) if plain && layers.is_empty() => {
                self.form = Form::Plain { stored: run.stored, len: run.count };
            }
            _ => {
                let mut layers = std::mem::take(self).into_layers();
                if layers.is_empty() {
                    layers.push(Layer::default());
                }
                let runs = &mut layers[0].runs;
                run.decoded = runs.last().map_or(0, |last| last.decoded + last.decoded_len());
                match runs.last_mut() {
                    Some(last) if last.continues_with(&run) => last.count += run.count,
                    _ => runs.push(run),
                }
                self.form = Form::Layers(layers);
            }
        }
    }

    /// The layers, written out.
    fn layers(&self) -> Cow<'_, [Layer]> {
        match &self.form {
            Form::Plain { .. } => Cow::Owned(self.clone().into_layers()),
            Form::Layers(layers) => Cow::Borrowed(layers),
        }
    }

    /// The same, for changing them.
    fn into_layers(self) -> Vec<Layer> {
        match self.form {
            Form::Plain { stored, len } => {
                let run = Run { decoded: 0, stored, count: len, decoded_unit: 1, stored_unit: 1, whole: false };
                vec![Layer { runs: vec![run] }]
            }
            Form::Layers(layers) => layers,
        }
    }

    /// The map of these layers.
    fn of(layers: Vec<Layer>) -> OffsetMap {
        let form = match &layers[..] {
            [Layer { runs }] => match runs[..] {
                [run] if run.is_identity() && run.decoded == 0 => Form::Plain { stored: run.stored, len: run.count },
                _ => Form::Layers(layers),
            },
            _ => Form::Layers(layers),
        };
        OffsetMap { form }
    }

    /// The smallest stored span that covers the decoded bytes `range`. An empty range gives an empty span; what lies
    /// after the end counts as the end.
    pub fn span(&self, range: Range<usize>) -> Span {
        let mut span = Span { start: clamp(range.start), end: clamp(range.end.max(range.start)) };
        match &self.form {
            &Form::Plain { stored, len } => {
                let place = |at: u32| stored.saturating_add(at.min(len));
                Span { start: place(span.start), end: place(span.end) }
            }
            Form::Layers(layers) => {
                for layer in layers {
                    span = layer.span(span);
                }
                span
            }
        }
    }

    /// The map of a text that was decoded twice: `self` maps the middle text to the stored one, `inner` the last text
    /// to the middle one. Only what `inner` reaches is kept, so that the maps of all strings of a document are together
    /// no larger than a few times the document.
    pub fn compose(&self, inner: &OffsetMap) -> OffsetMap {
        if let (&Form::Plain { stored: outer, .. }, &Form::Plain { stored, len }) = (&self.form, &inner.form) {
            return OffsetMap { form: Form::Plain { stored: outer.saturating_add(stored), len } };
        }
        let mut layers = inner.layers().into_owned();
        for outer in &*self.layers() {
            let Some(last) = layers.last_mut() else { break };
            let cut = outer.cut(last.reach());
            match cut.runs[..] {
                [run] if run.is_identity() => last.shift(run.decoded, run.stored),
                _ => layers.push(cut),
            }
        }
        OffsetMap::of(layers)
    }

    /// The map of the decoded bytes `range` as a text of their own.
    pub fn slice(&self, range: Range<usize>) -> OffsetMap {
        self.compose(&OffsetMap::identity(range.start, range.end.saturating_sub(range.start)))
    }

    /// The map of a text decoded from a slice that begins at offset `by`.
    pub fn shifted(mut self, by: usize) -> OffsetMap {
        let by = clamp(by);
        match &mut self.form {
            Form::Plain { stored, .. } => *stored = stored.saturating_add(by),
            Form::Layers(layers) => {
                for run in layers.last_mut().into_iter().flat_map(|last| &mut last.runs) {
                    run.stored = run.stored.saturating_add(by);
                }
            }
        }
        self
    }

    /// Number of decoded bytes that the map knows.
    pub fn decoded_len(&self) -> usize {
        match &self.form {
            Form::Plain { len, .. } => *len as usize,
            Form::Layers(layers) => {
                let last = layers.first().and_then(|layer| layer.runs.last());
                last.map_or(0, |run| (run.decoded + run.decoded_len()) as usize)
            }
        }
    }

    /// Appends what `other` maps, as the bytes that follow.
    pub fn append(&mut self, other: &OffsetMap) {
        let several = matches!(&self.form, Form::Layers(layers) if layers.len() > 1);
        match &*other.layers() {
            [] => {}
            [layer] if !several => {
                for run in &layer.runs {
                    self.push(
                        run.stored as usize,
                        run.decoded_unit.into(),
                        run.stored_unit.into(),
                        run.count as usize,
                        run.whole,
                    );
                }
            }
            // Through several layers units may overlap; byte by byte stays exact.
            _ => {
                for at in 0..other.decoded_len() {
                    let span = other.span(at..at + 1);
                    self.push(span.start as usize, 1, span.len(), 1, false);
                }
            }
        }
    }
}

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Run {
    fn decoded_len(&self) -> u32 {
        self.count.saturating_mul(self.decoded_unit.into())
    }

    fn stored_len(&self) -> u32 {
        self.count.saturating_mul(self.stored_unit.into())
    }

    /// Whether decoded bytes are stored bytes.
    fn is_identity(&self) -> bool {
        self.decoded_unit == 1 && self.stored_unit == 1
    }

    fn continues_with(&self, next: &Run) -> bool {
        let units = |run: &Run| (run.decoded_unit, run.stored_unit, run.whole);
        units(self) == units(next) && self.stored + self.stored_len() == next.stored
    }

    /// Offset in the stored text of the first byte that decoded byte `at` (counted from the run's begin) needs.
    fn first(&self, at: u32) -> u32 {
        let (d, s) = (u32::from(self.decoded_unit), u32::from(self.stored_unit));
        let share = if self.whole { 0 } else { (at % d) * s / d };
        self.stored + at / d * s + share
    }

    /// Offset after the last stored byte that decoded byte `at` needs.
    fn last(&self, at: u32) -> u32 {
        let (d, s) = (u32::from(self.decoded_unit), u32::from(self.stored_unit));
        let share = if self.whole { s } else { ((at % d + 1) * s).div_ceil(d) };
        self.stored + at / d * s + share
    }
}

impl Layer {
    /// The stored bytes that the runs lie between.
    fn reach(&self) -> Span {
        let start = self.runs.iter().map(|run| run.stored).min().unwrap_or(0);
        let end = self.runs.iter().map(|run| run.stored + run.stored_len()).max().unwrap_or(0);
        Span { start, end }
    }

    /// The units that the decoded bytes `reach` lie in; the last unit where they begin after it.
    fn cut(&self, reach: Span) -> Layer {
        let after = |run: &&Run| run.decoded < reach.end.max(reach.start + 1);
        let first = self.runs.partition_point(|run| run.decoded <= reach.start).saturating_sub(1);
        let mut runs: Vec<Run> = self.runs[first.min(self.runs.len())..].iter().take_while(after).copied().collect();
        for run in &mut runs {
            let unit = u32::from(run.decoded_unit);
            let skipped = (reach.start.saturating_sub(run.decoded) / unit).min(run.count - 1);
            let kept = (reach.end.saturating_sub(run.decoded)).div_ceil(unit).clamp(skipped + 1, run.count);
            run.decoded += skipped * unit;
            run.stored += skipped * u32::from(run.stored_unit);
            run.count = kept.max(skipped + 1) - skipped;
        }
        Layer { runs }
    }

    /// Moves the stored bytes so that `from` becomes `to`.
    fn shift(&mut self, from: u32, to: u32) {
        for run in &mut self.runs {
            run.stored = run.stored.saturating_sub(from).saturating_add(to);
        }
    }

    fn span(&self, span: Span) -> Span {
        let Some(last) = self.runs.last() else { return Span::default() };
        let end_of_text = last.decoded + last.decoded_len();
        let run_at = |at: u32| &self.runs[self.runs.partition_point(|run| run.decoded <= at).saturating_sub(1)];
        let start = if span.start >= end_of_text {
            last.stored + last.stored_len()
        } else {
            let run = run_at(span.start);
            run.first(span.start - run.decoded)
        };
        if span.end <= span.start || span.start >= end_of_text {
            return Span { start, end: start };
        }
        let at = span.end.min(end_of_text) - 1;
        let run = run_at(at);
        Span { start, end: run.last(at - run.decoded).max(start) }
    }
}
