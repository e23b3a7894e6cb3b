//! The command `init`: a configuration file to start from.
//! Not here: the keys (`keylint_engine::config`).

use std::{env, fs::OpenOptions, io::Write, process::ExitCode};

use anyhow::{Context, bail};

use crate::{config_file, shell, terminal};

/// Every key with its default, commented out, so that the file changes nothing until it is edited.
pub(crate) const STARTER: &str = include_str!("starter.toml");

/// Writes `keylint.toml` in the current folder.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let folder = env::current_dir().context("cannot find the current folder")?;
    if let Some(existing) = config_file::in_folder(&folder) {
        bail!("`{}` exists already", existing.strip_prefix(&folder).unwrap_or(&existing).display());
    }
    let name = config_file::NAMES[0];
    let file = OpenOptions::new().write(true).create_new(true).open(folder.join(name));
    file.and_then(|mut file| file.write_all(STARTER.as_bytes())).with_context(|| format!("cannot write `{name}`"))?;
    terminal::note("scan with `keylint`, and look at the rules with `keylint rules`");
    shell::print(format!("wrote {name}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use keylint_engine::{
        Engine,
        config::{ConfigFile, KEYS, parse},
    };

    use super::*;

    #[test]
    fn the_starter_changes_nothing_and_names_every_key() {
        assert_eq!(parse(STARTER, "starter.toml"), Ok(ConfigFile::default()));
        let all: String = STARTER
            .lines()
            .map(|line| line.strip_prefix("# ").unwrap_or(line))
            .filter(|line| line.contains('=') || line.starts_with('['))
            .collect::<Vec<_>>()
            .join("\n");
        let parsed = parse(&all, "starter.toml");
        assert!(parsed.is_ok(), "{parsed:?}");
        for key in KEYS {
            assert!(all.contains(key), "`{key}` is not in the starter");
        }
        // Its samples name rules that there are.
        let engine = parsed.map(|file| Engine::new(file.into_config(Vec::new(), None)).err());
        assert_eq!(engine, Ok(None));
    }
}
