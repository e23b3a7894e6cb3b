//! Policies with another's verdict: what IAM Access Analyzer said of AWS-managed policies, escalation paths, AWS's own
//! guide policies. Not here: secrets.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Instant,
};

use keylint_diagnostics::{Diagnostic, Document, Severity};
use keylint_policy::{Detector, PolicyKind};
use keylint_rules::Rule;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{percent, read};

/// A row of the policy files.
#[derive(Deserialize)]
struct Row {
    file: String,
    policy_type: String,
    #[serde(default)]
    expect: Vec<Expected>,
    text: String,
}

#[derive(Deserialize)]
struct Expected {
    code: Option<String>,
    #[serde(default)]
    locations: Vec<Location>,
}

#[derive(Deserialize)]
struct Location {
    start: usize,
    end: usize,
}

/// A code with the places of one finding of it, in the order of the text.
type Verdict = (String, Vec<(usize, usize)>);

/// What one code gave.
#[derive(Default)]
struct Count {
    expected: usize,
    found: usize,
    misplaced: usize,
    extra: usize,
}

/// Prints the tables.
pub(crate) fn run(rules: &[Rule], folder: &Path, show: bool) -> anyhow::Result<Value> {
    let judge = Judge { rules, show };
    let current = judge.access_analyzer(&read(folder, "access-analyzer")?, "Access Analyzer, 2026-03");
    let history = judge.access_analyzer(&read(folder, "access-analyzer-history")?, "Access Analyzer, older catalogues");
    let escalation = judge.escalation(&read(folder, "privilege-escalation")?);
    let smoke = judge.smoke(&read(folder, "no-error-smoke")?);
    Ok(json!({ "accessAnalyzer": current, "history": history, "escalation": escalation, "smoke": smoke }))
}

struct Judge<'r> {
    rules: &'r [Rule],
    /// Whether each difference is printed.
    show: bool,
}

