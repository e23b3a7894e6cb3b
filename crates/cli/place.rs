//! Names documents: as the user wrote the path, and relative to the configuration in force.
//! Not here: which configuration that is (`config_file.rs`).

use std::{
    collections::BTreeSet,
    env,
    path::{Component, Path, PathBuf},
};

use anyhow::Context;

use crate::config_file::{Scope, Scopes};

/// A folder of documents.
#[derive(Clone)]
pub(crate) struct Place {
    /// The configuration in force.
    pub(crate) scope: &'static Scope,
    /// What stands before file names in the paths that the engine sees: empty, or `/`-separated with a `/` at the end.
    pub(crate) prefix: String,
}

impl Place {
    /// The folder `folder`, which is absolute.
    pub(crate) fn new(scopes: &Scopes, folder: &Path) -> anyhow::Result<Place> {
        let scope = scopes.of(folder)?;
        let mut prefix = slashed(folder.strip_prefix(&scope.base).unwrap_or(folder));
        if !prefix.is_empty() {
            prefix.push('/');
        }
        Ok(Place { scope, prefix })
    }
}

/// `path` with `/` between its parts; parts that are not UTF-8 have replacement characters.
pub(crate) fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// `path` as reports name it: without a leading `./`.
pub(crate) fn shown(path: &Path) -> String {
    let text = slashed(path);
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.trim_start_matches('/').into(),
        _ => text,
    }
}

/// The absolute form of folders as they are met: joins, and resolves links and `..` only where there are any.
#[derive(Clone, Debug)]
pub(crate) struct Here(PathBuf);

impl Here {
    /// The current folder.
    pub(crate) fn new() -> anyhow::Result<Here> {
        env::current_dir().map(Here).context("cannot find the current folder")
    }

    /// The current folder.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The absolute form of a folder. One that does not exist, such as that of `--stdin-filename`, keeps its parts.
    pub(crate) fn folder(&self, folder: &Path) -> PathBuf {
        let plain = |part: Component<'_>| !matches!(part, Component::ParentDir);
        let joined: PathBuf = self.0.join(folder).components().collect();
        if folder.components().all(plain) { joined } else { joined.canonicalize().unwrap_or(joined) }
    }

    /// The folder of a file, in absolute form.
    pub(crate) fn folder_of(&self, file: &Path) -> PathBuf {
        self.folder(file.parent().unwrap_or(Path::new("")))
    }
}

/// The folders where the search for configuration files ends: for each of `folders` the root of its repository, else
/// the current folder if it is above, else the folder itself.
pub(crate) fn tops(here: &Here, folders: impl IntoIterator<Item = PathBuf>) -> BTreeSet<PathBuf> {
    let mut tops = BTreeSet::new();
    for folder in folders {
        if folder.ancestors().any(|above| tops.contains(above)) {
            continue;
        }
        let top = match repository(&folder) {
            Some(root) => root.to_path_buf(),
            None if folder.starts_with(here.path()) => here.path().into(),
            None => folder,
        };
        tops.insert(top);
    }
    tops
}

/// The root of the repository that `folder` lies in: where `.git` is, a folder or the file of a worktree.
pub(crate) fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_written() {
        let check = |path: &str, want: &str| assert_eq!(shown(Path::new(path)), want);
        check("./a/b", "a/b");
        check("a/b", "a/b");
        check("../a", "../a");
        check("/a", "/a");
        check(".env", ".env");
        check("./", "./");
    }
}
