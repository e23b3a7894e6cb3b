//! Policies with another's verdict: what IAM Access Analyzer said of AWS-managed policies, escalation paths, AWS's own
//! guide policies. Not here: secrets, other linters (`policies/others.rs`).

mod others;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Instant,
};

use keylint_diagnostics::{Diagnostic, Document, Severity};
use keylint_engine::Engine;
use keylint_policy::{Detector, PolicyKind, catalogue::Catalogue};
use keylint_rules::Rule;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::scan;

use super::{percent, read};

/// A row of the policy files.
#[derive(Deserialize)]
struct Row {
    file: String,
    policy_type: String,
    /// The tool whose verdict it is.
    #[serde(default)]
    oracle: Option<String>,
    /// The day of the verdict.
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    expect: Vec<Expected>,
    text: String,
}

#[derive(Deserialize)]
struct Expected {
    code: Option<String>,
    #[serde(default, rename = "type")]
    severity: Option<String>,
    /// The line of the comment that says it, where a comment does, and whether it says bad or good.
    #[serde(default)]
    line_of_comment: Option<usize>,
    #[serde(default)]
    positive: Option<bool>,
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
    /// Missed or extra, and explained by the catalogue's day.
    dated: usize,
}

/// Prints the tables.
pub(crate) fn run(engine: &Engine, folder: &Path, show: bool) -> anyhow::Result<Value> {
    let judge = Judge { rules: engine.rules(), show };
    let today: Vec<Row> = read(folder, "access-analyzer")?;
    let current = judge.access_analyzer(engine, &today, &[], "Access Analyzer, 2026-03");
    let old = read(folder, "access-analyzer-history")?;
    let history = judge.access_analyzer(engine, &old, &today, "Access Analyzer, older catalogues");
    let escalation = judge.escalation(&read(folder, "privilege-escalation")?);
    let smoke = judge.smoke(&read(folder, "no-error-smoke")?);
    let mut rows: Vec<Row> = read(folder, "parliament")?;
    rows.extend(read::<Row>(folder, "cfn-nag-policies")?);
    rows.extend(read::<Row>(folder, "other")?);
    let others = judge.others(&rows);
    let infrastructure = judge.infrastructure(&read(folder, "infrastructure")?);
    Ok(json!({ "accessAnalyzer": current, "history": history, "escalation": escalation, "smoke": smoke,
        "others": others, "infrastructure": infrastructure }))
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

    /// Compares `rows`; where they are old, `today` is what Access Analyzer says now of policies that are alike.
    fn access_analyzer(&self, engine: &Engine, rows: &[Row], today: &[Row], title: &str) -> Value {
        let unsound = rows.iter().filter(|row| !is_sound(row)).count();
        let rows: Vec<&Row> = rows.iter().filter(|row| is_sound(row)).collect();
        let detector = self.detector(Some(PolicyKind::Identity));
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let day = Day { first: first_days(&rows), today };
        let start = Instant::now();
        let scans: Vec<_> =
            rows.iter().map(|row| detector.scan(&Document::new("policy.json", row.text.as_bytes()))).collect();
        let seconds = start.elapsed().as_secs_f64();
        for (&row, diagnostics) in rows.iter().zip(&scans) {
            self.compare(row, diagnostics, &day, &mut counts);
        }
        println!("{title}: {} policies, {seconds:.2} s (this build)", rows.len());
        if unsound > 0 {
            println!("left out, since their places are of another text: {unsound}");
        }
        println!("{:56} {:>8} {:>6} {:>9} {:>6} {:>7}", "code", "expected", "found", "misplaced", "extra", "by date");
        let mut total = Count::default();
        for (code, count) in &counts {
            let Count { expected, found, misplaced, extra, dated } = count;
            println!("{code:56} {expected:8} {found:6} {misplaced:9} {extra:6} {dated:7}");
            total.dated += count.dated;
            total.expected += count.expected;
            total.found += count.found;
            total.misplaced += count.misplaced;
            total.extra += count.extra;
        }
        let Count { expected, found, misplaced, extra, dated } = total;
        println!("{:56} {expected:8} {found:6} {misplaced:9} {extra:6} {dated:7}", "all");
        println!("neither found nor by date, misplaced or extra: {}", expected + extra - found - dated);
        let [flagged, above] = self.share(engine, &rows);
        json!({ "policies": rows.len(), "expected": total.expected, "found": total.found, "misplaced": total.misplaced,
            "extra": total.extra, "byDate": total.dated, "flagged": flagged, "aboveInformation": above })
    }

    /// How many policies have a finding of any family as `keylint check` shows it, and how many one above information.
    fn share(&self, engine: &Engine, rows: &[&Row]) -> [usize; 2] {
        let is_advice = |expected: &Expected| expected.severity.as_deref() == Some("SUGGESTION");
        let documents: Vec<_> = rows.iter().map(|row| Document::new("policy.json", row.text.as_bytes())).collect();
        // All, and those with more than advice, which is information here and a suggestion there.
        let (mut ours, mut theirs) = ([0, 0], [0, 0]);
        let mut beyond = BTreeMap::<String, usize>::new();
        for (row, findings) in rows.iter().zip(scan::all(engine, &documents)) {
            ours[0] += usize::from(!findings.is_empty());
            ours[1] += usize::from(findings.iter().any(|finding| finding.severity > Severity::Info));
            theirs[0] += usize::from(!row.expect.is_empty());
            theirs[1] += usize::from(!row.expect.iter().all(is_advice));
            if row.expect.is_empty() && !findings.is_empty() && self.show {
                let rules: BTreeSet<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
                println!("  flagged only here: {} {rules:?}", row.file);
            }
            for finding in findings.iter().filter(|finding| self.code(&finding.rule).is_none()) {
                *beyond.entry(finding.rule.clone()).or_default() += 1;
            }
        }
        let shares = [percent(ours[0], rows.len()), percent(ours[1], rows.len())];
        println!(
            "flagged by `keylint check`, policies and secrets: {} ({:.1} %), by Access Analyzer {}",
            ours[0], shares[0], theirs[0]
        );
        println!("of these above information: {} ({:.1} %), by Access Analyzer {}", ours[1], shares[1], theirs[1]);
        println!("rules without a code: {beyond:?}\n");
        ours
    }

    /// Pairs what was expected of one policy with what was found, the same places first.
    fn compare(&self, row: &Row, diagnostics: &[Diagnostic], day: &Day<'_>, counts: &mut BTreeMap<String, Count>) {
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
            let dated = day.explains_silence(row, &code, &places);
            let other = found.iter().position(|(found, at)| *found == code && !day.explains_word(row, found, at));
            if let Some(at) = other.filter(|_| !dated) {
                let (_, instead) = found.swap_remove(at);
                counts.entry(code.clone()).or_default().misplaced += 1;
                self.say("misplaced", row, &code, &places, Some(&instead));
            } else {
                self.differ_by(row, "missed", &code, &places, dated, counts);
            }
        }
        for (code, places) in found {
            counts.entry(code.clone()).or_default().extra += 1;
            let dated = day.explains_word(row, &code, &places);
            self.differ_by(row, "extra", &code, &places, dated, counts);
        }
    }

    /// Counts and says a difference that the catalogue's day explains, or does not.
    fn differ_by(
        &self,
        row: &Row,
        what: &str,
        code: &str,
        places: &[(usize, usize)],
        dated: bool,
        counts: &mut BTreeMap<String, Count>,
    ) {
        counts.entry(code.into()).or_default().dated += usize::from(dated);
        self.say(if dated { "by date" } else { what }, row, code, places, None);
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
        let mut others: BTreeMap<(Severity, String), BTreeSet<&str>> = BTreeMap::new();
        for row in rows {
            for diagnostic in self.scan(row) {
                let rule = diagnostic.rule.to_string();
                if diagnostic.severity >= Severity::High && self.code(&rule).is_some() {
                    errors.entry(rule).or_default().insert(&row.file);
                } else {
                    others.entry((diagnostic.severity, rule)).or_default().insert(&row.file);
                }
            }
        }
        let list = |files: &BTreeSet<&str>| {
            if self.show {
                files.iter().for_each(|file| println!("      {file}"));
            }
        };
        println!("AWS's guide policies: {} policies, errors by rule:", rows.len());
        for (rule, files) in &errors {
            println!("  {rule}: {}", files.len());
            list(files);
        }
        println!("and what is no error of Access Analyzer's, by severity:");
        for ((severity, rule), files) in others.iter().rev() {
            println!("  {} {rule}: {}", severity.as_str(), files.len());
            list(files);
        }
        println!();
        json!({ "policies": rows.len(), "rules": errors.len(), "otherRules": others.len() })
    }
}

