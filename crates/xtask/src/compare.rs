//! `cargo xtask compare`: keylint beside ripgrep with 100 keywords, in alternation over the very same list of files, so that
//! a busy machine is unfair to both alike. Not here: accuracy; that 50 planted secrets are found only shows that the scan
//! was a scan.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::{
    args::Args,
    bench::{build, files, mebibytes},
    measure::{Measured, measure, median},
    plant,
    process::{built, find, target},
};

const PLANTS: usize = 50;
/// How many literals ripgrep looks for.
const KEYWORDS: usize = 100;
/// Bytes of file names that one call of a program takes; Linux allows 2 MiB with all that belongs to them.
const ARGUMENTS: usize = 1 << 20;
/// Percent of the bytes of the list that keylint must have scanned.
const LEAST_SCANNED: f64 = 99.0;

/// A program that takes part.
struct Runner {
    name: &'static str,
    /// Called one after another; together they are one run.
    calls: Vec<Command>,
    /// Where it writes its report; its standard output goes nowhere.
    report: Option<PathBuf>,
    runs: Vec<Measured>,
}

/// Runs all in alternation and prints the ratios.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let rounds: usize = args.option("--rounds")?.unwrap_or(7);
    let with_kingfisher = args.switch("--kingfisher");
    let folder = args.positional().context("a folder is missing")?;
    args.finish()?;
    let folder = fs::canonicalize(&folder).with_context(|| format!("cannot read `{folder}`"))?;
    build()?;
    let work = target("compare");
    fs::create_dir_all(&work)?;
    let planted = work.join("planted");
    let plants = plant::write(&planted, PLANTS)?;
    let list = List::new(&folder, &planted)?;
    println!(
        "{} text files, {:.0} MB, {} of them planted; {} binary files left out; {rounds} rounds",
        list.names.len(),
        list.bytes as f64 / 1e6,
        plants.len(),
        list.binary
    );
    let mut runners = vec![keylint(&work, &list)?, ripgrep(&work, &list)?];
    if with_kingfisher {
        runners.push(kingfisher(&work, &folder, &planted)?);
    }
    // One round that does not count: it fills the caches of the system, and those that kingfisher keeps.
    for round in 0..=rounds {
        fs::write(work.join("keywords"), sample(round, rounds + 1))?;
        for runner in &mut runners {
            let measured = runner.run()?;
            if round > 0 {
                runner.runs.push(measured);
            }
        }
    }
    table(&runners);
    for runner in &runners {
        found(runner, &plants)?;
    }
    scanned(&runners[0], &list)?;
    Ok(ExitCode::SUCCESS)
}

/// What ripgrep looks for in a round: keywords of the rules, evenly spread over all of them. Each round has others: what a
/// search for 100 literals costs differs four times from one hundred to the next.
fn sample(round: usize, rounds: usize) -> String {
    let rules = keylint_rules::builtin().iter().filter_map(|rule| rule.secret.as_ref());
    let all: BTreeSet<&str> = rules.flat_map(|secret| &secret.keywords).map(String::as_str).collect();
    let all: Vec<&str> = all.into_iter().collect();
    let step = all.len() / KEYWORDS;
    let chosen = all.iter().skip(round * step / rounds).step_by(step).take(KEYWORDS);
    chosen.flat_map(|keyword| [*keyword, "\n"]).collect()
}

/// The files that keylint and ripgrep are given.
struct List {
    folder: PathBuf,
    /// As seen from the folder, where they lie in it.
    names: Vec<PathBuf>,
    bytes: u64,
    binary: usize,
}

impl List {
    /// The regular files of both folders. What holds a zero byte is binary and left out: each program would give it up at a
    /// place of its own.
    fn new(folder: &Path, planted: &Path) -> anyhow::Result<List> {
        let mut list = List { folder: folder.into(), names: Vec::new(), bytes: 0, binary: 0 };
        let mut all = files(folder)?;
        all.retain(|(path, _)| !path.starts_with(planted));
        all.extend(files(planted)?);
        for (path, size) in all {
            let text = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            if text.contains(&0) {
                list.binary += 1;
            } else {
                list.bytes += size;
                list.names.push(path.strip_prefix(folder).map(Path::to_path_buf).unwrap_or(path));
            }
        }
        Ok(list)
    }

    /// As few calls of `command` as the limit of arguments permits, with all files.
    fn calls(&self, command: impl Fn() -> Command) -> Vec<Command> {
        let mut calls = Vec::new();
        let mut room = 0;
        for name in &self.names {
            // Each argument also takes a pointer and a zero byte.
            let size = name.as_os_str().len() + 9;
            if calls.is_empty() || room < size {
                calls.push(command());
                room = ARGUMENTS;
            }
            room -= size.min(room);
            calls.last_mut().map(|call: &mut Command| call.arg(name));
        }
        calls
    }
}

