//! `cargo xtask accuracy mutations`: the rules' own examples, each spoilt in one way that makes it no token of its provider
//! any more. Needs no data of others. Not a test: a spoilt token may be one of another kind, or a secret all the same.

use std::collections::BTreeMap;

use keylint_diagnostics::Document;
use keylint_engine::Engine;
use serde_json::json;

use super::misses::Misses;
use crate::{
    plant::{self, Plant},
    scan::{self, Finding},
};

/// The shortest token that is spoilt: passwords have no shape.
const SHORTEST: usize = 12;

/// Writes the text of an example with its token spoilt.
type Spoil = fn(&Plant) -> String;

/// What spoils a token, and the text then.
const WAYS: &[(&str, Spoil)] = &[
    ("whole", |plant| plant.text.clone()),
    ("one character short", |plant| with(plant, &plant.secret()[..plant.span.len() - 1])),
    ("half of it", |plant| with(plant, &plant.secret()[..plant.span.len() / 2])),
    ("one character more", |plant| with(plant, &format!("{}7", plant.secret()))),
    ("a question mark in it", |plant| with(plant, &marked(plant.secret()))),
    ("beside its name, so marked", |plant| format!("{} token = '{}'", plant.name, marked(plant.secret()))),
    ("far from its name", |plant| {
        format!("{} is spoken of in this line, but not of its data\n = '{}'", plant.name, plant.secret())
    }),
];

#[derive(Default)]
struct Tally {
    texts: usize,
    flagged: usize,
    own: usize,
    generic: usize,
    gated: usize,
}

impl Tally {
    fn add(&mut self, rule: &str, findings: &[Finding]) {
        self.texts += 1;
        self.flagged += usize::from(!findings.is_empty());
        self.own += usize::from(findings.iter().any(|finding| finding.rule == rule));
        let generic = findings.iter().all(|finding| finding.rule.starts_with("generic-"));
        self.generic += usize::from(generic && !findings.is_empty());
        self.gated += usize::from(findings.iter().any(Finding::at_gate));
    }
}

/// Scans them and prints a table with a line for each way.
pub(crate) fn run(engine: &Engine, misses: &mut Misses) -> anyhow::Result<()> {
    let mut plants = plant::all(7)?;
    plants.retain(|plant| plant.span.len() >= SHORTEST && plant.secret().is_ascii());
    plants.dedup_by(|a, b| a.rule == b.rule);
    println!("examples of {} rules, spoilt", plants.len());
    println!("{:<28}{:>7}{:>9}{:>10}{:>9}{:>9}", "", "texts", "flagged", "own rule", "generic", "at gate");
    for (way, spoil) in WAYS {
        let texts: Vec<String> = plants.iter().map(spoil).collect();
        let documents: Vec<Document<'_>> =
            plants.iter().zip(&texts).map(|(plant, text)| Document::new(&plant.path, text.as_bytes())).collect();
        let mut tally = Tally::default();
        for ((plant, text), findings) in plants.iter().zip(&texts).zip(&scan::all(engine, &documents)) {
            tally.add(&plant.rule, findings);
            if findings.is_empty() == (*way == "whole") {
                let by: BTreeMap<_, _> = findings.iter().map(|f| (&f.rule, f.confidence.as_str())).collect();
                misses
                    .add(|| json!({ "set": "mutations", "what": way, "rule": plant.rule, "by": by, "text": text }))?;
            }
        }
        let Tally { texts, flagged, own, generic, gated } = tally;
        println!("{way:<28}{texts:>7}{flagged:>9}{own:>10}{generic:>9}{gated:>9}");
    }
    Ok(())
}

/// The example with `token` for its secret.
fn with(plant: &Plant, token: &str) -> String {
    format!("{}{token}{}", &plant.text[..plant.span.start], &plant.text[plant.span.end..])
}

/// The token with a question mark for the character in its middle.
fn marked(token: &str) -> String {
    let middle = token.len() / 2;
    format!("{}?{}", &token[..middle], &token[middle + 1..])
}