/// What the day of a verdict explains.
struct Day<'r> {
    /// The first day on which each code was given, where the rows have days.
    first: BTreeMap<&'r str, &'r str>,
    /// What Access Analyzer says now.
    today: &'r [Row],
}

impl Day<'_> {
    /// Whether what was said then is not said today: the catalogue has come to know it, or Access Analyzer says nothing of
    /// the same text in a policy of today.
    fn explains_silence(&self, row: &Row, code: &str, places: &[(usize, usize)]) -> bool {
        let given = |row: &Row| row.expect.iter().any(|expected| expected.code.as_deref() == Some(code));
        let holds = |other: &Row| places.iter().all(|&(start, end)| other.text.contains(&row.text[start..end]));
        // Codes that one value decides, wherever it stands.
        let alone = code.starts_with("INVALID_") || code.starts_with("MISSING_ARN_");
        is_known_today(row, code, places) || alone && self.today.iter().any(|other| holds(other) && !given(other))
    }

    /// Whether what is said today was not said then: nobody was given the code before that day, so that the check is newer,
    /// or a name was known then.
    fn explains_word(&self, row: &Row, code: &str, places: &[(usize, usize)]) -> bool {
        let Some(day) = row.date.as_deref() else { return false };
        let newer = self.first.get(code).is_none_or(|first| day < *first);
        newer || texts(row, places).any(|text| Catalogue::get().retired(text).is_some())
    }
}

