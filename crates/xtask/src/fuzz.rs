//! `cargo xtask fuzz`: long runs of the fuzz targets, and the replay of their corpora in the gate. With cargo-fuzz
//! installed, coverage guides the run (the stable toolchain is enough); without it, seeds are mutated blindly.
//! Not here: the targets (`targets.rs`), or how an input is changed blindly (`fuzz/mutate.rs`).

mod mutate;
mod repeat;

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::{self, Command, ExitCode},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context, bail};
use keylint_xtask::targets::{PATHS, TARGETS, Target};

use crate::{
    args::Args,
    plant,
    process::{built, cargo, find, root, run as run_command, target as folder},
};

use mutate::{LARGEST, Mutator};

/// What a job runs, and since when.
type Slot = Mutex<Option<(Instant, Vec<u8>)>>;

/// An input that takes longer is reported: the worst text must cost linear time, and inputs are small.
const SLOW: Duration = Duration::from_secs(5);
/// An input that has not ended after this will hardly do so; it is kept, and the run ends.
const HANG: Duration = Duration::from_secs(60);

/// Runs every corpus file once; what was found before must not come back.
pub(crate) fn replay() -> anyhow::Result<()> {
    for target in TARGETS {
        let corpus = corpus(target)?;
        if corpus.is_empty() {
            bail!("`fuzz/corpus/{}` is empty", target.name);
        }
        for (path, data) in &corpus {
            let begun = Instant::now();
            if panic::catch_unwind(|| (target.run)(data)).is_err() {
                bail!("`{}` fails on `{}`", target.name, path.display());
            }
            if begun.elapsed() > SLOW {
                bail!("`{}` takes {:.1} s on `{}`", target.name, begun.elapsed().as_secs_f64(), path.display());
            }
        }
        println!("{:<8} {:>3} inputs: {}", target.name, corpus.len(), target.about);
    }
    // The engine runs what the other targets run.
    TARGETS.iter().filter(|target| target.name == "engine").for_each(repeat::run);
    Ok(())
}

fn corpus(target: &Target) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let folder = root().join("fuzz/corpus").join(target.name);
    let entries = fs::read_dir(&folder).with_context(|| format!("`{}` has no corpus", target.name))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    paths.sort();
    paths.into_iter().map(|path| Ok((path.clone(), fs::read(path)?))).collect()
}

