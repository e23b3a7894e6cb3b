//! `cargo xtask npm`, a stage of the gate: builds the npm package and runs its tests in the hosts that people run it in.
//! Not here: building it (`dist.rs`), or what the tests say (`npm/keylint/test`).

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use keylint_rules::{Family, RuleFile, expand};

use crate::{
    args::Args,
    dist::{self, node},
    hooks,
    plant::checksum,
    process::{built, program, root, run as run_command},
};

const TESTS: &str = "npm/keylint/test";
/// Fills in the placeholders of examples; any number would do.
const SEED: u64 = 11;

/// Runs the stage; `--no-build` takes what the last run has built.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let build = !args.switch("--no-build");
    args.finish()?;
    stage(build)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the package and tests it.
pub(crate) fn test() -> anyhow::Result<()> {
    stage(true)
}

fn stage(build: bool) -> anyhow::Result<()> {
    if build {
        dist::build(false)?;
        program()?;
    }
    let program = built("debug", "keylint");
    ensure!(program.is_file(), "there is no `{}`", program.display());
    node::debian("chromium", "chromium")?;
    let place = node::installed(TESTS)?;
    let mut scripts = Vec::new();
    for entry in fs::read_dir(root().join(TESTS))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "js") {
            let to = place.join(path.file_name().unwrap_or_default());
            fs::copy(&path, &to)?;
            scripts.extend(to.to_string_lossy().ends_with(".test.js").then_some(to));
        }
    }
    scripts.sort();
    let packed = pack(&place)?;
    hooks::node(&packed)?;
    let examples = place.join("examples");
    println!("{} examples", write_examples(&examples)?);
    let mut tests = node::command("node")?;
    tests.current_dir(&place).args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(scripts);
    tests.env("KEYLINT_PACKED", packed).env("KEYLINT_NATIVE", program).env("KEYLINT_EXAMPLES", examples);
    run_command(tests.env("KEYLINT_ROOT", root()))
}

/// The package as it would be published.
fn pack(place: &Path) -> anyhow::Result<PathBuf> {
    let mut pack = node::command("npm")?;
    pack.current_dir(dist::package()).args(["pack", "--silent", "--pack-destination"]).arg(place);
    let name = crate::process::output(&mut pack)?;
    Ok(place.join(name.trim()))
}

/// Writes every example of every rule, expanded, into a folder of its own; gives their number.
pub(crate) fn write_examples(folder: &Path) -> anyhow::Result<usize> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut count = 0;
    for family in Family::ALL {
        for entry in fs::read_dir(root().join("rules").join(family.as_str())).into_iter().flatten() {
            let path = entry?.path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            for (number, example) in RuleFile::parse(family, &id, &text)?.examples.iter().enumerate() {
                let text = expand::example(example, SEED, &checksum).text;
                let name = example.path.as_deref().unwrap_or("config.txt");
                let file = folder.join(&id).join(number.to_string()).join(name);
                fs::create_dir_all(file.parent().unwrap_or(folder))?;
                fs::write(file, text)?;
                count += 1;
            }
        }
    }
    Ok(count)
}