impl Runner {
    /// One run; of several calls times add up, and the largest memory counts.
    fn run(&self) -> anyhow::Result<Measured> {
        let mut all = Measured::default();
        for call in &self.calls {
            let measured = measure(call, None)?;
            if measured.code.is_none_or(|code| ![0, 1, 3, 200].contains(&code)) {
                bail!("{} ended with {:?}", self.name, measured.code);
            }
            all.wall += measured.wall;
            all.cpu += measured.cpu;
            all.memory = all.memory.max(measured.memory);
        }
        Ok(all)
    }

    fn median(&self, part: fn(&Measured) -> f64) -> f64 {
        median(self.runs.iter().map(part).collect())
    }

    fn best(&self, part: fn(&Measured) -> f64) -> f64 {
        self.runs.iter().map(part).fold(f64::INFINITY, f64::min)
    }
}

fn keylint(work: &Path, list: &List) -> anyhow::Result<Runner> {
    let report = work.join("keylint.json");
    let names = work.join("files");
    let lines: Vec<u8> =
        list.names.iter().flat_map(|name| [name.as_os_str().as_encoded_bytes(), b"\0"].concat()).collect();
    fs::write(&names, lines)?;
    let mut command = Command::new(built("release", "keylint"));
    command.args(["check", "--isolated", "--exit-zero", "--quiet"]).arg(format!("--format=json:{}", report.display()));
    command.arg("--files-from").arg(&names).current_dir(&list.folder);
    Ok(Runner { name: "keylint", calls: vec![command], report: Some(report), runs: Vec::new() })
}

/// ripgrep reads every file and looks for the literals of the round: about as little as a scanner can do.
fn ripgrep(work: &Path, list: &List) -> anyhow::Result<Runner> {
    let program = find("rg").context("ripgrep is not installed")?;
    let keywords = work.join("keywords");
    let calls = list.calls(|| {
        let mut command = Command::new(&program);
        command.args(["--no-config", "-uuu", "-c", "-F", "-i", "-f"]).arg(&keywords).arg("--");
        command.current_dir(&list.folder);
        command
    });
    Ok(Runner { name: "ripgrep", calls, report: None, runs: Vec::new() })
}

fn kingfisher(work: &Path, folder: &Path, planted: &Path) -> anyhow::Result<Runner> {
    let program = find("kingfisher").context("kingfisher is not installed (`pip install kingfisher-bin`)")?;
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
    Ok(Runner { name: "kingfisher", calls: vec![command], report: Some(report), runs: Vec::new() })
}

fn table(runners: &[Runner]) {
    println!("\n{:<12}{:>10}{:>10}{:>10}{:>10}", "", "wall s", "best", "cpu s", "peak");
    for runner in runners {
        let peak = runner.runs.iter().map(|run| run.memory).max().unwrap_or(0);
        println!(
            "{:<12}{:>10.3}{:>10.3}{:>10.3}{:>10}",
            runner.name,
            runner.median(|run| run.wall),
            runner.best(|run| run.wall),
            runner.median(|run| run.cpu),
            mebibytes(peak)
        );
    }
    println!();
    let own = &runners[0];
    for other in &runners[1..] {
        let each = |part: fn(&Measured) -> f64| -> Vec<f64> {
            own.runs.iter().zip(&other.runs).map(|(own, other)| part(own) / part(other).max(1e-9)).collect()
        };
        let walls = each(|run| run.wall);
        let (least, most) = walls.iter().fold((f64::INFINITY, 0.0_f64), |(l, m), &r| (l.min(r), m.max(r)));
        println!(
            "keylint / {}: wall {:.2} (median of the rounds' ratios, {least:.2} to {most:.2}); cpu {:.2}",
            other.name,
            median(walls),
            median(each(|run| run.cpu))
        );
    }
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

/// Says how much of the list keylint scanned; ratios of a scan that left out more would not count.
fn scanned(runner: &Runner, list: &List) -> anyhow::Result<()> {
    let Some(report) = &runner.report else { return Ok(()) };
    let report: Value = serde_json::from_str(&fs::read_to_string(report)?)?;
    let summary = &report["summary"];
    let share = |part: &Value, whole: f64| 100.0 * part.as_f64().unwrap_or(0.0) / whole.max(1.0);
    let bytes = share(&summary["bytes"], list.bytes as f64);
    println!(
        "keylint scanned {bytes:.2} % of the bytes and {:.2} % of the files; {} excluded, {} incomplete; {} findings, {} at the gate",
        share(&summary["files"], list.names.len() as f64),
        summary["excluded"],
        summary["incomplete"],
        summary["findings"],
        summary["atGate"],
    );
    if bytes < LEAST_SCANNED {
        bail!("keylint scanned less than {LEAST_SCANNED} % of the bytes: the runs cannot be compared");
    }
    Ok(())
}
