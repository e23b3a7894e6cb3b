//! Stage of the gate: the language server in real editors. Not here: what it does there (`tests/editors/`), or VS Code.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, ensure};
use keylint_rules::expand;

use crate::{
    dist::node::{apt, debian},
    plant::checksum,
    process::{built, command, program, root, run, target},
};

/// Runs the stage.
pub(crate) fn run_stage() -> anyhow::Result<()> {
    debian("git", "git")?;
    debian("nvim", "neovim")?;
    debian("emacs", "emacs-nox")?;
    program()?;
    let scripts = root().join("tests/editors");
    let (folder, mut neovim) = editor("nvim")?;
    neovim.args(["--headless", "--clean", "-c"]).arg(format!("luafile {}", scripts.join("neovim.lua").display()));
    run(&mut neovim)?;
    let env = fs::read_to_string(folder.join(".env")).context("the fix wrote no `.env`")?;
    ensure!(env.starts_with("GITHUB_TOKEN="), "`.env` has no line for the token");
    let (_, mut emacs) = editor("emacs")?;
    if !has_eglot(&mut emacs)? {
        println!("this Emacs has no Eglot and Debian's cannot be installed: left out");
        return Ok(());
    }
    let (_, mut emacs) = editor("emacs")?;
    run(emacs.args(["--batch", "--load"]).arg(scripts.join("emacs.el")))
}

/// A new folder with the sample, and an editor that is ready to run there; its state stays out of the home folder.
fn editor(program: &str) -> anyhow::Result<(PathBuf, Command)> {
    let folder = target("editors").join(program);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    run(command("git").args(["init", "--quiet"]).arg(&folder))?;
    fs::write(folder.join("app.py"), sample())?;
    let mut editor = command(program);
    editor.current_dir(&folder).env("KEYLINT", built("debug", "keylint")).env("HOME", folder.join("state"));
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        editor.env(name, folder.join("state"));
    }
    fs::create_dir_all(folder.join("state"))?;
    Ok((folder, editor))
}

/// Whether Emacs has Eglot, which came to Emacs with version 29 and is a package of its own before.
fn has_eglot(emacs: &mut Command) -> anyhow::Result<bool> {
    emacs.args(["--batch", "--eval", "(require 'eglot)"]);
    if emacs.status()?.success() {
        return Ok(true);
    }
    let _ = apt(&["install", "--yes", "--quiet=2", "--no-install-recommends", "elpa-eglot"]);
    Ok(emacs.status()?.success())
}

/// A file with one token, behind characters of several widths.
pub(crate) fn sample() -> String {
    format!("import os\n\nnames = [\"é\", \"😀\"]; GITHUB_TOKEN = \"{}\"\n", token(1))
}

/// A token whose checksum holds; `seed` tells one from another.
pub(crate) fn token(seed: u64) -> String {
    expand::template("«ghp_{alnum:30}{checksum:github}»", seed, &checksum).text
}
