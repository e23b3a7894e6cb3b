//! Lines of real files that people labelled true or false. A unit is a labelled line (or block of lines); it is flagged
//! when a finding touches it with its own span or with that of a part of it. Not here: findings on lines that nobody labelled are counted, but judged by nobody.

use std::{collections::BTreeMap, ops::RangeInclusive};

use keylint_diagnostics::{Confidence, Document, Span};
use keylint_engine::Engine;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{misses::Misses, percent};
use crate::scan::{self, Finding};

/// A row of `labelled-lines`: some lines of a file.
#[derive(Deserialize)]
pub(crate) struct Row {
    repo: String,
    path: String,
    text: String,
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    /// From 1, in the row's text.
    line: usize,
    line_end: usize,
    /// Columns of the value, from 0; -1 where they are not known.
    start: i64,
    end: i64,
    /// One or more, joined with `:`.
    category: String,
    /// `T` is true, `F` and `X` are false.
    label: String,
    core: bool,
}

/// A labelled line, with all its labels.
struct Unit<'a> {
    lines: RangeInclusive<usize>,
    labels: Vec<&'a Label>,
}

impl Unit<'_> {
    fn is_true(&self) -> bool {
        self.labels.iter().any(|label| label.label == "T")
    }

    fn is_core(&self) -> bool {
        self.labels.iter().any(|label| label.core)
    }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    found: usize,
    missed: usize,
    wrong: usize,
    negatives: usize,
}

impl Tally {
    fn add(&mut self, positive: bool, flagged: bool) {
        self.found += usize::from(positive && flagged);
        self.missed += usize::from(positive && !flagged);
        self.wrong += usize::from(!positive && flagged);
        self.negatives += usize::from(!positive);
    }

    /// Precision, recall and their harmonic mean.
    fn figures(&self) -> (f64, f64, f64) {
        let precision = percent(self.found, self.found + self.wrong) / 100.0;
        let recall = percent(self.found, self.found + self.missed) / 100.0;
        let sum = precision + recall;
        (precision, recall, if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 })
    }

    fn json(&self) -> Value {
        let (precision, recall, f1) = self.figures();
        json!({
            "true": self.found + self.missed, "false": self.negatives, "found": self.found, "wrong": self.wrong,
            "precision": precision, "recall": recall, "f1": f1,
        })
    }

    fn print(&self, name: &str) {
        let (precision, recall, f1) = self.figures();
        let positives = self.found + self.missed;
        println!(
            "{name:<28}{positives:>7}{:>7}{:>7}{:>7}{precision:>8.3}{recall:>8.3}{f1:>8.3}",
            self.negatives, self.found, self.wrong
        );
    }
}

