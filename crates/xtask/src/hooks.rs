//! Stages of the gate: the hooks in real pre-commit and prek, installed from a clone of this checkout, and the workflows
//! and the Action's manifest as their validators see them. Not here: `install-hook` and `pre-receive`, which the integration tests run with git.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, bail, ensure};

use crate::{
    dist::node::{apt, debian},
    plant,
    process::{built, command, output, program, root, run, target},
};

/// What is installed from PyPI, in versions that these stages were written with.
const TOOLS: [&str; 4] = ["pre-commit==4.7.0", "prek==0.5.11", "check-jsonschema==0.39.0", "zizmor==1.32.0"];
/// Hooks, and who runs them. What a runner builds from the clone (`language: rust`, `python`) it builds in a folder of its
/// own, so each of these is tried with one runner.
const HOOKS: [(&str, &str); 4] = [
    ("pre-commit", "keylint-system"),
    ("prek", "keylint-system"),
    ("pre-commit", "keylint"),
    ("prek", "keylint-python"),
];
/// Runs of which the middle one is printed.
const ROUNDS: usize = 5;
/// The finding that must stop a commit.
const RULE: &str = "github-personal-access-token";

/// Runs the stage.
pub(crate) fn run_stage() -> anyhow::Result<()> {
    let tools = tools()?;
    validate(&tools)?;
    program()?;
    let folder = target("hooks");
    fs::create_dir_all(&folder)?;
    let clone = clone(&folder)?;
    HOOKS.into_iter().try_for_each(|(runner, id)| {
        try_hook(&Trial { tools: &tools, folder: &folder, clone: &clone, runner, id, more: "" })
    })
}

/// Tries the hook of `language: node` with the npm package in the file `packed`, in place of the one of the registry.
pub(crate) fn node(packed: &Path) -> anyhow::Result<()> {
    let tools = tools()?;
    let folder = target("hooks");
    fs::create_dir_all(&folder)?;
    let clone = clone(&folder)?;
    let more = format!("        language_version: system\n        additional_dependencies: ['{}']\n", packed.display());
    ["pre-commit", "prek"].into_iter().try_for_each(|runner| {
        try_hook(&Trial { tools: &tools, folder: &folder, clone: &clone, runner, id: "keylint-node", more: &more })
    })
}

/// An environment with the tools.
fn tools() -> anyhow::Result<PathBuf> {
    let folder = target("python/hooks");
    let stamp = folder.join("installed");
    let wanted = TOOLS.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|known| known == wanted) {
        return Ok(folder);
    }
    debian("python3", "python3")?;
    debian("git", "git")?;
    let make = || run(command("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    if make().is_err() {
        // Debian keeps what makes environments in a package of its own.
        apt(&["install", "--yes", "--quiet=2", "python3-venv"])?;
        make()?;
    }
    let pip = folder.join("bin/pip");
    run(command(&pip.to_string_lossy()).args(["install", "--quiet", "--disable-pip-version-check"]).args(TOOLS))?;
    fs::write(stamp, wanted)?;
    Ok(folder)
}

