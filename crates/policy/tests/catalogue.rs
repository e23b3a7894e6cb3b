//! The catalogue beside what Access Analyzer said of AWS's own policies: what it calls unknown is unknown here, and what it
//! knew is known here, or has a tombstone, or is said to be undocumented.
//! Not here: any check of a policy. Skipped where the acceptance data is absent.
#![allow(clippy::print_stdout)]

use std::{collections::BTreeSet, env, fs::File, io::BufReader, path::PathBuf};

use flate2::read::GzDecoder;
use keylint_policy::catalogue::Catalogue;
use serde_json::Value;

/// The policies, or nothing where the data is absent.
fn cases() -> Option<Vec<Value>> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/acceptance");
    let folder = env::var_os("KEYLINT_ACCEPTANCE").map_or(own, PathBuf::from);
    let file = File::open(folder.join("access-analyzer.jsonl.gz")).ok()?;
    let reader = BufReader::new(GzDecoder::new(file));
    let cases = serde_json::Deserializer::from_reader(reader).into_iter();
    Some(cases.map(|case| case.expect("JSON")).collect())
}

fn members(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(members)) => members.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

/// What an error of `code` points at, without its quotes.
fn flagged(case: &Value, code: &str) -> BTreeSet<String> {
    let diagnostics = members(case.get("expect")).into_iter().filter(|diagnostic| diagnostic["code"] == code);
    let locations = diagnostics.flat_map(|diagnostic| members(diagnostic.get("locations")));
    locations.filter_map(|location| Some(location["text"].as_str()?.trim_matches('"').to_string())).collect()
}

fn statements(policy: &Value) -> Vec<&Value> {
    members(policy.get("Statement"))
}

#[test]
fn actions_are_known_where_access_analyzer_knew_them() {
    let Some(cases) = cases() else { return };
    let catalogue = Catalogue::get();
    let (mut unknown, mut agreed) = (BTreeSet::new(), 0);
    for case in &cases {
        let invalid = flagged(case, "INVALID_ACTION");
        for action in &invalid {
            assert!(!catalogue.admits_action(action), "`{action}` is known here");
        }
        agreed += invalid.len();
        for arn in flagged(case, "INVALID_SERVICE") {
            let prefix = arn.split(':').nth(2).unwrap_or_default();
            assert!(catalogue.service(prefix).is_none() && catalogue.retired(prefix).is_some(), "`{arn}`");
        }
        let policy: Value = serde_json::from_str(case["text"].as_str().unwrap_or_default()).expect("JSON");
        for statement in statements(&policy) {
            let actions = ["Action", "NotAction"].map(|element| members(statement.get(element)));
            for action in actions.into_iter().flatten().filter_map(Value::as_str) {
                if !catalogue.admits_action(action) && !invalid.contains(action) {
                    unknown.insert(action.to_string());
                }
            }
        }
    }
    assert!(agreed >= 8, "{agreed}");
    let explained = |name: &String| catalogue.retired(name).is_some() || catalogue.undocumented(name).is_some();
    let left: Vec<_> = unknown.iter().filter(|name| !explained(name)).collect();
    println!(
        "{} policies: {agreed} actions unknown to both, {} only here, {} of them unexplained",
        cases.len(),
        unknown.len(),
        left.len()
    );
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn keys_are_known_where_access_analyzer_knew_them() {
    let Some(cases) = cases() else { return };
    let catalogue = Catalogue::get();
    let (mut unknown, mut agreed, mut seen) = (BTreeSet::new(), 0, BTreeSet::new());
    for case in &cases {
        let invalid: BTreeSet<String> = ["INVALID_SERVICE_CONDITION_KEY", "INVALID_GLOBAL_CONDITION_KEY"]
            .iter()
            .flat_map(|code| flagged(case, code))
            .collect();
        for key in &invalid {
            assert_eq!(catalogue.key(key), None, "`{key}`");
        }
        agreed += invalid.len();
        let policy: Value = serde_json::from_str(case["text"].as_str().unwrap_or_default()).expect("JSON");
        for statement in statements(&policy) {
            let operators = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
            for key in operators.filter_map(|(_, keys)| keys.as_object()).flatten().map(|(key, _)| key) {
                seen.insert(key.clone());
                // The keys of a service go with it.
                if catalogue.key(key).is_none() && !invalid.contains(key) && catalogue.retired(key).is_none() {
                    unknown.insert(key.clone());
                }
            }
        }
    }
    assert!(agreed >= 1 && seen.len() > 100, "{agreed} {}", seen.len());
    println!("{} keys: {agreed} unknown to both, {} only here: {unknown:?}", seen.len(), unknown.len());
    assert!(unknown.is_empty(), "{unknown:?}");
}
