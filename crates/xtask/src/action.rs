//! The GitHub Action: makes its bundle (`cargo xtask dist`), and runs that as GitHub does (a stage of the gate).
//! Not here: the WebAssembly module inside (`dist.rs`), what the Action must show (`npm/action/test`), or `action.yml`
//! (`hooks.rs`).

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use flate2::{Compression, write::GzEncoder};

use crate::{
    dist::{self, node},
    process::{command, find, output, root, run as run_command, target},
};

/// The bundle that GitHub runs, from the tag that a workflow names.
const BUNDLE: &str = "npm/action/dist/index.cjs";
/// What the runner has: `using: node24`.
const NODE: u32 = 24;
/// What starts the bundle, for whoever opens it.
const BANNER: &str = "// Made by `cargo xtask dist` from npm/action and crates/wasm. Do not edit.";

/// Makes the bundle that is committed, from the module that `dist` has just built.
pub(crate) fn bundle() -> anyhow::Result<()> {
    make(&root().join(BUNDLE))
}

/// Runs the tests against the committed bundle and against one of this very source. Bytes are not compared: another compiler
/// makes other bytes, and what counts is that both behave the same.
pub(crate) fn test() -> anyhow::Result<()> {
    let fresh = target("action/index.cjs");
    if !dist::package().join("dist/keylint.wasm").is_file() {
        dist::build(false)?;
    }
    make(&fresh)?;
    let committed = root().join(BUNDLE);
    if !committed.is_file() {
        bail!("there is no `{BUNDLE}`: `cargo xtask dist` makes it");
    }
    let program = runtime()?;
    let mut bundles = vec![fresh, committed];
    if fs::read(&bundles[0])? == fs::read(&bundles[1])? {
        println!("the committed bundle is byte for byte the one of this source");
        bundles.truncate(1);
    }
    for bundle in bundles {
        println!("{} under Node {NODE}", bundle.strip_prefix(root()).unwrap_or(&bundle).display());
        let mut tests = command(&program.to_string_lossy());
        tests.args(["--test", "--test-reporter=dot", "npm/action/test/*.test.mjs"]);
        run_command(tests.env("KEYLINT_ACTION_BUNDLE", &bundle))?;
    }
    Ok(())
}

/// Bundles the source and the module into `out`. Both are compressed first, since base64 is of what is there.
fn make(out: &Path) -> anyhow::Result<()> {
    let tools = node::installed("npm/keylint/tools")?;
    let work = target("action");
    fs::create_dir_all(&work)?;
    let packed = |name: &str| -> anyhow::Result<PathBuf> {
        let source = dist::package().join("dist").join(name);
        let bytes = fs::read(&source).with_context(|| format!("cannot read `{}`", source.display()))?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        let path = work.join(format!("{name}.gz"));
        fs::write(&path, encoder.finish()?)?;
        Ok(path)
    };
    let mut esbuild = Command::new(tools.join("node_modules/.bin/esbuild"));
    esbuild.current_dir(root()).arg("npm/action/src/main.mjs").args(["--bundle", "--log-level=warning"]);
    for (name, file) in [("packed-module", "keylint.wasm"), ("packed-texts", "keylint.texts.bin")] {
        esbuild.arg(format!("--alias:{name}={}", packed(file)?.display()));
    }
    // Not minified: who pins a commit may want to read what is pinned. For newer targets, esbuild reads base64 with a
    // function that Node 24 does not have.
    esbuild.args(["--platform=node", "--format=cjs", "--target=es2022", "--loader:.gz=binary"]);
    run_command(esbuild.arg(format!("--banner:js={BANNER}")).arg(format!("--outfile={}", out.display())))?;
    let size = fs::metadata(out)?.len();
    println!("{:<18} {size:>9} bytes", out.file_name().unwrap_or_default().to_string_lossy());
    Ok(())
}

/// The Node that the runner has: the one of this machine, if it is that one, else the one of the registry.
fn runtime() -> anyhow::Result<PathBuf> {
    node::debian("npm", "npm")?;
    node::debian("git", "git")?;
    if let Some(own) = find("node") {
        let version = output(command("node").arg("--version"))?;
        let major = version.trim().trim_start_matches('v').split('.').next().and_then(|digits| digits.parse().ok());
        if major == Some(NODE) {
            return Ok(own);
        }
    }
    let architecture = match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => bail!("the registry has no Node for `{other}`: install Node {NODE}"),
    };
    let package = format!("node-{}-{architecture}", env::consts::OS);
    let folder = target("npm").join(format!("node{NODE}"));
    let program = folder.join(format!("node_modules/{package}/bin/node"));
    if !program.is_file() {
        fs::create_dir_all(&folder)?;
        let mut install = node::command("npm")?;
        install.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
        run_command(install.arg("--prefix").arg(&folder).arg(format!("{package}@{NODE}")))?;
        node::executable(&program)?;
    }
    Ok(program)
}
