//! `cargo xtask compare`: keylint beside ripgrep with 100 keywords and beside kingfisher, in alternation on the same
//! files, so that a busy machine is unfair to all alike. Not here: accuracy; that 50 planted secrets are found only shows
//! that the scan was a scan.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, bail};
use keylint_rules::builtin;
use serde_json::Value;

use crate::{
    args::Args,
    bench::{build, files, mebibytes},
    measure::{Measured, measure, median},
    plant,
    process::{built, find, target},
};

const PLANTS: usize = 50;
const KEYWORDS: usize = 100;

/// A program that takes part.
struct Runner {
    name: &'static str,
    command: Command,
    /// Where it writes its report; its standard output goes nowhere.
    report: Option<PathBuf>,
    runs: Vec<Measured>,
}

/// Runs all in alternation and prints the ratios.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let rounds: usize = args.option("--rounds")?.unwrap_or(5);
    let listed = args.switch("--list");
    let folder = args.positional().context("a folder is missing")?;
    args.finish()?;
    let folder = fs::canonicalize(&folder).with_context(|| format!("cannot read `{folder}`"))?;
    build()?;
    let work = target("compare");
    fs::create_dir_all(&work)?;
    let planted = work.join("planted");
    let plants = plant::write(&planted, PLANTS)?;
    let mut all = files(&folder)?;
    all.extend(files(&planted)?);
    let bytes: u64 = all.iter().map(|(_, size)| size).sum();
    println!("{} files, {:.0} MB, {} of them planted; {rounds} rounds", all.len(), bytes as f64 / 1e6, plants.len());
    let mut runners = vec![keylint(&work, &folder, &planted, listed.then_some(&all[..]))?];
    runners.extend(ripgrep(&work, &folder, &planted)?);
    runners.extend(kingfisher(&work, &folder, &planted));
    // One round that does not count: it fills the caches of the system, and those that kingfisher keeps.
    for round in 0..=rounds {
        for runner in &mut runners {
            let measured = measure(&runner.command, None)?;
            if measured.code.is_none_or(|code| ![0, 1, 3, 200].contains(&code)) {
                bail!("{} ended with {:?}", runner.name, measured.code);
            }
            if round > 0 {
                runner.runs.push(measured);
            }
        }
    }
    table(&runners);
    for runner in &runners {
        found(runner, &plants)?;
    }
    scanned(&runners[0], all.len(), bytes)?;
    Ok(ExitCode::SUCCESS)
}

fn keylint(work: &Path, folder: &Path, planted: &Path, list: Option<&[(PathBuf, u64)]>) -> anyhow::Result<Runner> {
    let report = work.join("keylint.json");
    let mut command = Command::new(built("release", "keylint"));
    command.args(["check", "--isolated", "--exit-zero", "--quiet"]).arg(format!("--format=json:{}", report.display()));
    match list {
        None => {
            command.arg(folder).arg(planted);
        }
        Some(all) => {
            let path = work.join("files");
            let names: Vec<u8> =
                all.iter().flat_map(|(path, _)| [path.as_os_str().as_encoded_bytes(), b"\0"].concat()).collect();
            fs::write(&path, names)?;
            command.arg("--files-from").arg(path);
        }
    }
    Ok(Runner { name: "keylint", command, report: Some(report), runs: Vec::new() })
}

/// ripgrep reads every file and looks for literals: about as little as a scanner can do.
fn ripgrep(work: &Path, folder: &Path, planted: &Path) -> anyhow::Result<Option<Runner>> {
    if find("rg").is_none() {
        println!("ripgrep is not installed");
        return Ok(None);
    }
    let mut words: Vec<String> =
        builtin().iter().filter_map(|rule| rule.secret.as_ref()).flat_map(|secret| secret.keywords.clone()).collect();
    words.retain(|word| word.len() >= 4 && word.is_ascii());
    words.iter_mut().for_each(|word| word.make_ascii_lowercase());
    words.sort();
    words.dedup();
    let step = (words.len() / KEYWORDS).max(1);
    let chosen: Vec<String> = words.into_iter().step_by(step).take(KEYWORDS).collect();
    let path = work.join("keywords");
    fs::write(&path, chosen.join("\n") + "\n")?;
    let mut command = Command::new("rg");
    command.args(["--no-config", "-uuu", "-c", "-F", "-i", "-f"]).arg(path).arg(folder).arg(planted);
    Ok(Some(Runner { name: "ripgrep", command, report: None, runs: Vec::new() }))
}

