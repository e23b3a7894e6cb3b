//! How many policies the policy rules judge in a second of processor time, on one thread and from memory: of a folder, or
//! made from the service catalogue. Not here: what they find in them (`accuracy`).

use std::{fs, path::Path};

use anyhow::{Context, bail};
use keylint_diagnostics::Document;
use keylint_policy::{Detector, PolicyKind, catalogue::Catalogue};
use serde_json::json;

use super::files;
use crate::measure::{median, own_time};

/// How many policies are made: as many as AWS manages, of a like size.
const MADE: usize = 1523;
/// How often all are judged.
const ROUNDS: usize = 5;

/// Judges the JSON files of a folder, or made policies, and prints the figures.
pub(super) fn run(folder: Option<&Path>) -> anyhow::Result<()> {
    let (policies, what) = match folder {
        Some(folder) => (read(folder)?, folder.display().to_string()),
        None => (made(), "made from the catalogue".into()),
    };
    let detector = Detector::new(keylint_rules::builtin(), b"bench", Some(PolicyKind::Identity));
    let judge = || {
        let scan = |text: &Vec<u8>| detector.scan(&Document::new("policy.json", text)).len();
        policies.iter().map(scan).sum::<usize>()
    };
    // What is decoded on first use is a part of the first round.
    let mut times = Vec::new();
    let mut findings = 0;
    for _ in 0..ROUNDS {
        let start = own_time();
        findings = judge();
        times.push(own_time() - start);
    }
    let bytes: usize = policies.iter().map(Vec::len).sum();
    let first = times[0];
    let best = times.iter().copied().fold(f64::INFINITY, f64::min);
    println!(
        "{} policies ({:.1} MB, {what}): {:.3} s of processor time, {best:.3} at best, {first:.3} with a cold catalogue; \
         {:.0} a second; {findings} findings",
        policies.len(),
        bytes as f64 / 1e6,
        median(times.clone()),
        policies.len() as f64 / median(times).max(1e-9)
    );
    Ok(())
}

fn read(folder: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut names: Vec<_> = files(folder)?.into_iter().map(|(path, _)| path).collect();
    names.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    if names.is_empty() {
        bail!("`{}` holds no JSON file", folder.display());
    }
    names.iter().map(|path| fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))).collect()
}

/// Policies of two statements: many actions of one service by their names, and a few patterns of another on its resources
/// under a condition.
fn made() -> Vec<Vec<u8>> {
    let services: Vec<_> = Catalogue::get().services().filter(|service| service.actions().count() > 3).collect();
    let policy = |number: usize| {
        let own = services[number % services.len()];
        let other = services[(number * 7 + 3) % services.len()];
        let named: Vec<String> = own.actions().skip(number % 3).step_by(2).take(60).map(|a| a.to_string()).collect();
        let patterns: Vec<String> =
            ["Get", "List", "Describe"].map(|verb| format!("{}:{verb}*", other.prefix())).into();
        let resources: Vec<String> = other.resource_types().take(3).map(|kind| kind.arn_pattern()).collect();
        let resources = if resources.is_empty() { vec!["*".to_string()] } else { resources };
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [
                { "Sid": "Named", "Effect": "Allow", "Action": named, "Resource": "*" },
                {
                    "Sid": "Patterns",
                    "Effect": "Allow",
                    "Action": patterns,
                    "Resource": resources,
                    "Condition": { "StringEquals": { "aws:ResourceTag/team": "platform" } },
                },
            ],
        });
        format!("{policy:#}").into_bytes()
    };
    (0..MADE).map(policy).collect()
}
