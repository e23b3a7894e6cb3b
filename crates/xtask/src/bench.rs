//! `cargo xtask bench`: throughput of the engine and of the policy rules on one thread, start-up of the program, peak memory.
//! Not here: other programs (`compare.rs`), or the generated corpus (`crates/engine/benches`).

mod policies;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use keylint_diagnostics::Document;

use crate::{
    args::Args,
    measure::{measure, median},
    process::{built, cargo, run as run_command, target},
    scan,
};

/// How much of a folder is held in memory at a time.
const BATCH: u64 = 256 << 20;
/// Larger files are left out: they would be streamed.
const LARGEST: u64 = 64 << 20;
/// Where a zero byte tells a binary file, as the program does it.
const SNIFF: usize = 8 << 10;
/// How often the start is measured.
const STARTS: usize = 20;

/// Runs the benches; `--optimised` says that this is already the release build.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let optimised = args.switch("--optimised");
    let folder = |path: Option<String>| path.map(fs::canonicalize).transpose().context("cannot read the folder");
    let policies = folder(args.option("--policies")?)?;
    let folder = folder(args.positional())?;
    args.finish()?;
    if optimised {
        policies::run(policies.as_deref())?;
        if let Some(folder) = &folder {
            throughput(folder)?;
        }
        start()?;
        return memory(folder.as_deref()).map(|()| ExitCode::SUCCESS);
    }
    println!("engine on a generated corpus, one thread");
    run_command(cargo().args(["bench", "--package", "keylint-engine", "--bench", "throughput", "--quiet"]))?;
    build()?;
    let mut own = Command::new(built("release", "xtask"));
    own.arg("bench").args(&folder).arg("--optimised");
    if let Some(policies) = policies {
        own.arg("--policies").arg(policies);
    }
    run_command(&mut own).map(|()| ExitCode::SUCCESS)
}

/// Builds the program and these tasks as a release has them.
pub(crate) fn build() -> anyhow::Result<()> {
    run_command(cargo().args(["build", "--release", "--package", "keylint", "--package", "keylint-xtask", "--quiet"]))
}

/// Scans the text files of a folder from memory, so that reading does not count.
fn throughput(folder: &Path) -> anyhow::Result<()> {
    let engine = scan::engine()?;
    let mut scanner = engine.scanner();
    let (mut bytes, mut texts, mut findings, mut time) = (0, 0, 0, Duration::ZERO);
    let mut batch: Vec<(String, Vec<u8>)> = Vec::new();
    let mut held = 0;
    let mut files = files(folder)?.into_iter().peekable();
    while let Some((path, size)) = files.next() {
        if (1..=LARGEST).contains(&size) {
            let text = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            if memory_text(&text) {
                held += text.len() as u64;
                batch.push((path.to_string_lossy().into_owned(), text));
            }
        }
        if held >= BATCH || files.peek().is_none() {
            let start = Instant::now();
            for (path, text) in &batch {
                findings += scanner.scan(&Document::new(path, text)).diagnostics.len();
            }
            time += start.elapsed();
            bytes += held;
            texts += batch.len();
            batch.clear();
            held = 0;
        }
    }
    let (seconds, megabytes) = (time.as_secs_f64(), bytes as f64 / 1e6);
    println!("{}: {megabytes:.0} MB in {texts} text files, {findings} findings", folder.display());
    println!("engine, one thread, from memory: {:.0} MB/s ({seconds:.2} s)", megabytes / seconds.max(1e-9));
    Ok(())
}

fn memory_text(text: &[u8]) -> bool {
    !text[..text.len().min(SNIFF)].contains(&0)
}

/// The regular files of a folder with their sizes, in order; links are not followed.
pub(crate) fn files(folder: &Path) -> anyhow::Result<Vec<(PathBuf, u64)>> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                out.push((entry.path(), entry.metadata()?.len()));
            }
        }
    }
    out.sort();
    Ok(out)
}

/// The time from start to end on one small file, which is what a commit hook feels.
fn start() -> anyhow::Result<()> {
    let folder = target("bench");
    fs::create_dir_all(&folder)?;
    let file = folder.join("small.py");
    fs::write(&file, "import os\n\nTIMEOUT = 30\nTOKEN = os.environ[\"TOKEN\"]\n\nprint(TIMEOUT)\n")?;
    let mut command = Command::new(program()?);
    command.args(["check", "--isolated"]).arg(&file);
    let mut walls = Vec::new();
    let mut peak = 0;
    for _ in 0..=STARTS {
        let measured = measure(&command, None)?;
        if measured.code != Some(0) {
            bail!("keylint ended with {:?} on a clean file", measured.code);
        }
        walls.push(measured.wall * 1e3);
        peak = peak.max(measured.memory);
    }
    // The first run finds the caches cold.
    walls.remove(0);
    let least = walls.iter().copied().fold(f64::INFINITY, f64::min);
    println!(
        "start-up on one small file: median {:.1} ms, least {least:.1} ms of {STARTS}; peak {}",
        median(walls),
        mebibytes(peak)
    );
    Ok(())
}

/// The peak on the folder, with all threads.
fn memory(folder: Option<&Path>) -> anyhow::Result<()> {
    let Some(folder) = folder else { return Ok(()) };
    let mut command = Command::new(program()?);
    command.args(["check", "--isolated", "--exit-zero", "--quiet"]).arg(folder);
    let measured = measure(&command, None)?;
    println!(
        "whole program on the folder: {:.2} s wall, {:.2} s processor, peak {}",
        measured.wall,
        measured.cpu,
        mebibytes(measured.memory)
    );
    Ok(())
}

fn program() -> anyhow::Result<PathBuf> {
    let program = built("release", "keylint");
    if program.is_file() { Ok(program) } else { bail!("`{}` is not built", program.display()) }
}

/// Bytes for people.
pub(crate) fn mebibytes(bytes: u64) -> String {
    if bytes == 0 { "unknown".into() } else { format!("{:.0} MiB", bytes as f64 / f64::from(1 << 20)) }
}