/// Scans the rows and prints the table.
pub(crate) fn run(engine: &Engine, rows: &[Row], least: Confidence, misses: &mut Misses) -> anyhow::Result<Value> {
    let documents: Vec<Document<'_>> = rows.iter().map(|row| Document::new(&row.path, row.text.as_bytes())).collect();
    let all = scan::all(engine, &documents);
    let (mut core, mut rest) = (Tally::default(), Tally::default());
    let mut categories: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut repositories: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut unlabelled, mut exact, mut spans) = (0, 0, 0);
    for (row, findings) in rows.iter().zip(&all) {
        let lines = Lines::new(&row.text);
        let (sure, below): (Vec<_>, Vec<_>) = findings
            .iter()
            .map(|finding| (finding, finding.spans().map(|span| lines.of(span)).collect::<Vec<_>>()))
            .partition(|(finding, _)| finding.confidence >= least);
        let units = units(&row.labels);
        let touches = |at: &[RangeInclusive<usize>], unit: &Unit<'_>| at.iter().any(|at| meet(&unit.lines, at));
        unlabelled += sure.iter().filter(|(_, at)| !units.iter().any(|unit| touches(at, unit))).count();
        for unit in &units {
            let by: Vec<&Finding> =
                sure.iter().filter(|(_, at)| touches(at, unit)).map(|(finding, _)| *finding).collect();
            let (positive, flagged) = (unit.is_true(), !by.is_empty());
            if !unit.is_core() {
                rest.add(positive, flagged);
                continue;
            }
            core.add(positive, flagged);
            repositories.entry(&row.repo).or_default().add(positive, flagged);
            let mut names: Vec<&str> = unit.labels.iter().flat_map(|label| label.category.split(':')).collect();
            names.sort_unstable();
            names.dedup();
            names.iter().for_each(|name| categories.entry(name).or_default().add(positive, flagged));
            if positive && flagged {
                for label in
                    unit.labels.iter().filter(|l| l.label == "T" && l.start >= 0 && l.end >= 0 && l.line == l.line_end)
                {
                    spans += 1;
                    exact +=
                        usize::from(by.iter().flat_map(|finding| finding.spans()).any(|span| lines.fits(span, label)));
                }
            }
            if positive != flagged {
                misses.add(|| {
                    let by: Vec<_> = by.iter().map(|f| json!({ "rule": f.rule, "confidence": f.confidence.as_str() })).collect();
                    let below: Vec<_> = below.iter().filter(|(_, at)| touches(at, unit)).map(|(f, _)| &f.rule).collect();
                    let what = if positive { "missed" } else { "flagged" };
                    json!({
                        "set": "lines", "what": what, "category": names, "repo": row.repo, "path": row.path, "by": by, "below": below,
                        "line": lines.text(&unit.lines), "start": unit.labels[0].start, "end": unit.labels[0].end, "text": row.text,
                    })
                })?;
            }
        }
    }
    println!("labelled lines of core categories, findings of {least} confidence and up");
    println!(
        "{:<28}{:>7}{:>7}{:>7}{:>7}{:>8}{:>8}{:>8}",
        "", "true", "false", "found", "wrong", "prec.", "recall", "F1"
    );
    core.print("all");
    let mut sorted: Vec<_> = categories.iter().collect();
    sorted.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.found + tally.missed));
    sorted.iter().for_each(|(name, tally)| tally.print(&format!("  {name}")));
    rest.print("not core");
    println!("a line of two categories counts in both; {unlabelled} findings stand on lines without a label");
    println!("the value's span is met within 2 characters on {exact} of {spans} ({:.1} %)", percent(exact, spans));
    // A few repositories have most lines; the mean over repositories shows what another one may expect.
    let told: Vec<f64> =
        repositories.values().filter(|tally| tally.found + tally.missed > 0).map(|tally| tally.figures().2).collect();
    let mean = told.iter().sum::<f64>() / told.len().max(1) as f64;
    println!("mean F1 of {} repositories that hold true lines: {mean:.3}\n", told.len());
    let each = |tallies: &BTreeMap<&str, Tally>| {
        tallies.iter().map(|(name, tally)| (name.to_string(), tally.json())).collect::<serde_json::Map<_, _>>()
    };
    Ok(json!({
        "core": core.json(), "notCore": rest.json(), "categories": each(&categories), "repositories": each(&repositories),
        "unlabelled": unlabelled, "spans": spans, "spansMet": exact, "meanF1": mean,
    }))
}

/// Labels by the lines that they speak of.
fn units(labels: &[Label]) -> Vec<Unit<'_>> {
    let mut out: Vec<Unit<'_>> = Vec::new();
    for label in labels {
        let lines = label.line..=label.line_end.max(label.line);
        match out.iter_mut().find(|unit| unit.lines == lines) {
            Some(unit) => unit.labels.push(label),
            None => out.push(Unit { lines, labels: vec![label] }),
        }
    }
    out
}

fn meet(a: &RangeInclusive<usize>, b: &RangeInclusive<usize>) -> bool {
    a.start() <= b.end() && b.start() <= a.end()
}

/// The lines of a row's text.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Lines<'a> {
        Lines { text, starts: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect() }
    }

    /// The line of a byte, from 1.
    fn at(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| start <= byte)
    }

    fn of(&self, span: Span) -> RangeInclusive<usize> {
        let span = span.range();
        self.at(span.start)..=self.at(span.end.saturating_sub(1).max(span.start))
    }

    fn text(&self, lines: &RangeInclusive<usize>) -> &'a str {
        let start = self.starts.get(lines.start() - 1).copied().unwrap_or(self.text.len());
        let end = self.starts.get(*lines.end()).copied().unwrap_or(self.text.len());
        &self.text[start..end]
    }

    /// Whether the span begins and ends within two characters of the label's columns.
    fn fits(&self, span: Span, label: &Label) -> bool {
        let span = span.range();
        let Some(start) = self.starts.get(label.line - 1).copied().filter(|&start| start <= span.start) else {
            return false;
        };
        let column = |byte: usize| self.text.get(start..byte).map(|before| before.chars().count() as i64);
        let near = |found: Option<i64>, want: i64| found.is_some_and(|found| (found - want).abs() <= 2);
        near(column(span.start), label.start) && near(column(span.end), label.end)
    }
}
