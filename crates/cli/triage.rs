//! The command `triage`: one line for each secret, what is proved and worst first.
//! Not here: the findings one by one (`check`), or what to do about one (`respond.rs`).

use std::{cmp::Reverse, collections::BTreeMap, fmt::Write, path::Path, process::ExitCode};

use anyhow::Context;
use keylint_diagnostics::{Confidence, Severity};
use keylint_report::printable;
use serde_json::json;

use crate::{
    args::{CheckArgs, GlobalArgs, ListFormat, TriageArgs},
    owners::Owners,
    place::{Here, repository, slashed},
    reports::{self, Entry, Report},
    shell,
    terminal::counted,
};

/// Places that a line names; the rest is counted.
const MAX_PLACES: usize = 3;
/// Digits of a fingerprint that a line shows: enough for `keylint respond`.
const DIGITS: usize = 8;

/// A secret and everywhere it stands.
#[derive(Debug)]
struct Secret {
    entries: Vec<Entry>,
    owners: Vec<String>,
}

impl Secret {
    fn confidence(&self) -> Confidence {
        self.entries.iter().map(|entry| entry.confidence).max().unwrap_or_default()
    }

    fn severity(&self) -> Severity {
        self.entries.iter().map(|entry| entry.severity).max().unwrap_or_default()
    }

    fn in_head(&self) -> bool {
        self.entries.iter().any(|entry| entry.in_head)
    }

    fn first(&self) -> &Entry {
        // A secret is made of at least one finding.
        &self.entries[0]
    }
}

/// Runs `triage`.
pub(crate) fn run(args: &TriageArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let reports = read(args, global)?;
    let mut entries = Vec::new();
    for (index, report) in reports.iter().enumerate() {
        entries.extend(report.entries(index).with_context(|| format!("cannot read the report `{}`", report.name))?);
    }
    entries.retain(|entry| args.all || !entry.suppressed);
    let owners = Owned::new(&reports)?;
    let secrets = ranked(entries, &owners);
    let out = match args.format {
        ListFormat::Text => text(&secrets, &reports),
        ListFormat::Json => json(&secrets, &reports)?,
    };
    shell::print(out.as_bytes())
}

/// The reports that are named, or one of a scan of the paths that are.
fn read(args: &TriageArgs, global: &GlobalArgs) -> anyhow::Result<Vec<Report>> {
    let (named, paths): (Vec<_>, Vec<_>) = args.inputs.iter().cloned().partition(|path| is_report(path));
    let mut reports: Vec<Report> = named.iter().map(|path| Report::read(path)).collect::<Result<_, _>>()?;
    if !paths.is_empty() || reports.is_empty() {
        let check = CheckArgs { paths, rules: args.rules.clone(), ..CheckArgs::default() };
        reports.push(Report::scan(&check, global)?);
    }
    Ok(reports)
}

/// Whether a file is a report rather than something to scan; also one that is cut off or of another version, since a scan
/// of it would find nothing and say so.
fn is_report(path: &Path) -> bool {
    let json = path.extension().is_some_and(|extension| extension == "json" || extension == "jsonl");
    json && path.is_file() && (Report::read(path).is_ok() || reports::begins(path))
}

/// The owners of this repository, for reports that are about it.
struct Owned {
    owners: Owners,
    /// What stands before the paths of a report in those of the repository.
    prefix: String,
}

impl Owned {
    fn new(reports: &[Report]) -> anyhow::Result<Owned> {
        let here = Here::new()?;
        let root = repository(here.path()).unwrap_or(here.path());
        // Reports of several repositories name paths that are not here.
        let owners = if reports.len() == 1 { Owners::of(root) } else { Owners::default() };
        let mut prefix = slashed(here.path().strip_prefix(root).unwrap_or(Path::new("")));
        if !prefix.is_empty() {
            prefix.push('/');
        }
        Ok(Owned { owners, prefix })
    }

    fn of(&self, entry: &Entry) -> &[String] {
        self.owners.owners(&format!("{}{}", self.prefix, entry.path))
    }
}

