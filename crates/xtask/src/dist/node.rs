//! Node and npm: where they are, and packages installed beside the build. Not here: what they are run for.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::process::{command as plain, find, output, root, run, target};

/// `node`, `npm` or `npx`; installs Debian's where there is none.
pub(crate) fn command(program: &str) -> anyhow::Result<Command> {
    debian(program, "npm")?;
    let mut command = plain(program);
    command.env("npm_config_update_notifier", "false");
    Ok(command)
}

/// Installs a package of Debian where a program is missing and that is possible.
pub(crate) fn debian(program: &str, package: &str) -> anyhow::Result<()> {
    if find(program).is_some() {
        return Ok(());
    }
    if find("apt-get").is_none() {
        bail!("`{program}` is not installed");
    }
    apt(&["update", "--quiet=2"])
        .and_then(|()| apt(&["install", "--yes", "--quiet=2", "--no-install-recommends", package]))
        .with_context(|| format!("`{program}` is not installed, and Debian's `{package}` cannot be"))
}

/// Runs `apt-get`, with `sudo` for who is not root, as on GitHub's runners.
pub(crate) fn apt(words: &[&str]) -> anyhow::Result<()> {
    let root = output(plain("id").arg("-u"))?.trim() == "0" || find("sudo").is_none();
    let mut apt = if root { plain("env") } else { plain("sudo") };
    if !root {
        apt.args(["--non-interactive", "env"]);
    }
    run(apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(words))
}

/// Installs the packages that `folder` locks, under `target`, and gives the place. Scripts do not run.
pub(crate) fn installed(folder: &str) -> anyhow::Result<PathBuf> {
    let place = target("npm").join(folder.trim_start_matches("npm/").replace('/', "-"));
    let source = root().join(folder);
    fs::create_dir_all(&place)?;
    let locked = fs::read(source.join("package-lock.json"))?;
    let stamp = place.join("installed");
    if fs::read(&stamp).is_ok_and(|known| known == locked) {
        return Ok(place);
    }
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(source.join(name), place.join(name)).with_context(|| format!("cannot copy `{folder}/{name}`"))?;
    }
    let mut install = command("npm")?;
    install.current_dir(&place).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(&mut install)?;
    fs::write(stamp, locked)?;
    Ok(place)
}

/// Makes a file that a package brings executable: packages leave that to the script that does not run.
pub(crate) fn executable(path: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).with_context(|| format!("`{}` is missing", path.display()))?.permissions().mode();
        fs::set_permissions(path, fs::Permissions::from_mode(mode | 0o755))?;
    }
    Ok(())
}
