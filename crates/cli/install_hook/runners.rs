//! The files of lefthook, pre-commit and prek: an entry is added where the file stays what it was beside it, which is
//! proved by reading it again; else it is printed.
//! Not here: hooks that are files of their own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use saphyr::{LoadableYamlNode, Yaml};

use super::script;
use crate::args::HookName;

const BEGIN: &str = "# >>> keylint >>>\n";
const END: &str = "# <<< keylint <<<\n";
/// Files that lefthook reads (<https://lefthook.dev/configuration>).
const LEFTHOOK: [&str; 12] = [
    "lefthook.yml",
    "lefthook.yaml",
    ".lefthook.yml",
    ".lefthook.yaml",
    ".config/lefthook.yml",
    ".config/lefthook.yaml",
    "lefthook.toml",
    ".lefthook.toml",
    ".config/lefthook.toml",
    "lefthook.json",
    ".lefthook.json",
    ".config/lefthook.json",
];
/// Files that pre-commit and prek read.
const PRE_COMMIT: [&str; 3] = [".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml"];

/// The file of lefthook, if there is one.
pub(super) fn lefthook_file(root: &Path) -> Option<PathBuf> {
    LEFTHOOK.iter().map(|name| root.join(name)).find(|path| path.is_file())
}

/// The file of pre-commit or prek, if there is one.
pub(super) fn pre_commit_file(root: &Path) -> Option<PathBuf> {
    PRE_COMMIT.iter().map(|name| root.join(name)).find(|path| path.is_file())
}

/// Adds keylint to the file of lefthook, or removes it; gives what to say.
pub(super) fn lefthook(root: &Path, hook: HookName, uninstall: bool) -> anyhow::Result<String> {
    let path = lefthook_file(root).unwrap_or_else(|| root.join(LEFTHOOK[0]));
    let command = match hook {
        HookName::PreCommit => "keylint check --staged",
        HookName::PrePush => "keylint pre-push {1} {2}",
        HookName::CommitMsg => "keylint commit-msg {1}",
    };
    // lefthook gives git's lines on only where it is told to.
    let stdin = if hook == HookName::PrePush { "      use_stdin: true\n" } else { "" };
    let name = hook.file();
    let entry = format!("{name}:\n  commands:\n    keylint:\n      run: {command}\n{stdin}");
    let change = |before: &str| {
        let root = mapping(before)?;
        if root.contains_key(&Yaml::value_from_str(name)) {
            return None;
        }
        let after = appended(before, &entry);
        let mut read = mapping(&after)?;
        let added = read.remove(&Yaml::value_from_str(name))?;
        (read == root && added.as_mapping().is_some()).then_some(after.clone())
    };
    let said = edit(&path, hook, uninstall, &entry, &change)?;
    Ok(if uninstall { said } else { format!("{said}\nthen run `lefthook install`") })
}

/// Adds keylint to the file of pre-commit or prek, or removes it; gives what to say.
pub(super) fn pre_commit(root: &Path, hook: HookName, uninstall: bool) -> anyhow::Result<String> {
    let path = pre_commit_file(root).unwrap_or_else(|| root.join(PRE_COMMIT[0]));
    let id = match hook {
        HookName::PreCommit => "keylint",
        HookName::PrePush => "keylint-pre-push",
        HookName::CommitMsg => "keylint-commit-msg",
    };
    let entry = |pad: &str| {
        format!(
            "{pad}- repo: https://github.com/keylint/keylint\n{pad}  rev: v{}\n{pad}  hooks:\n{pad}    - id: {id}\n",
            env!("CARGO_PKG_VERSION")
        )
    };
    let change = |before: &str| {
        let repos = Yaml::value_from_str("repos");
        let mut root = mapping(before)?;
        let old = root.remove(&repos)?;
        let old = old.as_vec()?.clone();
        // As the other entries are indented.
        let line = before.lines().rfind(|line| line.trim_start().starts_with("- repo:"))?;
        let pad = &line[..line.len() - line.trim_start().len()];
        let after = appended(before, &entry(pad));
        let mut read = mapping(&after)?;
        let new = read.remove(&repos)?;
        let new = new.as_vec()?.clone();
        (read == root && new.len() == old.len() + 1 && new[..old.len()] == old[..]).then_some(after.clone())
    };
    let said = edit(&path, hook, uninstall, &entry("  "), &change)?;
    let kind = if hook == HookName::PreCommit { String::new() } else { format!(" --hook-type {}", hook.file()) };
    Ok(if uninstall { said } else { format!("{said}\nthen run `pre-commit install{kind}` or `prek install{kind}`") })
}

