//! One finding as a frame: title, arrow, source lines with their labels, notes.
//! Not here: which findings get one.

use std::{fmt::Write, ops::Range};

use annotate_snippets::{AnnotationKind, Group, Level, Message, Renderer, Snippet, renderer};
use keylint_diagnostics::{Applicability, Diagnostic, Label, Span};

use super::MAX_PLACES;
use crate::{
    Options, escape,
    excerpt::{Shape, excerpt},
    level,
    masked::{Masked, here, labels},
};

/// Labels of one finding that are drawn; the rest is counted.
const MAX_LABELS: usize = 8;
/// Lines between two labels that still go into one frame, folded: farther ones get a frame of their own.
const MAX_FOLD: u32 = 1000;
/// The renderer must not cut lines: that is done here, around the secret.
const NO_CUT: usize = 1 << 20;
/// No terminal is narrower than a secret and its name.
const MIN_WIDTH: usize = 40;

/// A finding as a frame, and what is needed to add a note to it.
pub(super) struct Frame {
    text: String,
    gutter: usize,
    noted: bool,
}

/// The frame of `diagnostic`. `first` says whether its rule speaks for the first time.
pub(super) fn draw(masked: &Masked<'_>, diagnostic: &Diagnostic, first: bool, options: &Options) -> Frame {
    let mut text = String::new();
    let out = &mut text;
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.hyperlink(options.hyperlinks).term_width(NO_CUT);
    let level = match level(diagnostic, &masked.view.gate) {
        "error" => Level::ERROR,
        "warning" => Level::WARNING,
        _ => Level::NOTE,
    };
    let id = diagnostic.rule.as_str();
    let mut title = level.clone().primary_title(escape::terminal(&diagnostic.message, options.ascii)).id(id);
    if options.hyperlinks && keylint_rules::about(id).is_some() {
        title = title.id_url(keylint_rules::page(id));
    }
    out.push_str(&renderer.render(&[Group::with_title(title)]));
    out.push('\n');

    let mut notes = notes(masked, diagnostic, first, options);
    let noted = !notes.is_empty();
    let parts = parts(masked, diagnostic);
    let gutter =
        parts.iter().flat_map(|part| part.iter().map(|(line, _)| line)).max().map_or(1, |line| line.to_string().len());
    let place = masked.position(&diagnostic.primary).map(|(start, _)| format!(":{}:{}", start.line, start.column));
    let commit = masked.view.commit.map(|commit| format!(" ({})", escape::terminal(&commit.remark(), options.ascii)));
    let place = place.unwrap_or_default() + &commit.unwrap_or_default();
    arrow(out, gutter, "-->", masked.view.path, &place, options);
    let last = parts.len().saturating_sub(1);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            let line = part.first().map_or(1, |(line, _)| *line);
            arrow(out, gutter, ":::", masked.view.path, &format!(":{line}"), options);
        }
        let width = options.width.saturating_sub(gutter + 3).max(MIN_WIDTH);
        let mut group = Group::with_level(level.clone()).element(snippet(masked, part, width, options));
        if index == last {
            group = group.elements(notes.drain(..).map(|(name, text)| note(name, text)));
        }
        // The renderer knows the numbers of one frame only.
        let own = part.last().map_or(1, |(line, _)| line.to_string().len());
        for line in renderer.render(&[group]).lines() {
            let _ = writeln!(out, "{:1$}{line}", "", gutter - own);
        }
    }
    let mut frame = Frame { text, gutter, noted };
    // Without source there is nothing that the notes could stand below.
    notes.into_iter().for_each(|(name, text)| frame.note(name, &text, options));
    frame
}

impl Frame {
    /// The finished frame. `others` are lines of the first other places of the same secret, and how many there are.
    pub(super) fn finish(mut self, others: (&[u32], usize), options: &Options) -> String {
        if others.1 > 0 {
            if !self.noted {
                let style = line_style(options);
                let _ = writeln!(self.text, "{:1$} {style}|{style:#}", "", self.gutter);
            }
            self.note("also", &more_places(others.0, others.1), options);
        }
        self.text
    }

    /// Adds a note as the renderer does.
    fn note(&mut self, name: &str, text: &str, options: &Options) {
        let (style, strong) = (
            line_style(options),
            if options.color { renderer::DEFAULT_EMPHASIS_STYLE } else { renderer::Style::new() },
        );
        let _ = writeln!(self.text, "{:1$} {style}= {style:#}{strong}{name}{strong:#}: {text}", "", self.gutter);
    }
}

fn line_style(options: &Options) -> renderer::Style {
    if options.color { renderer::DEFAULT_LINE_NUM_STYLE } else { renderer::Style::new() }
}

/// `  --> path:line:column`. The renderer would compute the column from the line as it is printed, which is cut.
fn arrow(out: &mut String, gutter: usize, arrow: &str, path: &str, place: &str, options: &Options) {
    let style = line_style(options);
    let path = escape::terminal(path, options.ascii);
    let _ = writeln!(out, "{:gutter$}{style}{arrow}{style:#} {path}{place}", "");
}

/// The labels of each line, and how each is drawn.
type Part<'d> = Vec<(u32, Vec<(&'d Label, bool)>)>;

