//! The files beside a mended document: lines that `.env` and `.gitignore` get.
//! Not here: the document itself.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ignore::gitignore::Gitignore;
use keylint_diagnostics::{Edit, Insert, Span};
use keylint_engine::fix::env;

use crate::place::repository;

const ENV: &str = ".env";
const IGNORE: &str = ".gitignore";

/// Lines that are added to files, by path.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) files: BTreeMap<PathBuf, Vec<Line>>,
}

/// A line, without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: Vec<u8>,
    /// As it may be shown.
    pub(super) masked: Vec<u8>,
}

/// Gives the bytes of a span of the document.
type Copied<'a> = &'a dyn Fn(Span) -> Vec<u8>;

impl Beside {
    /// Why `edit`, of a file beside the document, cannot be made.
    pub(super) fn refusal(&self, base: &Path, edit: &Edit, copied: Copied<'_>) -> Option<String> {
        let path = base.join(&edit.path);
        if path.file_name().is_none_or(|name| name != ENV) {
            return None;
        }
        if is_tracked(&path) {
            return Some(format!("git tracks `{}`", edit.path));
        }
        let lines = render(edit, copied);
        let known = self.known(&path);
        let (key, value) = env::parts(&lines);
        let other = known.iter().map(|line| env::parts(line)).find(|(other, have)| *other == key && *have != value)?;
        Some(format!("`{}` already has another `{}`", edit.path, String::from_utf8_lossy(other.0)))
    }

    /// Whether the variable `name` has another value than `value`, also as one of Terraform's.
    pub(super) fn is_taken(&self, base: &Path, name: &str, value: &[u8]) -> bool {
        env::is_taken(self.known(&base.join(ENV)).iter().map(Vec::as_slice), name, value)
    }

    /// Adds the line of `edit`, unless the file has it.
    pub(super) fn add(&mut self, base: &Path, edit: &Edit, copied: Copied<'_>, masked: Copied<'_>) {
        let path = base.join(&edit.path);
        let text = trimmed(render(edit, copied));
        let known = self.known(&path);
        let (key, _) = env::parts(&text);
        let is_env = path.file_name().is_some_and(|name| name == ENV);
        let has = known.iter().any(|line| *line == text || is_env && env::parts(line).0 == key);
        // A pattern such as `*.env` says it already.
        let ignored = path.file_name().is_some_and(|name| name == IGNORE) && is_ignored(base);
        if !has && !ignored {
            self.files.entry(path).or_default().push(Line { text, masked: trimmed(render(edit, masked)) });
        }
    }

    /// The lines that a file has, and will have.
    fn known(&self, path: &Path) -> Vec<Vec<u8>> {
        let stored = fs::read(path).unwrap_or_default();
        let stored = stored.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec());
        let planned = self.files.get(path).into_iter().flatten().map(|line| line.text.clone());
        stored.chain(planned).collect()
    }
}

fn render(edit: &Edit, copied: Copied<'_>) -> Vec<u8> {
    let piece = |insert: &Insert| match insert {
        Insert::Text(text) => text.clone().into_bytes(),
        Insert::CopyOf(span) => copied(*span),
    };
    edit.insert.iter().flat_map(piece).collect()
}

fn trimmed(mut line: Vec<u8>) -> Vec<u8> {
    while line.last() == Some(&b'\n') {
        line.pop();
    }
    line
}

/// Whether git has the file in its index.
fn is_tracked(path: &Path) -> bool {
    let Some(folder) = path.parent() else { return false };
    let Ok(git) = gix::discover(folder) else { return false };
    let (Some(root), Ok(index)) = (git.workdir(), git.index_or_empty()) else { return false };
    let root = root.canonicalize().unwrap_or_else(|_| root.into());
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.into());
    let Ok(inner) = folder.strip_prefix(root) else { return false };
    let inner = crate::place::slashed(&inner.join(path.file_name().unwrap_or_default()));
    index.entry_by_path(inner.as_str().into()).is_some()
}

/// Whether `.env` in `folder` is ignored by the `.gitignore` files above it; the nearest one that speaks counts.
fn is_ignored(folder: &Path) -> bool {
    let top = repository(folder).unwrap_or(folder);
    for above in folder.ancestors().take_while(|above| above.starts_with(top)) {
        let (ignore, _) = Gitignore::new(above.join(IGNORE));
        let found = ignore.matched(folder.join(ENV), false);
        if !found.is_none() {
            return found.is_ignore();
        }
    }
    false
}
