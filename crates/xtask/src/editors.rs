//! Stage of the gate: the language server in a real editor. Not here: what it does there (`tests/editors/`), or VS Code.

use std::fs;

use anyhow::{Context, ensure};
use keylint_rules::expand;
use keylint_secrets::Checksum;

use crate::{
    dist::node::debian,
    process::{built, cargo, command, root, run, target},
};

/// Runs the stage.
pub(crate) fn run_stage() -> anyhow::Result<()> {
    debian("nvim", "neovim")?;
    debian("git", "git")?;
    // With `--workspace` nothing is compiled twice.
    run(cargo().args(["build", "--workspace", "--bin", "keylint", "--quiet"]))?;
    let folder = target("editors").join("neovim");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    run(command("git").args(["init", "--quiet"]).arg(&folder))?;
    fs::write(folder.join("app.py"), sample())?;
    let script = root().join("tests/editors/neovim.lua");
    let mut neovim = command("nvim");
    neovim.current_dir(&folder).args(["--headless", "--clean", "-c"]).arg(format!("luafile {}", script.display()));
    // Its own state stays out of the home folder.
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        neovim.env(name, folder.join("state"));
    }
    run(neovim.env("KEYLINT", built("debug", "keylint")))?;
    let env = fs::read_to_string(folder.join(".env")).context("the fix wrote no `.env`")?;
    ensure!(env.starts_with("GITHUB_TOKEN="), "`.env` has no line for the token");
    Ok(())
}

/// A file with one token, behind characters of several widths.
pub(crate) fn sample() -> String {
    format!("import os\n\nnames = [\"é\", \"😀\"]; GITHUB_TOKEN = \"{}\"\n", token(1))
}

/// A token whose checksum holds; `seed` tells one from another.
pub(crate) fn token(seed: u64) -> String {
    let checksum = |name: &str, head: &[u8]| String::from_utf8(Checksum::named(name)?.compute(head)?).ok();
    expand::template("«ghp_{alnum:30}{checksum:github}»", seed, &checksum).text
}
