//! Stage of the gate: the extension for VS Code, packaged and tried in VS Code for the Web in Chromium.
//! Not here: the extension (`npm/vscode`), the WebAssembly in it (`dist.rs`), or other editors (`editors.rs`).

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, ensure};

use crate::{
    args::Args,
    dist::{self, node},
    editors,
    process::{root, run, target},
};

const TOOLS: &str = "npm/vscode/tools";
/// A larger package would be felt where it is fetched.
const MAX_PACKAGE: u64 = 4 << 20;

/// Runs the stage.
pub(crate) fn run_stage() -> anyhow::Result<()> {
    let tools = node::installed(TOOLS)?;
    // No other stage makes it, so what lies there may be of an older source.
    dist::build_server(false)?;
    let extension = bundle(&tools)?;
    package(&tools, &extension, &extension.join("keylint.vsix"))?;
    try_web(&tools, &extension)
}

/// `cargo xtask vsix FILE`: the extension as one file.
pub(crate) fn run_task(mut args: Args) -> anyhow::Result<ExitCode> {
    let file = args.positional().context("the name of the file is missing")?;
    args.finish()?;
    let tools = node::installed(TOOLS)?;
    package(&tools, &bundle(&tools)?, &root().join(file))?;
    Ok(ExitCode::SUCCESS)
}

/// Packs the folder of the extension.
fn package(tools: &Path, extension: &Path, file: &Path) -> anyhow::Result<()> {
    let mut vsce = Command::new(tools.join("node_modules/.bin/vsce"));
    run(vsce.current_dir(extension).args(["package", "--no-dependencies", "--out"]).arg(file))?;
    let size = fs::metadata(file)?.len();
    println!("{}: {size} bytes", file.file_name().unwrap_or_default().display());
    ensure!(size <= MAX_PACKAGE, "the extension is too large: {size} bytes, at most {MAX_PACKAGE}");
    Ok(())
}

/// Makes the folder that is packaged.
fn bundle(tools: &Path) -> anyhow::Result<PathBuf> {
    if !dist::server().join("keylint-lsp.wasm").is_file() {
        dist::build_server(false)?;
    }
    let source = root().join("npm/vscode");
    let out = target("vscode").join("extension");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(out.join("dist"))?;
    for (entry, format, platform) in [("node", "cjs", "node"), ("web", "cjs", "browser"), ("worker", "iife", "browser")]
    {
        let mut esbuild = Command::new(tools.join("node_modules/.bin/esbuild"));
        esbuild.current_dir(&source).env("NODE_PATH", tools.join("node_modules")).arg(format!("src/{entry}.js"));
        esbuild.args(["--bundle", "--minify", "--log-level=warning", "--target=es2022"]);
        esbuild.args(["--external:vscode", "--external:worker_threads", "--external:crypto"]);
        esbuild.args([format!("--format={format}"), format!("--platform={platform}")]);
        run(esbuild.arg(format!("--outfile={}", out.join("dist").join(format!("{entry}.js")).display())))?;
    }
    let copy = |from: PathBuf, to: &str| {
        fs::copy(&from, out.join(to)).map(drop).with_context(|| format!("cannot copy `{}`", from.display()))
    };
    for name in ["package.json", "README.md", ".vscodeignore"] {
        copy(source.join(name), name)?;
    }
    copy(root().join("LICENSE-MIT"), "LICENSE")?;
    copy(root().join("NOTICE"), "NOTICE")?;
    copy(dist::server().join("keylint-lsp.wasm"), "dist/keylint-lsp.wasm")?;
    fs::write(out.join("dist/keylint.texts.bin"), keylint_rules::packed_texts())?;
    Ok(out)
}

/// Opens a file with a token in VS Code for the Web.
fn try_web(tools: &Path, extension: &Path) -> anyhow::Result<()> {
    node::debian("chromium", "chromium")?;
    let folder = target("vscode");
    let workspace = folder.join("workspace");
    if workspace.exists() {
        fs::remove_dir_all(&workspace)?;
    }
    fs::create_dir_all(&workspace)?;
    fs::write(workspace.join("app.py"), editors::sample())?;
    let tests = root().join("npm/vscode/test");
    run(node::command("node")?.arg(tests.join("files.mjs")))?;
    run(node::command("node")?.arg(tests.join("node.mjs")).args([extension, &workspace]))?;
    for script in ["web.mjs", "trap.mjs"] {
        let mut web = node::command("node")?;
        web.arg(tests.join(script)).args([tools, extension, &workspace, &folder.join("shots")]);
        run(&mut web)?;
    }
    Ok(())
}
