//! `cargo xtask accuracy`: how much of the acceptance data is found, and how many false alarms there are.
//! Not a test: the data is not part of the repository, and none of its texts is printed or copied into it.

mod examples;
mod lines;
mod misses;
mod mutations;
mod policies;
mod probes;
mod provider;

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use flate2::read::GzDecoder;
use keylint_diagnostics::Confidence;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::{args::Args, process::root, scan};

use misses::Misses;

/// Prints the tables.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let only = args.positional();
    let show = args.switch("--show");
    let json: Option<PathBuf> = args.option("--json")?;
    let misses: Option<PathBuf> = args.option("--misses")?;
    let least: Confidence = args.option("--min-confidence")?.unwrap_or(Confidence::Medium);
    let seeds: String = args.option("--seeds")?.unwrap_or_else(|| "7,1,2,3,4".into());
    args.finish()?;
    if let Some(only) = only.as_deref().filter(|only| !["mutations", "policies"].contains(only)) {
        bail!("there is no part `{only}`, only mutations and policies");
    }
    let mut misses = Misses::new(misses.as_deref())?;
    if only.as_deref() == Some("mutations") {
        mutations::run(&scan::engine()?, &mut misses)?;
        misses.finish()?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = env::var_os("KEYLINT_ACCEPTANCE").map_or_else(|| root().join("../shared/acceptance"), PathBuf::from);
    if !folder.is_dir() {
        println!(
            "skipped: there is no acceptance data at `{}` (KEYLINT_ACCEPTANCE names another place)",
            folder.display()
        );
        return Ok(ExitCode::SUCCESS);
    }
    let engine = scan::engine()?;
    println!("{} rules\n", engine.rules().len());
    let policies = policies::run(&engine, &folder, show)?;
    if only.as_deref() == Some("policies") {
        return Ok(ExitCode::SUCCESS);
    }
    let examples = examples::run(&engine, &read(&folder, "secret-examples")?, &mut misses)?;
    let lines = lines::run(&engine, &read(&folder, "labelled-lines")?, least, &mut misses)?;
    let probes = probes::run(&engine, &folder, &seeds)?;
    misses.finish()?;
    if let Some(path) = json {
        let report = json!({ "rules": engine.rules().len(), "examples": examples, "lines": lines, "probes": probes, "policies": policies });
        fs::write(&path, format!("{report:#}\n")).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The rows of `NAME.jsonl.gz`.
fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> anyhow::Result<Vec<T>> {
    let path = folder.join(format!("{name}.jsonl.gz"));
    let file = fs::File::open(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let rows = BufReader::new(GzDecoder::new(file)).lines();
    rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
}

/// `part` of `whole` in per cent; 0 of nothing.
fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}
