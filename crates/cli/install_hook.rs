//! The command `install-hook`: lets git run keylint, by whatever runs the hooks of the repository.
//! Not here: the text of a hook (`script.rs`), or the files of lefthook and pre-commit (`runners.rs`).

mod global;
mod runners;
mod script;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};

use self::script::{Added, Shape};
use crate::{
    args::{HookName, InstallHookArgs, Runner},
    place::Here,
    shell,
};

/// What is put behind the name of a hook that is put aside.
const ASIDE: &str = "before-keylint";

impl HookName {
    /// The file name that git looks for.
    fn file(self) -> &'static str {
        match self {
            HookName::PreCommit => "pre-commit",
            HookName::PrePush => "pre-push",
            HookName::CommitMsg => "commit-msg",
        }
    }
}

/// A repository and where its hooks are.
struct Repository {
    root: PathBuf,
    /// Where git looks for hooks.
    hooks: PathBuf,
}

impl Repository {
    fn open() -> anyhow::Result<Repository> {
        let here = Here::new()?;
        let git = gix::discover_with_environment_overrides(here.path())
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("`install-hook` needs a git repository")?;
        let root = here.folder(git.workdir().unwrap_or_else(|| git.git_dir()));
        let configured = git.config_snapshot().trusted_path("core.hooksPath");
        let configured = configured.map_err(|error| anyhow::anyhow!("cannot read `core.hooksPath`: {error}"))?;
        let hooks = match configured {
            // Relative to where git runs hooks.
            Some(path) => root.join(path),
            None => here.folder(git.common_dir()).join("hooks"),
        };
        Ok(Repository { root, hooks })
    }

    /// What runs the hooks here.
    fn runner(&self) -> Runner {
        let husky = self.hooks.components().any(|part| part.as_os_str() == ".husky");
        match () {
            () if husky || self.root.join(".husky").is_dir() => Runner::Husky,
            () if runners::lefthook_file(&self.root).is_some() => Runner::Lefthook,
            () if runners::pre_commit_file(&self.root).is_some() => Runner::PreCommit,
            () => Runner::Git,
        }
    }
}

/// Runs `install-hook`.
pub(crate) fn run(args: &InstallHookArgs) -> anyhow::Result<ExitCode> {
    let said = if args.global {
        global::run(args)?
    } else {
        let repository = Repository::open()?;
        let runner = args.runner.unwrap_or_else(|| repository.runner());
        let mut said = String::new();
        for &hook in &args.hooks {
            let line = match runner {
                Runner::Git => plain(&repository.hooks.join(hook.file()), hook, Shape::Plain, args)?,
                Runner::Husky => {
                    let folder = repository.root.join(".husky");
                    plain(&folder.join(hook.file()), hook, Shape::Husky, args)?
                }
                Runner::Lefthook => runners::lefthook(&repository.root, hook, args.uninstall)?,
                Runner::PreCommit => runners::pre_commit(&repository.root, hook, args.uninstall)?,
            };
            said.push_str(&line);
            said.push('\n');
        }
        said
    };
    shell::print(said.as_bytes())
}

/// Installs or removes a hook that is a file of its own; gives what to say.
fn plain(path: &Path, hook: HookName, shape: Shape, args: &InstallHookArgs) -> anyhow::Result<String> {
    let shown = path.display();
    let wrong = || format!("cannot change the hook `{shown}`");
    let before = match fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read the hook `{shown}`")),
    };
    if args.uninstall {
        return remove(path, before.as_deref()).with_context(wrong);
    }
    let own = script::whole(hook, shape);
    let Some(before) = before else {
        write(path, own.as_bytes()).with_context(wrong)?;
        return Ok(format!("wrote {shown}"));
    };
    if script::is_in(&before) {
        return Ok(format!("{shown} runs keylint already"));
    }
    if args.append || shape == Shape::Husky {
        return match script::add(&before, hook, shape) {
            Added::Text(text) => {
                write(path, text.as_bytes()).with_context(wrong)?;
                Ok(format!("added keylint to {shown}"))
            }
            Added::Foreign => bail!(
                "the hook `{shown}` is no shell script, so keylint cannot be added to it; let it run `{}`, or use `--force`",
                script::command(hook)
            ),
        };
    }
    if args.force {
        let aside = aside(path);
        if aside.exists() {
            bail!("`{}` is there already, so the hook cannot be put aside", aside.display());
        }
        fs::rename(path, &aside).with_context(wrong)?;
        write(path, own.as_bytes()).with_context(wrong)?;
        return Ok(format!("wrote {shown}; the hook that was there is now {}", aside.display()));
    }
    bail!("there is a hook already, `{shown}`: `--append` adds keylint to it, `--force` puts it aside")
}

fn remove(path: &Path, before: Option<&[u8]>) -> anyhow::Result<String> {
    let shown = path.display();
    let Some(rest) = before.and_then(script::without) else { return Ok(format!("{shown} does not run keylint")) };
    let aside = aside(path);
    match rest {
        Some(rest) => {
            write(path, rest.as_bytes())?;
            Ok(format!("removed keylint from {shown}"))
        }
        None if aside.exists() => {
            fs::rename(&aside, path)?;
            Ok(format!("removed keylint; {shown} is again what it was"))
        }
        None => {
            fs::remove_file(path)?;
            Ok(format!("removed {shown}"))
        }
    }
}

fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(ASIDE);
    path.with_file_name(name)
}

/// Writes a file that can be run. A link is followed, so that what it leads to stays the hook.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path)?.permissions().mode();
        fs::set_permissions(path, fs::Permissions::from_mode(mode | 0o111))?;
    }
    Ok(())
}
