//! The command `merge`: the reports of many repositories as one, or as a table.
//! Not here: what a report holds (`share/keylint-report.schema.json`).

use std::{collections::BTreeMap, collections::BTreeSet, fmt::Write, process::ExitCode};

use anyhow::Context;
use keylint_diagnostics::Severity;
use keylint_report::printable;
use serde_json::{Map, Value, json};

use crate::{
    args::{ListFormat, MergeArgs},
    reports::Report,
    shell,
};

/// Runs `merge`.
pub(crate) fn run(args: &MergeArgs) -> anyhow::Result<ExitCode> {
    let mut reports: Vec<Report> = args.reports.iter().map(|path| Report::read(path)).collect::<Result<_, _>>()?;
    name_apart(&mut reports);
    let out = match args.format {
        ListFormat::Json => serde_json::to_string(&joined(&reports)?)? + "\n",
        ListFormat::Text => table(&reports)?,
    };
    shell::print(out.as_bytes())
}

/// Two files of one name in different folders are two reports.
fn name_apart(reports: &mut [Report]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for report in reports {
        let count = seen.entry(report.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            report.name = format!("{} ({count})", report.name);
        }
    }
}

fn joined(reports: &[Report]) -> anyhow::Result<Value> {
    let mut diagnostics = Vec::new();
    let mut skipped = Vec::new();
    let mut scopes = Vec::new();
    let mut summary = Value::Null;
    let mut rules = 0;
    for report in reports {
        let named = || format!("the report `{}`", report.name);
        let list = |key: &str| report.value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        diagnostics.extend(list("diagnostics").into_iter().map(|value| with_repository(value, &report.name)));
        skipped.extend(list("skipped").into_iter().map(|value| with_repository(value, &report.name)));
        let own = report.value.get("summary").with_context(|| format!("{} has no `summary`", named()))?;
        rules = rules.max(report.value.get("tool").and_then(|tool| tool["rules"].as_u64()).unwrap_or(0));
        match report.value.get("scope").and_then(|scope| scope["scopes"].as_array()) {
            Some(inner) => scopes.extend(inner.iter().cloned()),
            None => scopes.push(scope(report, own)),
        }
        add(&mut summary, own);
    }
    Ok(json!({
        "version": 1,
        "diagnostics": diagnostics,
        "skipped": skipped,
        "tool": { "version": env!("CARGO_PKG_VERSION"), "rules": rules, "catalogue": keylint_engine::Catalogue::get().date() },
        "scope": { "kind": "merged", "repository": null, "commit": null, "configHash": null, "scopes": scopes },
        "summary": summary,
    }))
}

/// What one report was about, with its own summary.
fn scope(report: &Report, summary: &Value) -> Value {
    let mut scope = report.value.get("scope").and_then(Value::as_object).cloned().unwrap_or_default();
    scope.insert("name".into(), json!(report.name));
    scope.insert("summary".into(), summary.clone());
    Value::Object(scope)
}

/// A report that was merged already knows its repositories.
fn with_repository(mut value: Value, name: &str) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.entry("repository").or_insert_with(|| json!(name));
    }
    value
}

/// Adds numbers, joins what is complete, and keeps the first of everything else.
fn add(sum: &mut Value, more: &Value) {
    match (&mut *sum, more) {
        (Value::Null, _) => *sum = more.clone(),
        (Value::Bool(one), Value::Bool(other)) => *one = *one && *other,
        (Value::Number(one), Value::Number(other)) => {
            *sum = json!(one.as_u64().unwrap_or(0) + other.as_u64().unwrap_or(0));
        }
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in other {
                // What fails a run is no sum.
                if key != "gate" || !one.contains_key(key) {
                    add(one.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        _ => {}
    }
}

fn table(reports: &[Report]) -> anyhow::Result<String> {
    let severities: Vec<&str> = Severity::ALL.iter().rev().map(|severity| severity.as_str()).collect();
    let mut head = vec!["repository".to_string()];
    head.extend(severities.iter().map(|word| word.to_string()));
    head.extend(["at gate", "files", ""].map(String::from));
    let mut rows = vec![head];
    let mut total = Value::Null;
    for report in reports {
        let summary =
            report.value.get("summary").with_context(|| format!("the report `{}` has no `summary`", report.name))?;
        rows.push(row(&printable(&report.name), summary, &severities));
        add(&mut total, summary);
    }
    rows.push(row("all", &total, &severities));
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = format!("{:1$}", row[0], widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            let _ = write!(line, "  {cell:>width$}");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let (secrets, shared) = shared(reports);
    let _ = writeln!(out, "\n{secrets} different secrets, {shared} of them in more than one repository");
    Ok(out)
}

fn row(name: &str, summary: &Value, severities: &[&str]) -> Vec<String> {
    let number = |value: &Value| value.as_u64().unwrap_or(0).to_string();
    let mut row = vec![name.to_string()];
    row.extend(severities.iter().map(|severity| number(&summary["severities"][*severity])));
    row.push(number(&summary["atGate"]));
    row.push(number(&summary["files"]));
    row.push(if summary["complete"] == false { "incomplete".into() } else { String::new() });
    row
}

/// How many secrets there are, and how many of them several repositories have.
fn shared(reports: &[Report]) -> (usize, usize) {
    let mut repositories: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for report in reports {
        let diagnostics = report.value.get("diagnostics").and_then(Value::as_array).into_iter().flatten();
        for diagnostic in diagnostics.filter_map(Value::as_object).filter(|fields| is_open(fields)) {
            let fingerprint = diagnostic.get("fingerprint").and_then(Value::as_str).unwrap_or_default();
            let repository = diagnostic.get("repository").and_then(Value::as_str).unwrap_or(&report.name);
            repositories.entry(fingerprint.into()).or_default().insert(repository.into());
        }
    }
    (repositories.len(), repositories.values().filter(|names| names.len() > 1).count())
}

fn is_open(diagnostic: &Map<String, Value>) -> bool {
    diagnostic.get("suppressed").is_none_or(Value::is_null)
}
