//! Stage of the gate: the playground, built as it would be published and tried in Chromium.
//! Not here: the page and its tests (`npm/playground`), or the WebAssembly in it (`dist.rs`).

use std::fs;

use crate::{
    dist::{self, node},
    process::{root, run, target},
};

const TOOLS: &str = "npm/playground/tools";
const TESTS: &str = "npm/playground/test";

/// Runs the stage.
pub(crate) fn run_stage() -> anyhow::Result<()> {
    let tools = node::installed(TOOLS)?;
    node::debian("chromium", "chromium")?;
    if !dist::package().join("dist/keylint.wasm").is_file() {
        dist::build(false)?;
    }
    let page = target("playground");
    let mut build = node::command("node")?;
    run(build.arg(root().join(TOOLS).join("build.mjs")).args([&tools, &page]))?;
    let mut scripts = Vec::new();
    for entry in fs::read_dir(root().join(TESTS))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.js") {
            scripts.push(path);
        }
    }
    scripts.sort();
    let mut tests = node::command("node")?;
    tests.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(scripts);
    run(tests.env("KEYLINT_TOOLS", tools).env("KEYLINT_PAGE", page))
}