/// By proof, severity, whether it still stands in HEAD, number of places.
fn ranked(entries: Vec<Entry>, owned: &Owned) -> Vec<Secret> {
    let mut groups: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(entry.fingerprint.clone()).or_default().push(entry);
    }
    let mut secrets: Vec<Secret> = groups
        .into_values()
        .map(|mut entries| {
            entries
                .sort_by(|a, b| (a.report, &a.path, a.start, &a.commit).cmp(&(b.report, &b.path, b.start, &b.commit)));
            // What is there counts before what was.
            entries.sort_by_key(|entry| Reverse(entry.in_head));
            let mut owners: Vec<String> = entries.iter().flat_map(|entry| owned.of(entry)).cloned().collect();
            owners.sort();
            owners.dedup();
            Secret { entries, owners }
        })
        .collect();
    let key =
        |secret: &Secret| Reverse((secret.confidence(), secret.severity(), secret.in_head(), secret.entries.len()));
    secrets.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.first().place().cmp(&b.first().place())));
    secrets
}

fn text(secrets: &[Secret], reports: &[Report]) -> String {
    let mut out = String::new();
    let width = |of: &dyn Fn(&Secret) -> usize| secrets.iter().map(of).max().unwrap_or(0);
    let rule = width(&|secret| secret.first().rule.len());
    let count = width(&|secret| secret.entries.len().to_string().len());
    let owners = width(&|secret| owner(secret).len());
    for secret in secrets {
        let first = secret.first();
        let places: Vec<String> = secret.entries.iter().take(MAX_PLACES).map(|entry| place(entry, reports)).collect();
        let more = secret.entries.len() - places.len();
        let more = if more > 0 { format!(", +{more} more") } else { String::new() };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:8} {:8} {:rule$} {:DIGITS$} {:7} {:count$} {:6} {:owners$} {}{more}",
            secret.confidence().as_str(),
            secret.severity().as_str(),
            printable(&first.rule),
            first.fingerprint.get(..DIGITS).unwrap_or(&first.fingerprint),
            if secret.in_head() { "in HEAD" } else { "history" },
            secret.entries.len(),
            if secret.entries.len() == 1 { "place" } else { "places" },
            owner(secret),
            places.join(", "),
        );
    }
    if secrets.is_empty() {
        out.push_str("no findings\n");
    } else {
        let places: usize = secrets.iter().map(|secret| secret.entries.len()).sum();
        let _ = writeln!(
            out,
            "\n{} in {}; `keylint respond FINGERPRINT` says what to do about one",
            counted(secrets.len(), "secret"),
            counted(places, "place")
        );
    }
    out
}

fn owner(secret: &Secret) -> String {
    if secret.owners.is_empty() { "-".into() } else { printable(&secret.owners.join(",")) }
}

fn place(entry: &Entry, reports: &[Report]) -> String {
    let name = reports.get(entry.report).map(|report| report.name.as_str()).filter(|_| reports.len() > 1);
    printable(&name.map_or(entry.place(), |name| format!("{name}: {}", entry.place())))
}

fn json(secrets: &[Secret], reports: &[Report]) -> anyhow::Result<String> {
    let place = |entry: &Entry| {
        json!({
            "report": reports.get(entry.report).map(|report| &report.name).filter(|name| !name.is_empty()),
            "path": entry.path,
            "start": entry.start.map(|(line, column)| json!({"line": line, "column": column})),
            "commit": entry.commit,
            "inHead": entry.in_head,
            "suppressed": entry.suppressed,
        })
    };
    let secret = |(index, secret): (usize, &Secret)| {
        json!({
            "rank": index + 1,
            "fingerprint": secret.first().fingerprint,
            "rule": secret.first().rule,
            "message": secret.first().message,
            "confidence": secret.confidence(),
            "severity": secret.severity(),
            "inHead": secret.in_head(),
            "owners": secret.owners,
            "evidence": secret.first().evidence,
            "places": secret.entries.iter().map(place).collect::<Vec<_>>(),
        })
    };
    let secrets: Vec<_> = secrets.iter().enumerate().map(secret).collect();
    Ok(serde_json::to_string_pretty(&json!({ "version": 1, "secrets": secrets }))? + "\n")
}
