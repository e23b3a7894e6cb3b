//! One line of a document made fit to print: masked, decoded, made visible, and cut around what matters.
//! Not here: frames and formats.

use std::ops::Range;

use keylint_diagnostics::{MASK, Span};
use unicode_width::UnicodeWidthChar;

use crate::{
    decode, escape,
    masked::{Cover, Masked},
};

/// How a line is made fit to print.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Columns it may take, about.
    pub(crate) width: usize,
    /// What a tab becomes.
    pub(crate) tab: &'static str,
    /// Whether it is spelled in ASCII.
    pub(crate) ascii: bool,
}

impl Shape {
    /// What stands for left-out text.
    pub(crate) fn ellipsis(self) -> &'static str {
        if self.ascii { "..." } else { "…" }
    }
}

/// A line made fit to print.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The text, without a line end.
    pub(crate) text: String,
    /// Where each label stands in `text`, in bytes, in the order of the labels.
    pub(crate) marks: Vec<Range<usize>>,
}

/// A character, or a whole secret, as it is printed.
struct Token {
    span: Span,
    text: String,
    width: usize,
    keep: bool,
}

/// The line that holds `line`, with marks for the parts of `labels` that lie in it.
pub(crate) fn excerpt(masked: &Masked<'_>, line: Span, labels: &[Span], shape: Shape) -> Excerpt {
    let full = line;
    let line = Span { start: line.start, end: line.end.min(masked.limit).max(line.start) };
    let clipped = |label: &Span| Span {
        start: label.start.clamp(line.start, line.end),
        end: label.end.clamp(line.start, line.end),
    };
    let labels: Vec<Span> = labels.iter().map(clipped).collect();
    let mut tokens = Vec::new();
    for region in regions(masked, line, &labels, shape) {
        tokenize(masked, line, region, shape, &mut tokens);
    }
    choose(&mut tokens, line, &labels, shape);
    let mut excerpt = assemble(&tokens, full, &labels, shape);
    // A secret that goes on below is shown to do so.
    let more = masked.covers_from(line.end).first().is_some_and(|cover| cover.span.start < line.end);
    if more && !excerpt.text.ends_with(shape.ellipsis()) {
        excerpt.text.push_str(shape.ellipsis());
    }
    excerpt
}

/// The stretches of the line that may be printed: all of a short line, of a long one what lies around the labels. A
/// line may be a gigabyte long, so nothing else of it is looked at.
fn regions(masked: &Masked<'_>, line: Span, labels: &[Span], shape: Shape) -> Vec<Span> {
    // No character takes more than four bytes, and most of those that take no column are made visible.
    let reach = u32::try_from(shape.width * 4 + 16).unwrap_or(u32::MAX);
    if line.len() <= reach as usize {
        return vec![line];
    }
    let around =
        |at: u32| Span { start: at.saturating_sub(reach).max(line.start), end: at.saturating_add(reach).min(line.end) };
    let mut regions: Vec<Span> = labels.iter().flat_map(|label| [around(label.start), around(label.end)]).collect();
    if regions.is_empty() {
        regions.push(around(line.start));
    }
    keylint_diagnostics::sort(&mut regions);
    let mut merged: Vec<Span> = Vec::new();
    for mut region in regions {
        let floor = (line.start - masked.view.base) as usize;
        let start = (region.start - masked.view.base) as usize;
        let aligned = decode::align(masked.view.text, masked.view.encoding, floor, start);
        region.start = masked.view.base + aligned as u32;
        // A region that begins inside a secret begins where the secret does.
        if let Some(cover) = masked.covers_from(region.start).first().filter(|cover| cover.span.start < region.start) {
            region.start = cover.span.start.max(line.start);
        }
        match merged.last_mut() {
            Some(last) if region.start <= last.end => last.end = last.end.max(region.end),
            _ => merged.push(region),
        }
    }
    merged
}

/// Cuts a region into tokens. A secret is one token, also where the region ends inside it.
fn tokenize(masked: &Masked<'_>, line: Span, region: Span, shape: Shape, tokens: &mut Vec<Token>) {
    let mut at = tokens.last().map_or(region.start, |token| region.start.max(token.span.end));
    let mut covers = masked.covers_from(at).iter().peekable();
    while at < region.end {
        let cover = covers.next_if(|cover| cover.span.start <= at);
        if let Some(Cover { span, text }) = cover {
            // A secret that began on an earlier line was shown there, as far as it may be.
            let text = if span.start < line.start { MASK } else { text };
            let end = span.end.min(line.end);
            tokens.push(Token { span: Span { start: at, end }, text: text.into(), width: text.len(), keep: false });
            at = end;
            continue;
        }
        let stop = covers.peek().map_or(line.end, |cover| cover.span.start.min(line.end));
        let bytes = &masked.view.text[(at - masked.view.base) as usize..(stop - masked.view.base) as usize];
        let (c, length) = decode::first(bytes, masked.view.encoding);
        let mut text = String::new();
        if c == '\t' {
            text.push_str(shape.tab);
        } else {
            escape::push_visible(&mut text, c, shape.ascii);
        }
        let width = if c == '\t' { 4 } else { text.chars().map(|c| c.width().unwrap_or(0)).sum() };
        let end = at + length as u32;
        tokens.push(Token { span: Span { start: at, end }, text, width, keep: false });
        at = end;
    }
}

