//! Whether every dependency has a licence, a source and a name that `deny.toml` allows: with cargo-deny where it is
//! installed, else over `cargo metadata`. Not here: advisories, which need a database from the network.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::process::{cargo, find, output, root, run as run_command};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What is read of `deny.toml`.
#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
}

/// What is read of `cargo metadata`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

/// Checks all dependencies, those of tests and tasks too.
pub(crate) fn run() -> anyhow::Result<()> {
    if find("cargo-deny").is_some() {
        println!("cargo-deny: licenses, bans, sources (advisories need the network and are left out)");
        return run_command(cargo().args(["deny", "--offline", "check", "licenses", "bans", "sources"]));
    }
    println!("cargo-deny is not installed: own check of licences, bans, sources and duplicates over `cargo metadata`");
    let deny: Deny = toml::from_str(&fs::read_to_string(root().join("deny.toml")).context("cannot read `deny.toml`")?)?;
    let metadata: Metadata =
        serde_json::from_str(&output(cargo().args(["metadata", "--locked", "--format-version", "1"]))?)?;
    let complaints = complaints(&deny, &metadata.packages);
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in &metadata.packages {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        println!("note: {name} is there in {} versions: {}", versions.len(), versions.join(", "));
    }
    if !complaints.is_empty() {
        bail!("{}", complaints.join("\n"));
    }
    println!("{} packages are allowed", metadata.packages.len());
    Ok(())
}

fn complaints(deny: &Deny, packages: &[Package]) -> Vec<String> {
    let mut out = Vec::new();
    for Package { name, version, license, source } in packages {
        match license.as_deref() {
            None => out.push(format!("{name} {version} states no licence")),
            Some(license) if !allowed(license, &deny.licenses.allow) => {
                out.push(format!("{name} {version} has the licence `{license}`"))
            }
            Some(_) => {}
        }
        if source.as_ref().is_some_and(|source| source != CRATES_IO) {
            out.push(format!("{name} {version} does not come from crates.io"));
        }
        if deny.bans.deny.iter().any(|ban| ban.name == *name) {
            out.push(format!("{name} {version} is banned"));
        }
    }
    out
}

/// Whether the SPDX expression holds when the licences in `allow` are granted; `/` is how old packages write OR.
fn allowed(expression: &str, allow: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words, allow) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, allow: &[String]) -> bool {
    let mut holds = both(words, allow);
    while words.next_if_eq(&"OR").is_some() {
        holds |= both(words, allow);
    }
    holds
}

fn both(words: &mut Words<'_>, allow: &[String]) -> bool {
    let mut holds = one(words, allow);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allow);
    }
    holds
}

fn one(words: &mut Words<'_>, allow: &[String]) -> bool {
    match words.next() {
        Some("(") => {
            let holds = either(words, allow);
            words.next() == Some(")") && holds
        }
        Some(license) => {
            let exception = words.next_if_eq(&"WITH").and_then(|_| words.next());
            let whole = exception.map(|exception| format!("{license} WITH {exception}"));
            // An exception only grants more, so the licence without it is enough.
            allow.iter().any(|known| known == license || Some(known) == whole.as_ref())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, want: bool) {
        let allow = ["MIT", "Apache-2.0", "Unicode-3.0"].map(String::from);
        assert_eq!(allowed(expression, &allow), want, "{expression}");
    }

    #[test]
    fn reads_licence_expressions() {
        check("MIT", true);
        check("GPL-3.0", false);
        check("MIT/Apache-2.0", true);
        check("GPL-3.0 OR MIT", true);
        check("GPL-3.0 AND MIT", false);
        check("(MIT OR GPL-3.0) AND Unicode-3.0", true);
        check("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true);
        check("(MIT", false);
        check("", false);
    }
}
