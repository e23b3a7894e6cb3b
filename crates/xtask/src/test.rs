//! `cargo xtask test`: everything that CI runs, in stages with a time each. Not what the stages check: that is theirs.

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::{
    action,
    args::Args,
    bench::files,
    dependencies, editors, fuzz, hooks, npm, playground,
    process::{cargo, command, find, output, program, root, run as run_command},
    sarif, vscode,
};

const WASM: &str = "wasm32-unknown-unknown";

/// A stage: what it is called, how many seconds it may take on two cores from a cold start, and what it does.
struct Stage {
    name: &'static str,
    budget: u64,
    quick: bool,
    run: fn() -> anyhow::Result<()>,
}

/// Each builds on what the one before compiled: clippy and rustdoc share metadata, tests and the self-check one profile.
const STAGES: &[Stage] = &[
    Stage { name: "toolchain", budget: 120, quick: false, run: toolchain },
    Stage { name: "format", budget: 10, quick: true, run: format },
    Stage { name: "clippy", budget: 360, quick: true, run: clippy },
    Stage { name: "clippy for wasm32", budget: 120, quick: false, run: clippy_wasm },
    Stage { name: "tests", budget: 1200, quick: true, run: tests },
    Stage { name: "fuzz corpora", budget: 60, quick: false, run: fuzz::replay },
    Stage { name: "keylint on itself", budget: 120, quick: false, run: itself },
    Stage { name: "hooks", budget: 600, quick: false, run: hooks::run_stage },
    Stage { name: "editors", budget: 180, quick: false, run: editors::run_stage },
    Stage { name: "npm", budget: 720, quick: false, run: npm::test },
    Stage { name: "sarif", budget: 90, quick: false, run: sarif::run_stage },
    Stage { name: "vscode", budget: 300, quick: false, run: vscode::run_stage },
    Stage { name: "playground", budget: 240, quick: false, run: playground::run_stage },
    Stage { name: "action", budget: 300, quick: false, run: action::test },
    Stage { name: "documentation", budget: 180, quick: false, run: documentation },
    Stage { name: "dependencies", budget: 60, quick: false, run: dependencies::run },
];

/// Runs the stages; all of them, also behind one that fails, so that one run shows everything.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let quick = args.switch("--quick");
    let only: Option<String> = args.option("--only")?;
    args.finish()?;
    let mut times: Vec<(&Stage, Duration, bool)> = Vec::new();
    for stage in wanted(quick, only.as_deref())? {
        println!("\n== {} (budget {} s)", stage.name, stage.budget);
        let start = Instant::now();
        let outcome = (stage.run)();
        let elapsed = start.elapsed();
        if let Err(error) = &outcome {
            println!("{error:#}");
        }
        println!("== {}: {} in {:.1} s", stage.name, word(outcome.is_ok()), elapsed.as_secs_f64());
        times.push((stage, elapsed, outcome.is_ok()));
    }
    println!("\n{:<20} {:>8} {:>8}", "stage", "seconds", "budget");
    for (stage, elapsed, passed) in &times {
        let late = if elapsed.as_secs() > stage.budget { ", over budget" } else { "" };
        println!("{:<20} {:>8.1} {:>8}  {}{late}", stage.name, elapsed.as_secs_f64(), stage.budget, word(*passed));
    }
    let total: f64 = times.iter().map(|(_, elapsed, _)| elapsed.as_secs_f64()).sum();
    println!("{:<20} {total:>8.1}\n", "all");
    let failed = times.iter().filter(|(_, _, passed)| !passed).count();
    println!("{} passed, {failed} failed", times.len() - failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The stages to run. None would pass, whatever is broken.
fn wanted(quick: bool, only: Option<&str>) -> anyhow::Result<Vec<&'static Stage>> {
    let stages = STAGES.iter().filter(|stage| !quick || stage.quick);
    let wanted: Vec<_> = stages.clone().filter(|stage| only.is_none_or(|name| stage.name == name)).collect();
    if wanted.is_empty() {
        let names: Vec<&str> = stages.map(|stage| stage.name).collect();
        bail!("no stage is called `{}`: there are {}", only.unwrap_or_default(), names.join(", "));
    }
    Ok(wanted)
}

fn word(passed: bool) -> &'static str {
    if passed { "passed" } else { "FAILED" }
}

/// What the other stages need of the toolchain; asks the network only for what is missing.
fn toolchain() -> anyhow::Result<()> {
    if find("rustup").is_none() {
        println!("rustup is not installed: clippy, rustfmt and the {WASM} target must come with the toolchain");
        return Ok(());
    }
    if !output(command("rustup").args(["target", "list", "--installed"]))?.lines().any(|line| line == WASM) {
        run_command(command("rustup").args(["target", "add", WASM]))?;
    }
    let installed = output(command("rustup").args(["component", "list", "--installed"]))?;
    for component in ["clippy", "rustfmt"] {
        if !installed.lines().any(|line| line.starts_with(component)) {
            run_command(command("rustup").args(["component", "add", component]))?;
        }
    }
    print!("{}", output(command("rustc").arg("--version"))?);
    Ok(())
}

fn format() -> anyhow::Result<()> {
    run_command(cargo().args(["fmt", "--all", "--check", "--message-format", "short"]))?;
    // A macro declares these modules, and `cargo fmt` does not look into macros.
    let checks = files(&root().join("crates/policy/src/checks"))?;
    run_command(
        command("rustfmt").args(["--edition", "2024", "--check"]).args(checks.into_iter().map(|(path, _)| path)),
    )
}

fn clippy() -> anyhow::Result<()> {
    run_command(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
}

/// Everything but the program and these tasks must build for the browser; clippy there also refuses what is not pure.
fn clippy_wasm() -> anyhow::Result<()> {
    let mut clippy = cargo();
    clippy.args(["clippy", "--target", WASM, "--lib", "--quiet"]);
    for package in members()?.iter().filter(|name| !["keylint", "keylint-xtask"].contains(&name.as_str())) {
        clippy.args(["--package", package]);
    }
    run_command(clippy.args(["--", "-D", "warnings"]))
}

/// The packages of the workspace.
fn members() -> anyhow::Result<Vec<String>> {
    let metadata: Value =
        serde_json::from_str(&output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?)?;
    let packages = metadata["packages"].as_array().context("`cargo metadata` lists no packages")?;
    Ok(packages.iter().filter_map(|package| package["name"].as_str()).map(String::from).collect())
}

fn tests() -> anyhow::Result<()> {
    run_command(cargo().args(["test", "--workspace", "--no-fail-fast"]))
}

/// The repository must hold no token-shaped string of its own.
fn itself() -> anyhow::Result<()> {
    let program = program()?;
    run_command(command(&program.to_string_lossy()).args(["check", "."]))
}

fn documentation() -> anyhow::Result<()> {
    let flags = env::var("RUSTDOCFLAGS").unwrap_or_default();
    let mut doc = cargo();
    doc.env("RUSTDOCFLAGS", format!("{flags} -D warnings")).args(["doc", "--workspace", "--no-deps", "--quiet"]);
    run_command(doc.current_dir(root()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_chosen_by_name() {
        let names = |quick, only| wanted(quick, only).map(|stages| stages.len()).map_err(|error| error.to_string());
        assert_eq!(names(false, None), Ok(STAGES.len()));
        assert_eq!(names(false, Some("npm")), Ok(1));
        assert_eq!(names(true, Some("tests")), Ok(1));
        let error = "no stage is called `npn`: there are format, clippy, tests";
        assert_eq!(names(true, Some("npn")), Err(error.to_string()));
        assert!(names(false, Some("test")).is_err());
    }
}
