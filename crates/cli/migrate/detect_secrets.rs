//! Reads the baseline of detect-secrets: what it knows, and what it leaves out.
//! Not here: which of our findings its hashes mean (`records.rs`).
//!
//! Format: <https://github.com/Yelp/detect-secrets>, `detect_secrets/core/baseline.py`, `core/potential_secret.py`.

use std::{fs, path::Path};

use keylint_engine::config::Allow;
use serde_json::Value as Json;

use super::{
    gitleaks::compiles,
    paths,
    plan::{Plan, Record, Value},
    tables::strings,
};
use crate::terminal::counted;

/// The file, as `detect-secrets scan > .secrets.baseline` names it.
pub(super) const BASELINE: &str = ".secrets.baseline";

/// Reads the baseline in `root`.
pub(super) fn read(root: &Path, plan: &mut Plan) {
    let Ok(text) = fs::read_to_string(root.join(BASELINE)) else { return };
    let file: Json = match serde_json::from_str(&text) {
        Ok(file) => file,
        Err(error) => return plan.lose(format!("{BASELINE}:{}", error.line()), "it is not JSON"),
    };
    let mut count = 0;
    let results = file.get("results").and_then(Json::as_object);
    for (path, secrets) in results.into_iter().flatten() {
        for secret in secrets.as_array().into_iter().flatten() {
            let Some(hash) = secret.get("hashed_secret").and_then(Json::as_str) else { continue };
            let line = secret.get("line_number").and_then(Json::as_u64).and_then(|line| u32::try_from(line).ok());
            let reason = match secret.get("is_secret").and_then(Json::as_bool) {
                Some(false) => "audited false positive",
                Some(true) => "audited as a real secret in .secrets.baseline: revoke it",
                None => "accepted in .secrets.baseline, not audited",
            };
            count += 1;
            plan.records.push(Record {
                source: format!("{BASELINE}, {path}, line {}", line.unwrap_or_default()),
                path: Some(path.replace('\\', "/").trim_start_matches("./").to_string()),
                commit: None,
                line,
                value: Value::Sha1(hash.to_ascii_lowercase()),
                reason: reason.into(),
            });
        }
    }
    plan.read.push(format!("{BASELINE}: {}", counted(count, "finding")));
    // Its hashes look like what they are hashes of.
    plan.exclude.push(format!("/{BASELINE}"));
    filters(&file, plan);
}

/// Takes over what is left out. Older files have `exclude` instead of `filters_used`.
fn filters(file: &Json, plan: &mut Plan) {
    let exclude = file.get("exclude");
    for source in strings(exclude.and_then(|exclude| exclude.get("files"))) {
        path(&source, plan);
    }
    for source in strings(exclude.and_then(|exclude| exclude.get("lines"))) {
        line(&source, plan);
    }
    for filter in file.get("filters_used").and_then(Json::as_array).into_iter().flatten() {
        let name = filter.get("path").and_then(Json::as_str).unwrap_or_default();
        let patterns = strings(filter.get("pattern"));
        match name.rsplit("filters.").next().unwrap_or_default() {
            "regex.should_exclude_file" => patterns.iter().for_each(|source| path(source, plan)),
            "regex.should_exclude_line" => patterns.iter().for_each(|source| line(source, plan)),
            "regex.should_exclude_secret" => {
                for source in patterns {
                    match compiles(&source) {
                        Ok(()) => {
                            plan.allow.push(Allow { patterns: vec![source], reason: reason(), ..Allow::default() })
                        }
                        Err(error) => {
                            plan.lose(BASELINE, format!("the pattern `{source}` does not compile here: {error}"))
                        }
                    }
                }
            }
            "wordlist.should_exclude_secret" => plan.lose(BASELINE, "the word list is not taken over"),
            custom if custom.starts_with("file://") || name.starts_with("file://") => {
                plan.lose(BASELINE, format!("the filter `{name}` is a program"));
            }
            // Heuristics, which keylint has its own of.
            _ => {}
        }
    }
}

fn reason() -> Option<String> {
    Some("excluded in .secrets.baseline".into())
}

fn path(source: &str, plan: &mut Plan) {
    match (paths::glob(source), compiles(source)) {
        (Some(glob), _) => plan.exclude.push(glob),
        (None, Ok(())) => {
            plan.allow.push(Allow { path_patterns: vec![source.into()], reason: reason(), ..Allow::default() });
        }
        (None, Err(error)) => plan.lose(BASELINE, format!("the pattern `{source}` does not compile here: {error}")),
    }
}

fn line(source: &str, plan: &mut Plan) {
    plan.lose(BASELINE, format!("lines that match `{source}` are left out; keylint looks at the secret only"));
}
