//! Reads reports (`--format json` and `jsonl`), and makes one of a scan, for the commands that go on from them.
//! Not here: what is made of them (`triage.rs`, `respond.rs`, `merge.rs`).

use std::{
    fs::{self, File},
    path::Path,
};

use anyhow::{Context, bail};
use keylint_diagnostics::{Confidence, Severity};
use serde_json::{Map, Value, json};

use crate::{
    args::{CheckArgs, GlobalArgs},
    check, read,
};

/// The version of the contract that is read.
const VERSION: u64 = 1;
/// What is looked at to tell a report from another file.
const HEAD: usize = 256;

/// A report and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// The repository, as the report calls it, else the name of the file.
    pub(crate) name: String,
    /// All of it, so that fields of newer versions stay.
    pub(crate) value: Map<String, Value>,
}

/// A finding of a report.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) rule: String,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) message: String,
    pub(crate) fingerprint: String,
    pub(crate) path: String,
    /// Line and column, where they are known.
    pub(crate) start: Option<(u64, u64)>,
    /// The commit that brought it, where the report is of a history.
    pub(crate) commit: Option<String>,
    /// Whether it still stands in the commit that is checked out: what was read from files does.
    pub(crate) in_head: bool,
    pub(crate) suppressed: bool,
    pub(crate) evidence: Vec<String>,
    /// The report that it is from.
    pub(crate) report: usize,
}

impl Report {
    /// Reads the report at `path`.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Report> {
        let named = || format!("cannot read the report `{}`", path.display());
        let text = fs::read_to_string(path).with_context(named)?;
        let value = parse(&text).with_context(named)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = value.get("scope").and_then(|scope| scope["repository"].as_str()).map_or(stem, str::to_string);
        Ok(Report { name, value })
    }

    /// Scans and makes a report of what was found.
    pub(crate) fn scan(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Report> {
        let text = check::gather(args, global)?.json(args, global)?;
        Ok(Report { name: String::new(), value: parse(&text)? })
    }

    /// Its findings.
    pub(crate) fn entries(&self, report: usize) -> anyhow::Result<Vec<Entry>> {
        let list = self.value.get("diagnostics").and_then(Value::as_array).context("it has no `diagnostics`")?;
        list.iter().map(|value| Entry::new(value, report)).collect()
    }
}

impl Entry {
    fn new(value: &Value, report: usize) -> anyhow::Result<Entry> {
        let text = |key: &str| {
            let text = value[key].as_str().map(str::to_string);
            text.with_context(|| format!("a finding has no `{key}`"))
        };
        let severity = text("severity")?.parse().map_err(|()| anyhow::anyhow!("a severity is unknown"))?;
        let confidence = text("confidence")?.parse().map_err(|()| anyhow::anyhow!("a confidence is unknown"))?;
        let start = &value["start"];
        let evidence = value["evidence"].as_array().into_iter().flatten();
        let origin = value["origin"].as_str().unwrap_or_default();
        Ok(Entry {
            rule: text("rule")?,
            severity,
            confidence,
            message: text("message")?,
            fingerprint: text("fingerprint")?,
            path: text("path")?,
            start: start["line"].as_u64().zip(start["column"].as_u64()),
            commit: value["commit"]["id"].as_str().map(str::to_string),
            in_head: value["inHead"].as_bool().unwrap_or(origin != "commit"),
            suppressed: !value["suppressed"].is_null(),
            evidence: evidence.filter_map(|fact| fact["text"].as_str().map(str::to_string)).collect(),
            report,
        })
    }

    /// `path:line:column`, with the commit where that is not what is checked out.
    pub(crate) fn place(&self) -> String {
        let place = self.start.map_or(self.path.clone(), |(line, column)| format!("{}:{line}:{column}", self.path));
        let commit = self.commit.as_ref().filter(|_| !self.in_head);
        commit.map_or(place.clone(), |commit| format!("{place} ({})", commit.get(..7).unwrap_or(commit)))
    }
}

/// Whether a file begins as a report does.
pub(crate) fn begins(path: &Path) -> bool {
    let mut head = [0; HEAD];
    let length = File::open(path).and_then(|mut file| read::piece(&mut file, &mut head)).unwrap_or(0);
    let head: Vec<u8> = head[..length].iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    head.starts_with(b"{\"version\":") && memchr::memmem::find(&head, b"\"diagnostics\":[").is_some()
        || head.starts_with(b"{\"rule\":") && memchr::memmem::find(&head, b"\"severity\":").is_some()
}

/// One object, or one for each line with the summary last.
fn parse(text: &str) -> anyhow::Result<Map<String, Value>> {
    let whole = match serde_json::from_str::<Value>(text) {
        Ok(value) => value,
        Err(error) => lines(text).with_context(|| format!("it is neither JSON nor JSON lines: {error}"))?,
    };
    let Value::Object(object) = whole else { bail!("it is no keylint report: it is not an object") };
    match object.get("version").and_then(Value::as_u64) {
        Some(VERSION) if object.contains_key("diagnostics") => Ok(object),
        Some(VERSION) => lines(text)?.as_object().cloned().context("it is no keylint report"),
        Some(other) => bail!("it has version {other}, this keylint reads version {VERSION}"),
        None => bail!("it is no keylint report: it has no `version`"),
    }
}

fn lines(text: &str) -> anyhow::Result<Value> {
    let mut values: Vec<Value> =
        text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect::<Result<_, _>>()?;
    let last = values.pop().context("it is empty")?;
    let Value::Object(mut object) = last else { bail!("its last line is no summary") };
    if !object.contains_key("summary") {
        bail!("its last line is no summary");
    }
    object.insert("diagnostics".into(), json!(values));
    Ok(Value::Object(object))
}