/// Runs the targets; `--optimised` says that this is already the build for fuzzing.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    if args.switch("--replay") {
        args.finish()?;
        return replay().map(|()| ExitCode::SUCCESS);
    }
    let optimised = args.switch("--optimised");
    let blind = args.switch("--blind");
    let name = args.positional();
    let seconds: u64 = args.option("--seconds")?.unwrap_or(60);
    let clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |time| time.as_secs());
    let seed: u64 = args.option("--seed")?.unwrap_or_else(clock);
    let input: Option<PathBuf> = args.option("--input")?;
    let jobs: usize = args.option("--jobs")?.unwrap_or_else(|| thread::available_parallelism().map_or(1, |n| n.get()));
    args.finish()?;
    let chosen: Vec<&Target> =
        TARGETS.iter().filter(|target| name.as_ref().is_none_or(|name| name == target.name)).collect();
    if chosen.is_empty() {
        let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        bail!("there is no target `{}`, only {}", name.unwrap_or_default(), known.join(", "));
    }
    if !optimised && !blind && input.is_none() && find("cargo-fuzz").is_some() {
        return guided(&chosen, seconds, jobs);
    }
    if !optimised {
        // As fast as a release, but arithmetic that overflows and assertions that fail are panics.
        run_command(cargo().args(["build", "--profile", "fuzz", "--package", "keylint-xtask", "--quiet"]))?;
        let mut own = Command::new(built("fuzz", "xtask"));
        own.arg("fuzz").args(&name).arg("--optimised");
        if let Some(input) = &input {
            own.arg("--input").arg(fs::canonicalize(input).context("cannot read the input")?);
        }
        own.args(["--seconds", &seconds.to_string(), "--seed", &seed.to_string(), "--jobs", &jobs.to_string()]);
        return Ok(if own.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if let Some(input) = input {
        let data = fs::read(&input).with_context(|| format!("cannot read `{}`", input.display()))?;
        for target in chosen {
            let begun = Instant::now();
            (target.run)(&data);
            println!("{}: {} bytes in {:.3} s", target.name, data.len(), begun.elapsed().as_secs_f64());
        }
        return Ok(ExitCode::SUCCESS);
    }
    println!("mutating blindly on the stable toolchain, without coverage; seed {seed}, {jobs} threads");
    let mut failed = false;
    for target in chosen {
        failed |= !fuzz(target, Duration::from_secs(seconds), seed, jobs)?;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Runs the targets under libFuzzer, which keeps what it learns under `target/` and not in the repository.
fn guided(targets: &[&Target], seconds: u64, jobs: usize) -> anyhow::Result<ExitCode> {
    println!("cargo-fuzz: guided by coverage, {jobs} processes");
    for target in targets {
        let learnt = folder("fuzz-corpus").join(target.name);
        fs::create_dir_all(&learnt)?;
        for (number, seed) in seeds(target)?.iter().enumerate() {
            fs::write(learnt.join(format!("seed-{number:05}")), seed)?;
        }
        let mut fuzz = cargo();
        // There is no unsafe code, so no sanitizer is needed, and with none of them the stable toolchain will do.
        fuzz.args(["fuzz", "run", "--sanitizer", "none", "--jobs", &jobs.to_string(), "--target-dir"])
            .arg(folder("fuzz"));
        fuzz.arg(target.name).arg(learnt);
        fuzz.args(["--", &format!("-max_total_time={seconds}"), &format!("-max_len={LARGEST}"), "-timeout=60"]);
        run_command(&mut fuzz)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs one target; whether nothing failed.
fn fuzz(target: &Target, time: Duration, seed: u64, jobs: usize) -> anyhow::Result<bool> {
    let seeds = seeds(target)?;
    let (runs, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let failures: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let start = Instant::now();
    let artifacts = root().join("fuzz/artifacts").join(target.name);
    let running: Vec<Slot> = (0..jobs).map(|_| Mutex::new(None)).collect();
    let ended = AtomicUsize::new(0);
    let work = |job: usize| {
        let mut mutator = Mutator::new(&seeds, seed.wrapping_add(job as u64));
        while start.elapsed() < time {
            let input = mutator.next();
            let begun = Instant::now();
            *lock(&running[job]) = Some((begun, input.clone()));
            let failed = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err();
            let slow = begun.elapsed() > SLOW;
            runs.fetch_add(1, Ordering::Relaxed);
            bytes.fetch_add(input.len() as u64, Ordering::Relaxed);
            if failed || slow {
                let what = if failed { "panic" } else { "slow" };
                let kept = keep(&artifacts, what, &input).unwrap_or_else(|error| format!("not kept: {error:#}"));
                lock(&failures).push(format!("{what}: {kept}"));
                // The first is what matters; the others are mostly the same.
                break;
            }
        }
        *lock(&running[job]) = None;
        ended.fetch_add(1, Ordering::Relaxed);
    };
    let watch = || {
        while ended.load(Ordering::Relaxed) < jobs {
            thread::sleep(Duration::from_millis(200));
            let late = |slot: &Slot| {
                let slot = lock(slot);
                slot.as_ref().filter(|(begun, _)| begun.elapsed() > HANG).map(|(_, input)| input.clone())
            };
            if let Some(input) = running.iter().find_map(late) {
                println!("{}: an input does not end, {:?}", target.name, keep(&artifacts, "hang", &input));
                // A thread cannot be stopped from outside.
                process::exit(1);
            }
        }
    };
    thread::scope(|scope| {
        (0..jobs).for_each(|job| drop(scope.spawn(move || work(job))));
        scope.spawn(watch);
    });
    let failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{}: {} runs of {:.1} KB on average in {:.0} s from {} seeds, {} failures",
        target.name,
        runs.load(Ordering::Relaxed),
        bytes.load(Ordering::Relaxed) as f64 / 1e3 / runs.load(Ordering::Relaxed).max(1) as f64,
        start.elapsed().as_secs_f64(),
        seeds.len(),
        failures.len()
    );
    failures.iter().for_each(|failure| println!("  {failure}"));
    Ok(failures.is_empty())
}

/// A panic in a target is caught, so a lock is never held by a thread that died.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes an input that failed, named by what it holds.
fn keep(folder: &Path, what: &str, input: &[u8]) -> anyhow::Result<String> {
    fs::create_dir_all(folder)?;
    let hash = input
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let path = folder.join(format!("{what}-{hash:016x}"));
    fs::write(&path, input)?;
    Ok(path.display().to_string())
}

/// The corpus, and the examples of the rules in the form that the target takes.
fn seeds(target: &Target) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut out: Vec<Vec<u8>> = corpus(target)?.into_iter().map(|(_, data)| data).collect();
    match target.name {
        "config" | "json" | "yaml" | "hcl" => {}
        "rule" => {
            let folder = root().join("rules/secret");
            for entry in fs::read_dir(folder)? {
                out.push(fs::read(entry?.path())?);
            }
        }
        _ => {
            let heads = if target.name == "stream" { &[0, 128][..] } else { &[0][..] };
            for (number, plant) in plant::all(7)?.into_iter().enumerate() {
                let mut input = heads.to_vec();
                input[0] = (number % PATHS.len()) as u8;
                input.extend_from_slice(plant.text.as_bytes());
                out.push(input);
            }
        }
    }
    out.retain(|seed| seed.len() <= LARGEST);
    Ok(out)
}
