//! Runs one program and says how long it took, how much processor time and how much memory. A process of its own
//! (`xtask measure -- PROGRAM …`), since the system counts time and memory for all children of a process together.
//! Not here: what is measured, or how often.

use std::{
    fs::File,
    path::Path,
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::args::Args;

/// What a run took.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Measured {
    /// Seconds.
    pub(crate) wall: f64,
    /// Seconds of all threads, in the program and in the system; 0 where the system does not say.
    pub(crate) cpu: f64,
    /// Bytes at the peak; 0 where the system does not say.
    pub(crate) memory: u64,
    /// The exit code.
    pub(crate) code: Option<i32>,
}

/// The task: runs what follows `--`, its standard output into a file or nowhere, and prints what it took.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let words = args.rest();
    let stdout: Option<String> = args.option("--stdout")?;
    args.finish()?;
    let (program, words) = words.split_first().context("a program is missing after `--`")?;
    let stdout = stdout.map(File::create).transpose()?.map_or_else(Stdio::null, Stdio::from);
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stdout(stdout).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().with_context(|| format!("cannot run `{program}`"))?;
    let wall = start.elapsed().as_secs_f64();
    let (cpu, memory) = of_children();
    println!("{}", serde_json::to_string(&Measured { wall, cpu, memory, code: status.code() })?);
    Ok(ExitCode::SUCCESS)
}

/// Processor time of this process so far, in seconds; 0 where the system does not say.
pub(crate) fn own_time() -> f64 {
    #[cfg(unix)]
    return usage(nix::sys::resource::UsageWho::RUSAGE_SELF).0;
    #[cfg(not(unix))]
    return 0.0;
}

/// Processor time and peak memory of the children.
fn of_children() -> (f64, u64) {
    #[cfg(unix)]
    return usage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN);
    #[cfg(not(unix))]
    return (0.0, 0);
}

#[cfg(unix)]
fn usage(who: nix::sys::resource::UsageWho) -> (f64, u64) {
    use nix::sys::{resource::getrusage, time::TimeVal};
    let Ok(usage) = getrusage(who) else { return (0.0, 0) };
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    // The system counts in KiB, except that of Apple, which counts in bytes.
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    (seconds(usage.user_time()) + seconds(usage.system_time()), u64::try_from(usage.max_rss()).unwrap_or(0) * unit)
}

/// Measures `command` in a process of its own.
pub(crate) fn measure(command: &Command, stdout: Option<&Path>) -> anyhow::Result<Measured> {
    let mut own = Command::new(std::env::current_exe()?);
    own.arg("measure");
    if let Some(path) = stdout {
        own.arg("--stdout").arg(path);
    }
    own.arg("--").arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        own.current_dir(folder);
    }
    let output = own.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("`{}` could not be measured", command.get_program().display());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The middle value; of an even number, the lower of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}