impl Judge<'_> {
    fn detector(&self, kind: Option<PolicyKind>) -> Detector {
        Detector::new(self.rules, b"accuracy", kind)
    }

    fn scan(&self, row: &Row) -> Vec<Diagnostic> {
        self.detector(kind(&row.policy_type)).scan(&Document::new(path(row), row.text.as_bytes()))
    }

    /// The code of Access Analyzer for a rule of ours.
    fn code(&self, rule: &str) -> Option<&str> {
        let rule = self.rules.iter().find(|known| known.id == rule)?;
        rule.policy.as_ref()?.access_analyzer.as_deref()
    }

    fn access_analyzer(&self, rows: &[Row], title: &str) -> Value {
        let detector = self.detector(Some(PolicyKind::Identity));
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let (mut flagged, mut theirs, mut beyond) = (0, 0, BTreeMap::<String, usize>::new());
        let start = Instant::now();
        let scans: Vec<_> =
            rows.iter().map(|row| detector.scan(&Document::new("policy.json", row.text.as_bytes()))).collect();
        let seconds = start.elapsed().as_secs_f64();
        for (row, diagnostics) in rows.iter().zip(&scans) {
            flagged += usize::from(!diagnostics.is_empty());
            theirs += usize::from(!row.expect.is_empty());
            for diagnostic in diagnostics.iter().filter(|d| self.code(d.rule.as_str()).is_none()) {
                *beyond.entry(diagnostic.rule.to_string()).or_default() += 1;
            }
            self.compare(row, diagnostics, &mut counts);
        }
        println!("{title}: {} policies, {seconds:.2} s (this build)", rows.len());
        println!("{:56} {:>8} {:>6} {:>9} {:>6}", "code", "expected", "found", "misplaced", "extra");
        let mut total = Count::default();
        for (code, count) in &counts {
            println!("{code:56} {:8} {:6} {:9} {:6}", count.expected, count.found, count.misplaced, count.extra);
            total.expected += count.expected;
            total.found += count.found;
            total.misplaced += count.misplaced;
            total.extra += count.extra;
        }
        println!("{:56} {:8} {:6} {:9} {:6}", "all", total.expected, total.found, total.misplaced, total.extra);
        let share = percent(flagged, rows.len());
        println!("flagged: {flagged} ({share:.1} %), by Access Analyzer {theirs}; rules without a code: {beyond:?}\n");
        json!({ "policies": rows.len(), "expected": total.expected, "found": total.found,
            "misplaced": total.misplaced, "extra": total.extra, "flagged": flagged })
    }

    /// Pairs what was expected of one policy with what was found, the same places first.
    fn compare(&self, row: &Row, diagnostics: &[Diagnostic], counts: &mut BTreeMap<String, Count>) {
        let mut found: Vec<Verdict> = diagnostics
            .iter()
            .filter_map(|diagnostic| {
                let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
                let mut places: Vec<_> = labels.map(|l| (l.span.start as usize, l.span.end as usize)).collect();
                places.sort_unstable();
                Some((self.code(diagnostic.rule.as_str())?.to_string(), places))
            })
            .collect();
        let mut left: Vec<Verdict> = Vec::new();
        for expected in &row.expect {
            let Some(code) = expected.code.clone() else { continue };
            let mut places: Vec<_> = expected.locations.iter().map(|at| (at.start, at.end)).collect();
            places.sort_unstable();
            let count = counts.entry(code.clone()).or_default();
            count.expected += 1;
            let verdict = (code, places);
            match found.iter().position(|found| *found == verdict) {
                Some(at) => {
                    found.swap_remove(at);
                    count.found += 1;
                }
                None => left.push(verdict),
            }
        }
        for (code, places) in left {
            if let Some(at) = found.iter().position(|(found, _)| *found == code) {
                let (_, instead) = found.swap_remove(at);
                counts.entry(code.clone()).or_default().misplaced += 1;
                self.say("misplaced", row, &code, &places, Some(&instead));
            } else {
                self.say("missed", row, &code, &places, None);
            }
        }
        for (code, places) in found {
            self.say("extra", row, &code, &places, None);
            counts.entry(code).or_default().extra += 1;
        }
    }

    fn say(&self, what: &str, row: &Row, code: &str, places: &[(usize, usize)], instead: Option<&Vec<(usize, usize)>>) {
        if !self.show {
            return;
        }
        let texts = |places: &[(usize, usize)]| {
            let cut = |&(start, end): &(usize, usize)| {
                let text = row.text.get(start..end).unwrap_or_default();
                text.chars().take(70).collect::<String>()
            };
            places.iter().take(6).map(cut).collect::<Vec<_>>().join(" | ")
        };
        let instead = instead.map(|places| format!(", but at {}", texts(places))).unwrap_or_default();
        println!("  {what} {code} in {}: {}{instead}", row.file, texts(places));
    }

    fn escalation(&self, rows: &[Row]) -> Value {
        let (mut found, mut want, mut wrong) = (0, 0, Vec::new());
        for row in rows {
            let escalates = |d: &Diagnostic| d.rule.as_str().contains("escalat") || d.rule.as_str().contains("admin");
            let flagged = self.scan(row).iter().any(escalates);
            want += usize::from(!row.expect.is_empty());
            found += usize::from(flagged && !row.expect.is_empty());
            if flagged == row.expect.is_empty() {
                wrong.push(row.file.as_str());
            }
        }
        println!("privilege escalation: {found} of {want} found; wrong: {wrong:?}\n");
        json!({ "want": want, "found": found, "wrong": wrong.len() })
    }

    fn smoke(&self, rows: &[Row]) -> Value {
        let mut errors: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for row in rows {
            for diagnostic in self.scan(row) {
                if diagnostic.severity >= Severity::High && self.code(diagnostic.rule.as_str()).is_some() {
                    errors.entry(diagnostic.rule.to_string()).or_default().insert(&row.file);
                }
            }
        }
        println!("AWS's guide policies: {} policies, errors by rule:", rows.len());
        for (rule, files) in &errors {
            println!("  {rule}: {}", files.len());
            if self.show {
                files.iter().for_each(|file| println!("      {file}"));
            }
        }
        println!();
        json!({ "policies": rows.len(), "rules": errors.len() })
    }
}

/// The document's path, by what the row says that it is.
fn path(row: &Row) -> &str {
    row.file.rsplit('/').next().unwrap_or("policy.json")
}

/// The kind of a row's policies.
fn kind(policy_type: &str) -> Option<PolicyKind> {
    match policy_type {
        "IDENTITY_POLICY" => Some(PolicyKind::Identity),
        "SERVICE_CONTROL_POLICY" => Some(PolicyKind::Scp),
        "RESOURCE_CONTROL_POLICY" => Some(PolicyKind::Rcp),
        "TRUST_POLICY" => Some(PolicyKind::Trust),
        "KMS_KEY_POLICY" => Some(PolicyKind::KmsKey),
        "RESOURCE_POLICY" => Some(PolicyKind::Resource),
        _ => None,
    }
}