/// Marks the tokens to keep: all where they fit, else the labels and as much around them as there is room for.
fn choose(tokens: &mut [Token], line: Span, labels: &[Span], shape: Shape) {
    let complete = tokens.first().is_none_or(|token| token.span.start == line.start)
        && tokens.last().is_none_or(|token| token.span.end == line.end)
        && tokens.windows(2).all(|pair| pair[0].span.end == pair[1].span.start);
    if complete && tokens.iter().map(|token| token.width).sum::<usize>() <= shape.width {
        tokens.iter_mut().for_each(|token| token.keep = true);
        return;
    }
    // Each label has its share; of one that is longer its beginning is kept and its end.
    let share = shape.width / labels.len().max(1);
    let mut left = shape.width;
    let mut edges = Vec::new();
    for label in labels {
        let range = tokens_of(tokens, *label);
        edges.push(range.clone());
        let mut used = 0;
        let half = range.clone().take_while(|&index| {
            used += tokens[index].width;
            used <= share / 2
        });
        let head = range.start..half.last().map_or(range.start, |last| last + 1).max((range.start + 1).min(range.end));
        used = 0;
        let half = range.clone().rev().take_while(|&index| {
            used += tokens[index].width;
            used <= share / 4
        });
        let tail = half.last().unwrap_or(range.end).max(head.end)..range.end;
        for index in head.chain(tail) {
            if !tokens[index].keep {
                left = left.saturating_sub(tokens[index].width);
            }
            tokens[index].keep = true;
        }
    }
    if edges.is_empty() {
        edges.push(0..0);
    }
    grow(tokens, &mut edges, left);
}

/// Keeps tokens around the labels while there is room; twice as many in front, where the name stands.
fn grow(tokens: &mut [Token], edges: &mut [Range<usize>], mut left: usize) {
    let mut grew = true;
    while grew {
        grew = false;
        for edge in edges.iter_mut() {
            for front in [true, true, false] {
                let next = if front { edge.start.checked_sub(1) } else { Some(edge.end) };
                let Some(index) = next.filter(|&index| index < tokens.len()) else { continue };
                let token = &mut tokens[index];
                if !token.keep {
                    if token.width > left {
                        continue;
                    }
                    left -= token.width;
                    token.keep = true;
                }
                if front {
                    edge.start = index;
                } else {
                    edge.end = index + 1;
                }
                grew = true;
            }
        }
    }
}

/// The tokens that share a byte with `span`; for an empty span none, at its place.
fn tokens_of(tokens: &[Token], span: Span) -> Range<usize> {
    let start = tokens.partition_point(|token| token.span.end <= span.start);
    let end = tokens.partition_point(|token| token.span.start < span.end);
    start..end.max(start)
}

/// Joins the kept tokens, with an ellipsis wherever something is left out.
fn assemble(tokens: &[Token], line: Span, labels: &[Span], shape: Shape) -> Excerpt {
    let ranges: Vec<Range<usize>> = labels.iter().map(|label| tokens_of(tokens, *label)).collect();
    let mut marks: Vec<Option<Range<usize>>> = vec![None; labels.len()];
    let mut text = String::new();
    let mut done = line.start;
    for (index, token) in tokens.iter().enumerate().filter(|(_, token)| token.keep) {
        if token.span.start > done {
            text.push_str(shape.ellipsis());
        }
        let start = text.len();
        text.push_str(&token.text);
        done = token.span.end;
        for (mark, range) in marks.iter_mut().zip(&ranges) {
            if range.contains(&index) {
                *mark = Some(mark.as_ref().map_or(start, |mark| mark.start)..text.len());
            } else if range.is_empty() && range.start == index {
                *mark = Some(start..start);
            }
        }
    }
    let end = text.len();
    if done < line.end {
        text.push_str(shape.ellipsis());
    }
    // An empty label at the end of its line, or one past it.
    let marks = marks.into_iter().map(|mark| mark.unwrap_or(end..end)).collect();
    Excerpt { text, marks }
}