/// Whether the places of a row stand on whole values of its text, which is the one that was judged then.
fn is_sound(row: &Row) -> bool {
    let whole = |at: &Location| {
        let text = row.text.get(at.start..at.end).unwrap_or_default();
        text.starts_with(['"', '{', '['])
            && text.ends_with(['"', '}', ']'])
            && (at.start > 0 || at.end == row.text.len())
    };
    row.expect.iter().flat_map(|expected| &expected.locations).all(whole)
}

/// The first day on which each code was given.
fn first_days<'r>(rows: &[&'r Row]) -> BTreeMap<&'r str, &'r str> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for row in rows {
        let Some(day) = row.date.as_deref() else { continue };
        for code in row.expect.iter().filter_map(|expected| expected.code.as_deref()) {
            let known = first.entry(code).or_insert(day);
            *known = day.min(known);
        }
    }
    first
}

/// The texts at the places of a finding, without their quotes.
fn texts<'r>(row: &'r Row, places: &'r [(usize, usize)]) -> impl Iterator<Item = &'r str> {
    places.iter().filter_map(|&(start, end)| row.text.get(start..end)).map(|text| text.trim_matches('"'))
}

/// Whether what was said to be unknown is known today, or was known and has gone.
fn is_known_today(row: &Row, code: &str, places: &[(usize, usize)]) -> bool {
    let catalogue = Catalogue::get();
    let seen = |text: &str| catalogue.retired(text).is_some() || catalogue.undocumented(text).is_some();
    let service = |text: &str| catalogue.service(text).is_some() || seen(text);
    let known = |text: &str| {
        let prefix = text.split(':').next().unwrap_or_default();
        match code {
            "INVALID_ACTION" => catalogue.admits_action(text) || seen(text) || seen(prefix),
            "INVALID_SERVICE_IN_ACTION" => service(prefix) || seen(text),
            "INVALID_SERVICE" => {
                let named = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1)).unwrap_or(prefix);
                service(named) || catalogue.is_service_principal(text)
            }
            "INVALID_SERVICE_CONDITION_KEY" | "INVALID_GLOBAL_CONDITION_KEY" => {
                catalogue.key(text).is_some() || seen(text) || seen(prefix)
            }
            // Of the places the condition's key is one, and the actions that do not know it are the others.
            code if code.contains("UNSUPPORTED_TAG") => {
                let mut actions = catalogue.actions_matching(text).peekable();
                actions.peek().is_none() || actions.any(|action| action.has_key("aws:ResourceTag/name"))
            }
            _ => false,
        }
    };
    let mut texts = texts(row, places).peekable();
    texts.peek().is_some() && texts.all(known)
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
        "VPCE/RESOURCE_POLICY" => Some(PolicyKind::VpcEndpoint),
        _ => None,
    }
}
