//! Hooks for all repositories of a user, by `core.hooksPath`. Git then looks at no repository's own hooks, so that there
//! is a file for every hook that goes on to the repository's.
//! Not here: hooks of one repository.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use super::{script, write};
use crate::args::{HookName, InstallHookArgs};

/// What is written into every file of ours.
const MARK: &str = "# A hook of keylint for all repositories; `keylint install-hook --global --uninstall` removes it.";
/// The hooks that git calls in a work tree (<https://git-scm.com/docs/githooks>).
const ALL: [&str; 19] = [
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "reference-transaction",
    "push-to-checkout",
    "pre-auto-gc",
    "post-rewrite",
    "sendemail-validate",
    "post-index-change",
    "p4-pre-submit",
];

/// Installs or removes; gives what to say.
pub(super) fn run(args: &InstallHookArgs) -> anyhow::Result<String> {
    let folder = folder()?;
    let set = configured()?;
    if args.uninstall {
        return remove(&folder, set.as_deref());
    }
    if let Some(other) = set.as_deref().filter(|path| **path != folder) {
        bail!(
            "`core.hooksPath` is `{}` for all repositories already; let the hooks there run keylint, for instance `{}`",
            other.display(),
            script::command(HookName::PreCommit)
        );
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    for name in ALL {
        let own = args.hooks.iter().find(|hook| hook.file() == name).copied();
        let path = folder.join(name);
        // A second run adds hooks to those of the first.
        if own.is_none() && fs::read(&path).is_ok_and(|text| script::is_in(&text)) {
            continue;
        }
        write(&path, text(name, own).as_bytes()).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    git(&["config", "--global", "core.hooksPath", &folder.to_string_lossy()])?;
    Ok(format!("wrote hooks for all repositories to {}; those of a repository are still called\n", folder.display()))
}

fn remove(folder: &Path, set: Option<&Path>) -> anyhow::Result<String> {
    for name in ALL {
        let path = folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|text| text.contains(MARK)) {
            fs::remove_file(&path).with_context(|| format!("cannot remove `{}`", path.display()))?;
        }
    }
    // Only where nothing else was put there.
    let _ = fs::remove_dir(folder);
    if set == Some(folder) {
        git(&["config", "--global", "--unset", "core.hooksPath"])?;
    }
    Ok(format!("removed the hooks for all repositories from {}\n", folder.display()))
}

/// The text of a hook: keylint where it was asked for, then the repository's own.
fn text(name: &str, own: Option<HookName>) -> String {
    let part = own.map_or(String::new(), |hook| script::whole(hook, script::Shape::Husky));
    format!(
        "#!/bin/sh\n{MARK}\n{part}own=$(git rev-parse --git-common-dir)/hooks/{name}\nif [ -x \"$own\" ]; then\n  exec \"$own\" \"$@\"\nfi\n"
    )
}

/// Where our hooks are.
fn folder() -> anyhow::Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME").or_else(|| set("USERPROFILE")).map(|home| home.join(".config"));
    let base = set("XDG_CONFIG_HOME").or_else(home).context("the home folder is unknown: `HOME` is not set")?;
    Ok(base.join("keylint/hooks"))
}

/// `core.hooksPath` of the user.
fn configured() -> anyhow::Result<Option<PathBuf>> {
    let output = Command::new("git").args(["config", "--global", "--type=path", "core.hooksPath"]).output();
    let output = output.context("`--global` needs git, which keeps the setting")?;
    let text = String::from_utf8_lossy(&output.stdout).trim_end_matches(['\r', '\n']).to_string();
    Ok(Some(text).filter(|text| !text.is_empty()).map(PathBuf::from))
}

fn git(args: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("git").args(args).output().context("`--global` needs git, which keeps the setting")?;
    if !output.status.success() {
        bail!("`git {}` failed: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