/// The labels of a finding by line, in stretches of neighbouring lines, the primary one's first.
fn parts<'d>(masked: &Masked<'_>, diagnostic: &'d Diagnostic) -> Vec<Part<'d>> {
    let mut marked = Vec::new();
    for (index, label) in labels(diagnostic).enumerate().take(MAX_LABELS) {
        if let Some((start, _)) = masked.position(label).filter(|_| label.span.start < masked.limit) {
            marked.push((start.line, label, index == 0));
        }
    }
    keylint_diagnostics::sort_by_key(&mut marked, |(line, ..)| *line);
    let mut parts: Vec<Part<'d>> = Vec::new();
    for (line, label, primary) in marked {
        let last = parts.last_mut().and_then(|part| part.last_mut());
        match last {
            Some((last, labels)) if *last == line => labels.push((label, primary)),
            Some((last, _)) if line - *last <= MAX_FOLD => {
                parts.last_mut().into_iter().for_each(|part| part.push((line, vec![(label, primary)])));
            }
            _ => parts.push(vec![(line, vec![(label, primary)])]),
        }
    }
    keylint_diagnostics::sort_by_key(&mut parts, |part| {
        !part.iter().flat_map(|(_, labels)| labels).any(|(_, primary)| *primary)
    });
    parts
}

/// A stretch of lines, each made fit to print; lines between two labels are empty, since they are folded away.
fn snippet<'s>(
    masked: &Masked<'_>,
    part: &Part<'_>,
    width: usize,
    options: &Options,
) -> Snippet<'s, annotate_snippets::Annotation<'s>> {
    let shape = Shape { width, tab: "    ", ascii: options.ascii };
    let start = part.first().map_or(1, |(line, _)| *line);
    let mut source = String::new();
    let mut drawn: Vec<(Range<usize>, String, bool)> = Vec::new();
    let mut next = start;
    for &(line, ref labels) in part {
        if next > start {
            source.push('\n');
        }
        // The renderer folds two lines or more; a single one it shows.
        if line == next + 1 {
            source.push_str(&excerpt(masked, line_span(masked, next), &[], shape).text);
        }
        for _ in next..line {
            source.push('\n');
        }
        let spans: Vec<Span> = labels.iter().map(|(label, _)| label.span).collect();
        let excerpt = excerpt(masked, line_span(masked, line), &spans, shape);
        for ((label, primary), mark) in labels.iter().zip(excerpt.marks) {
            let mark = mark.start + source.len()..mark.end + source.len();
            drawn.push((mark, escape::terminal(&label.text, options.ascii), *primary));
        }
        source.push_str(&excerpt.text);
        next = line + 1;
    }
    Snippet::source(source).line_start(start as usize).annotations(drawn.into_iter().map(|(mark, text, primary)| {
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(mark).label((!text.is_empty()).then_some(text))
    }))
}

/// The stored bytes of a line.
fn line_span(masked: &Masked<'_>, line: u32) -> Span {
    let index = line.saturating_sub(masked.view.first.line) as usize;
    masked.lines.line_span(index).unwrap_or_default()
}

/// What is said below the source, as name and text.
fn notes(masked: &Masked<'_>, diagnostic: &Diagnostic, first: bool, options: &Options) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    if options.verbose || !masked.view.gate.fails(diagnostic) {
        notes.push(("severity", format!("{}, confidence {}", diagnostic.severity, diagnostic.confidence)));
    }
    if let Some(by) = &diagnostic.suppressed {
        let reason = by.reason.iter().cloned();
        let owner = by.owner.iter().map(|owner| format!("owner {owner}"));
        let until = by.until.iter().map(|until| format!("until {until}"));
        let said: Vec<String> = [by.kind.to_string()].into_iter().chain(reason).chain(owner).chain(until).collect();
        notes.push(("suppressed", said.join(", ")));
    }
    for label in diagnostic.related.iter().filter(|label| !here(masked.view, label)).take(MAX_LABELS) {
        notes.push(("related", format!("{} ({})", label.path.as_deref().unwrap_or_default(), label.text)));
    }
    let drawn = labels(diagnostic).count().min(MAX_LABELS);
    if diagnostic.related.len() + 1 > drawn {
        notes.push(("related", format!("+{} more", diagnostic.related.len() + 1 - drawn)));
    }
    if !diagnostic.evidence.is_empty() {
        let facts: Vec<_> = diagnostic.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
        notes.push(("evidence", facts.join(", ")));
    }
    // The first way is the best one; reports for programs name all.
    let shown = if options.verbose { usize::MAX } else { 1 };
    notes.extend(diagnostic.fixes.iter().take(shown).map(|fix| {
        let how = match fix.applicability {
            Applicability::Safe => " (--fix)",
            Applicability::Unsafe => " (--fix --unsafe)",
            Applicability::DisplayOnly => "",
        };
        ("fix", format!("{}{how}", fix.title))
    }));
    if let Some(about) = masked.view.about(diagnostic.rule.as_str()).filter(|_| first) {
        let response = &about.response;
        let said = [("contain", &response.contain), ("revoke", &response.revoke), ("audit", &response.audit)];
        let said = said.into_iter().filter(|(name, text)| !text.is_empty() && (*name == "revoke" || options.verbose));
        notes.extend(said.map(|(name, text)| (name, escape::one_line(text))));
    }
    for (_, text) in &mut notes {
        *text = escape::terminal(text, options.ascii);
    }
    notes
}

/// `+3 more places (lines 4, 9, 12)`.
fn more_places(lines: &[u32], places: usize) -> String {
    let named: Vec<String> = lines.iter().map(u32::to_string).collect();
    let rest = if places > MAX_PLACES { ", ..." } else { "" };
    let (noun, line) = (if places == 1 { "place" } else { "places" }, if lines.len() == 1 { "line" } else { "lines" });
    format!("+{places} more {noun} ({line} {}{rest})", named.join(", "))
}

fn note<'s>(name: &'static str, text: String) -> Message<'s> {
    Level::NOTE.with_name(name).message(text)
}