/// Changes the file where `change` knows how; else says what to do.
fn edit(
    path: &Path,
    hook: HookName,
    uninstall: bool,
    entry: &str,
    change: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<String> {
    let shown = path.display();
    let before = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read `{shown}`")),
    };
    let write = |text: &str| fs::write(path, text).with_context(|| format!("cannot write `{shown}`"));
    if uninstall {
        // Only what was added by this program is known to be removable.
        let block = blocks(&before).into_iter().find(|(start, end)| before[*start..*end].contains(entry.trim()));
        let block = block.or_else(|| blocks(&before).into_iter().find(|(s, e)| same_entry(&before[*s..*e], entry)));
        return match block {
            Some((start, end)) => {
                write(&format!("{}{}", &before[..start], &before[end..]))?;
                Ok(format!("removed keylint from {shown}"))
            }
            None if before.contains("keylint") => Ok(format!("remove keylint from {shown} by hand")),
            None => Ok(format!("{shown} does not run keylint")),
        };
    }
    if blocks(&before).iter().any(|(start, end)| same_entry(&before[*start..*end], entry)) {
        return Ok(format!("{shown} runs keylint already"));
    }
    let is_yaml = path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
    let after = match before.trim() {
        "" if is_yaml && entry.contains("- repo:") => Some(appended("", &format!("repos:\n{entry}"))),
        "" if is_yaml => Some(appended("", entry)),
        _ if is_yaml => change(&before),
        _ => None,
    };
    match after {
        Some(after) => {
            write(&after)?;
            Ok(format!("added keylint to {shown}"))
        }
        None => Ok(format!(
            "{shown} is left as it is, since an entry cannot be added safely; this lets it run `{}`:\n\n{entry}",
            script::command(hook)
        )),
    }
}

/// Whether a part is this entry, however it is indented.
fn same_entry(part: &str, entry: &str) -> bool {
    let last = entry.trim_end().lines().next_back().unwrap_or_default().trim();
    part.lines().any(|line| line.trim() == last)
}

/// The parts that this program has added, from mark to mark.
fn blocks(text: &str) -> Vec<(usize, usize)> {
    let starts = text.match_indices(BEGIN).map(|(start, _)| start);
    starts.filter_map(|start| Some((start, start + text[start..].find(END)? + END.len()))).collect()
}

fn appended(before: &str, entry: &str) -> String {
    let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    format!("{before}{end}{BEGIN}{entry}{END}")
}

/// The one document of a YAML text, as a mapping.
fn mapping(text: &str) -> Option<saphyr::Mapping<'_>> {
    let mut documents = Yaml::load_from_str(text).ok()?;
    let document = documents.pop().filter(|_| documents.is_empty())?;
    document.as_mapping().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Installs into a file with this text, twice, and removes again; says whether the file was changed.
    fn check(name: &str, before: &str, hook: HookName, contains: &[&str]) -> bool {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, before).expect("a file");
        let run = |uninstall| match name.contains("lefthook") {
            true => lefthook(folder.path(), hook, uninstall),
            false => pre_commit(folder.path(), hook, uninstall),
        };
        let said = run(false).expect("it is installed");
        let after = fs::read_to_string(&path).expect("a file");
        for part in contains {
            assert!(after.contains(part) || said.contains(part), "{part}: {said}\n{after}");
        }
        run(false).expect("a second time");
        assert_eq!(fs::read_to_string(&path).expect("a file"), after);
        run(true).expect("it is removed");
        let end = fs::read_to_string(&path).expect("a file");
        assert_eq!(end.trim_end(), before.trim_end(), "{said}");
        after != before
    }

    #[test]
    fn files_of_lefthook() {
        let hook = HookName::PreCommit;
        let run = ["run: keylint check --staged"];
        assert!(check("lefthook.yml", "", hook, &run));
        assert!(check("lefthook.yml", "# x\npre-push:\n  commands:\n    a:\n      run: b\n", hook, &run));
        assert!(check(".lefthook.yaml", "output: [summary]", hook, &run));
        assert!(check("lefthook.yml", "pre-commit:\n  commands: {}\n", HookName::PrePush, &["use_stdin: true"]));
        // It has that hook; it is no block; it is no mapping; it is no YAML.
        for (name, before) in [
            ("lefthook.yml", "pre-commit:\n  commands:\n    a:\n      run: b\n"),
            ("lefthook.yml", "{pre-push: {}}\n"),
            ("lefthook.yml", "- a\n"),
            ("lefthook.yml", "a: 1\n---\nb: 1\n"),
            ("lefthook.yml", "a: |\n  text\n...\n"),
            ("lefthook.toml", "[pre-push]\n"),
        ] {
            assert!(!check(name, before, hook, &run), "{before}");
        }
    }

    #[test]
    fn files_of_pre_commit() {
        let hook = HookName::PreCommit;
        let id = ["- id: keylint"];
        let repos = "repos:\n  - repo: local\n    hooks:\n      - id: x\n";
        assert!(check(".pre-commit-config.yaml", repos, hook, &id));
        assert!(check(
            ".pre-commit-config.yaml",
            "minimum_pre_commit_version: '3'\nrepos:\n- repo: local\n  hooks: []\n",
            hook,
            &id
        ));
        assert!(check(".pre-commit-config.yaml", "", HookName::CommitMsg, &["- id: keylint-commit-msg"]));
        for before in ["repos: []\n", "repos:\n  - repo: local\n    hooks: []\nci:\n  skip: []\n", "x: 1\n"] {
            assert!(!check(".pre-commit-config.yaml", before, hook, &id), "{before}");
        }
        assert!(!check("prek.toml", "[[repos]]\n", hook, &id));
    }
}