/// The manifests and the workflows are what their readers take, and hold none of the usual holes.
fn validate(tools: &Path) -> anyhow::Result<()> {
    let tool = |name: &str| command(&tools.join("bin").join(name).to_string_lossy());
    for runner in ["pre-commit", "prek"] {
        run(tool(runner).args(["validate-manifest", ".pre-commit-hooks.yaml"]))?;
    }
    let mut workflows: Vec<PathBuf> = fs::read_dir(root().join(".github/workflows"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<_>>()?;
    workflows.sort();
    run(tool("check-jsonschema").args(["--builtin-schema", "vendor.github-workflows"]).args(&workflows))?;
    run(tool("check-jsonschema").args(["--builtin-schema", "vendor.github-actions", "action.yml"]))?;
    run(tool("zizmor").args(["--offline", "--quiet"]).args(&workflows))
}

/// A clone of this checkout: what is committed, as it would be fetched.
fn clone(folder: &Path) -> anyhow::Result<PathBuf> {
    let clone = folder.join("clone");
    if clone.exists() {
        fs::remove_dir_all(&clone)?;
    }
    run(git(folder).args(["clone", "--quiet", "--no-hardlinks"]).arg(root()).arg(&clone))?;
    Ok(clone)
}

struct Trial<'t> {
    tools: &'t Path,
    folder: &'t Path,
    clone: &'t Path,
    runner: &'static str,
    id: &'static str,
    /// More lines of the hook's entry.
    more: &'t str,
}

/// Installs a hook into a new repository; a commit with a secret must be stopped, and one without must pass.
fn try_hook(trial: &Trial<'_>) -> anyhow::Result<()> {
    let Trial { runner, id, more, .. } = *trial;
    let work = trial.folder.join(format!("work-{runner}-{id}"));
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    fs::create_dir_all(&work)?;
    run(git(&work).args(["init", "--quiet", "--initial-branch", "main"]))?;
    let revision = output(git(trial.clone).args(["rev-parse", "HEAD"]))?;
    let repository = trial.clone.display();
    let config =
        format!("repos:\n  - repo: {repository}\n    rev: {}\n    hooks:\n      - id: {id}\n{more}", revision.trim());
    fs::write(work.join(".pre-commit-config.yaml"), config)?;
    let start = Instant::now();
    run(trial.runner(&work).args(["install", "--install-hooks"]))?;
    println!("{runner}, {id}: installed in {:.1} s", start.elapsed().as_secs_f64());

    fs::write(work.join("clean.txt"), "nothing to see\n")?;
    let (passed, said) = trial.commit(&work)?;
    ensure!(passed, "{runner}, {id}: a clean commit is stopped:\n{said}");
    let before = output(git(&work).args(["rev-parse", "HEAD"]))?;
    let secret = plant::all(7)?.into_iter().find(|plant| plant.rule == RULE).context("the rule has no example")?;
    fs::write(work.join("secret.txt"), &secret.text)?;
    let (passed, said) = trial.commit(&work)?;
    ensure!(!passed && said.contains(RULE), "{runner}, {id}: a commit with a secret is not stopped:\n{said}");
    ensure!(before == output(git(&work).args(["rev-parse", "HEAD"]))?, "{runner}, {id}: there is a new commit");
    // What a person waits for at a clean commit. Only shown: a clock that fails a gate fails it on a busy machine.
    fs::write(work.join("secret.txt"), "nothing either\n")?;
    run(git(&work).args(["add", "--all"]))?;
    let whole = middle(|| output(trial.runner(&work).arg("run")).map(drop))?;
    let program = built("debug", "keylint").to_string_lossy().into_owned();
    let own = middle(|| output(command(&program).current_dir(&work).args(["check", "--staged"])).map(drop))?;
    println!("{runner}, {id}: run {:.0} ms warm, of which keylint {:.0} ms (unoptimised build)", whole, own);
    let (passed, said) = trial.commit(&work)?;
    ensure!(passed, "{runner}, {id}: a mended commit is stopped:\n{said}");
    Ok(())
}

impl Trial<'_> {
    fn runner(&self, work: &Path) -> Command {
        let mut command = command(&self.tools.join("bin").join(self.runner).to_string_lossy());
        self.environment(&mut command);
        command.current_dir(work);
        command
    }

    /// Commits everything; says whether that was let through, and what was said.
    fn commit(&self, work: &Path) -> anyhow::Result<(bool, String)> {
        run(git(work).args(["add", "--all"]))?;
        let mut commit = git(work);
        self.environment(&mut commit);
        let done = commit.args(["commit", "--quiet", "--message", "x"]).output().context("cannot run git")?;
        let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        Ok((done.status.success(), said))
    }

    fn environment(&self, command: &mut Command) {
        for (name, value) in variables() {
            command.env(name, value);
        }
        let own = [self.tools.join("bin"), built("debug", "keylint").parent().unwrap_or(root()).to_path_buf()];
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(own.into_iter().chain(env::split_paths(&path))).unwrap_or(path);
        command.env("PATH", path);
        for name in ["PRE_COMMIT_HOME", "PREK_HOME"] {
            command.env(name, self.folder.join("cache"));
        }
        // The hook is to be built quickly here, not well; the folder keeps what others share.
        let quick =
            [("OPT_LEVEL", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "256"), ("DEBUG", "false"), ("INCREMENTAL", "true")];
        for (name, value) in quick {
            command.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
        }
        command.env("CARGO_TARGET_DIR", self.folder.join("cargo"));
    }
}

/// Settings that must not come from the person who runs the gate, nor from a hook that it runs in.
fn variables() -> Vec<(&'static str, OsString)> {
    let name = |name| (name, OsString::from("gate"));
    let mail = |name| (name, OsString::from("gate@example.com"));
    vec![
        ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
        name("GIT_AUTHOR_NAME"),
        mail("GIT_AUTHOR_EMAIL"),
        name("GIT_COMMITTER_NAME"),
        mail("GIT_COMMITTER_EMAIL"),
    ]
}

fn git(folder: &Path) -> Command {
    let mut git = command("git");
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY"] {
        git.env_remove(name);
    }
    git.envs(variables()).current_dir(folder);
    git
}

/// The middle of some runs, in milliseconds.
fn middle(mut once: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut times = Vec::new();
    for _ in 0..=ROUNDS {
        let start = Instant::now();
        once()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    // The first run warms up.
    times.remove(0);
    times.sort_by(f64::total_cmp);
    match times.get(ROUNDS / 2) {
        Some(time) => Ok(*time),
        None => bail!("nothing was measured"),
    }
}
