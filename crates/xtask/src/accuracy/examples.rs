//! Texts that rivals' rules must or must not flag. Each rule of a peer has one vote, however many texts it has, so that
//! a rule with a hundred generated samples does not speak for all. Not here: where in the text the secret stands, which
//! the rows do not say.

use std::collections::BTreeMap;

use keylint_diagnostics::{Confidence, Document, Severity};
use keylint_engine::Engine;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{misses::Misses, percent, provider::Provider};
use crate::scan::{self, Finding};

/// A name that says nothing about the text.
const NEUTRAL: &str = "document.txt";

/// A row of `secret-examples`.
#[derive(Deserialize)]
pub(crate) struct Row {
    peer: String,
    rule: String,
    kind: Kind,
    text: String,
    path: Option<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Positive,
    Negative,
}

/// What the texts of one rule of a peer gave.
#[derive(Default)]
struct Vote {
    /// Whether a rule of ours is of the same provider.
    covered: bool,
    positives: usize,
    found: usize,
    /// Found with medium confidence or more.
    sure: usize,
    /// Found by a rule of the same provider.
    own: usize,
    /// Found by a generic rule only.
    generic: usize,
    negatives: usize,
    flagged: usize,
    /// Flagged as more than information: what is public by design is told, not accused.
    accused: usize,
    flagged_sure: usize,
    /// Flagged so that a run fails under the default gate.
    gated: usize,
}

/// Scans the rows and prints a table with a line for each peer.
pub(crate) fn run(engine: &Engine, rows: &[Row], misses: &mut Misses) -> anyhow::Result<Value> {
    let documents: Vec<Document<'_>> =
        rows.iter().map(|row| Document::new(row.path.as_deref().unwrap_or(NEUTRAL), row.text.as_bytes())).collect();
    let found = scan::all(engine, &documents);
    let mut votes: BTreeMap<(&str, &str), Vote> = BTreeMap::new();
    for (row, findings) in rows.iter().zip(&found) {
        let provider = Provider::of_peer(&row.rule);
        let vote = votes.entry((&row.peer, &row.rule)).or_insert_with(|| Vote {
            covered: engine.rules().iter().any(|rule| provider.has(&rule.id)),
            ..Vote::default()
        });
        vote.count(row.kind, findings, &provider);
        let missed = row.kind == Kind::Positive && findings.is_empty();
        let flagged = row.kind == Kind::Negative && !findings.is_empty();
        let foreign =
            row.kind == Kind::Positive && !missed && !findings.iter().any(|finding| provider.has(&finding.rule));
        if missed || flagged || foreign {
            let what = if missed {
                "missed"
            } else if flagged {
                "flagged"
            } else {
                "not by its own rule"
            };
            misses.add(|| {
                let by: Vec<_> = findings.iter().map(|finding| json!({ "rule": finding.rule, "confidence": finding.confidence.as_str() })).collect();
                json!({ "set": "examples", "what": what, "peer": row.peer, "rule": row.rule, "by": by, "path": row.path, "text": row.text })
            })?;
        }
    }
    println!("examples, one vote for each rule of a peer, in per cent");
    println!("{:<26}{:^42}{:^43}", "", "positives", "negatives flagged");
    println!(
        "{:<26}{:>6}{:>8}{:>9}{:>10}{:>9}{:>7}{:>9}{:>9}{:>9}{:>9}",
        "", "rules", "found", "medium+", "own rule", "generic", "rules", "shown", "no info", "medium+", "at gate"
    );
    let mut peers: Vec<&str> = votes.keys().map(|(peer, _)| *peer).collect();
    peers.dedup();
    let mut out = BTreeMap::new();
    out.insert("all", line("all", &votes.values().collect::<Vec<_>>()));
    for peer in peers {
        let all: Vec<&Vote> = votes.iter().filter(|((p, _), _)| *p == peer).map(|(_, vote)| vote).collect();
        let covered: Vec<&Vote> = all.iter().copied().filter(|vote| vote.covered).collect();
        out.insert(peer, json!({ "all": line(peer, &all), "covered": line("  providers with a rule", &covered) }));
    }
    let (own, hits) = votes.values().fold((0, 0), |(own, hits), vote| (own + vote.own, hits + vote.found));
    println!("counted by text: {own} of {hits} hits by the provider's own rule ({:.1} %)", percent(own, hits));
    println!("rows have no spans, so how exact ours are is not measured here (rule examples hold them to the byte)\n");
    Ok(json!(out))
}

impl Vote {
    fn count(&mut self, kind: Kind, findings: &[Finding], provider: &Provider) {
        let any = usize::from(!findings.is_empty());
        let sure = usize::from(findings.iter().any(|finding| finding.confidence >= Confidence::Medium));
        match kind {
            Kind::Positive => {
                self.positives += 1;
                self.found += any;
                self.sure += sure;
                self.own += usize::from(findings.iter().any(|finding| provider.has(&finding.rule)));
                self.generic +=
                    usize::from(any == 1 && findings.iter().all(|finding| finding.rule.starts_with("generic-")));
            }
            Kind::Negative => {
                self.negatives += 1;
                self.flagged += any;
                self.accused += usize::from(findings.iter().any(|finding| finding.severity > Severity::Info));
                self.flagged_sure += sure;
                self.gated += usize::from(findings.iter().any(Finding::at_gate));
            }
        }
    }
}

/// Prints a line of the table and gives its figures.
fn line(name: &str, votes: &[&Vote]) -> Value {
    let mean = |part: fn(&Vote) -> usize, whole: fn(&Vote) -> usize| {
        let shares: Vec<f64> =
            votes.iter().filter(|vote| whole(vote) > 0).map(|vote| percent(part(vote), whole(vote))).collect();
        (shares.len(), shares.iter().sum::<f64>() / shares.len().max(1) as f64)
    };
    let (rules, found) = mean(|v| v.found, |v| v.positives);
    let (_, sure) = mean(|v| v.sure, |v| v.positives);
    let (_, own) = mean(|v| v.own, |v| v.found);
    let (_, generic) = mean(|v| v.generic, |v| v.found);
    let (negative_rules, flagged) = mean(|v| v.flagged, |v| v.negatives);
    let (_, accused) = mean(|v| v.accused, |v| v.negatives);
    let (_, flagged_sure) = mean(|v| v.flagged_sure, |v| v.negatives);
    let (_, gated) = mean(|v| v.gated, |v| v.negatives);
    println!(
        "{name:<26}{rules:>6}{found:>8.1}{sure:>9.1}{own:>10.1}{generic:>9.1}\
         {negative_rules:>7}{flagged:>9.2}{accused:>9.2}{flagged_sure:>9.2}{gated:>9.2}"
    );
    json!({
        "rules": rules, "found": found, "foundMedium": sure, "ownOfFound": own, "genericOfFound": generic,
        "negativeRules": negative_rules, "flagged": flagged, "flaggedNoInfo": accused, "flaggedMedium": flagged_sure,
        "flaggedAtGate": gated,
    })
}