fn kingfisher(work: &Path, folder: &Path, planted: &Path) -> Option<Runner> {
    let Some(program) = find("kingfisher") else {
        println!("kingfisher is not installed (`pip install kingfisher-bin`)");
        return None;
    };
    let report = work.join("kingfisher.json");
    let mut command = Command::new(program);
    command.args([
        "scan",
        "--no-validate",
        "--no-update-check",
        "--git-history",
        "none",
        "--quiet",
        "--format",
        "json",
    ]);
    command.arg("--output").arg(&report).arg(folder).arg(planted);
    Some(Runner { name: "kingfisher", command, report: Some(report), runs: Vec::new() })
}

fn table(runners: &[Runner]) {
    let middle = |runner: &Runner, part: fn(&Measured) -> f64| median(runner.runs.iter().map(part).collect());
    println!(
        "\n{:<12}{:>10}{:>10}{:>10}{:>22}{:>22}",
        "", "wall s", "cpu s", "peak", "keylint / it, wall", "keylint / it, cpu"
    );
    for runner in runners {
        let (wall, cpu) = (middle(runner, |run| run.wall), middle(runner, |run| run.cpu));
        let peak = runner.runs.iter().map(|run| run.memory).max().unwrap_or(0);
        let ratio = |part: fn(&Measured) -> f64| {
            let each: Vec<f64> = runners[0]
                .runs
                .iter()
                .zip(&runner.runs)
                .map(|(own, other)| part(own) / part(other).max(1e-9))
                .collect();
            let (least, most) =
                each.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), &r| (least.min(r), most.max(r)));
            format!("{:.2} ({least:.2} to {most:.2})", median(each))
        };
        println!(
            "{:<12}{wall:>10.3}{cpu:>10.3}{:>10}{:>22}{:>22}",
            runner.name,
            mebibytes(peak),
            ratio(|run| run.wall),
            ratio(|run| run.cpu)
        );
    }
    println!();
}

/// Says how many of the planted files the report speaks of: each has a folder name of its own.
fn found(runner: &Runner, plants: &[String]) -> anyhow::Result<()> {
    let Some(report) = &runner.report else { return Ok(()) };
    let text = fs::read_to_string(report).with_context(|| format!("{} wrote no report", runner.name))?;
    let missed: Vec<&str> =
        plants.iter().map(String::as_str).filter(|name| !text.contains(&format!("planted/{name}/"))).collect();
    println!("{}: {} of {} planted secrets found", runner.name, plants.len() - missed.len(), plants.len());
    if runner.name == "keylint" && !missed.is_empty() {
        println!("  missed: {}", missed.join(" "));
    }
    Ok(())
}

/// Says how much of the files keylint scanned.
fn scanned(runner: &Runner, files: usize, bytes: u64) -> anyhow::Result<()> {
    let Some(report) = &runner.report else { return Ok(()) };
    let report: Value = serde_json::from_str(&fs::read_to_string(report)?)?;
    let summary = &report["summary"];
    let share = |part: &Value, whole: f64| 100.0 * part.as_f64().unwrap_or(0.0) / whole.max(1.0);
    println!(
        "keylint scanned {:.2} % of the bytes and {:.2} % of the files; {} excluded, {} incomplete; {} findings, {} at the gate",
        share(&summary["bytes"], bytes as f64),
        share(&summary["files"], files as f64),
        summary["excluded"],
        summary["incomplete"],
        summary["findings"],
        summary["atGate"],
    );
    Ok(())
}
