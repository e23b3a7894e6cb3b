//! Writes what was planned: first the lines beside, then the documents, each whole or not at all.
//! Not here: what is written.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use anyhow::Context;

use super::{Plan, Rewritten, beside::Line};
use crate::replace::replace;

/// Writes everything; documents that changed meanwhile are left out of the plan.
pub(super) fn all(plan: &mut Plan) -> anyhow::Result<()> {
    // `.gitignore` before `.env`: paths of one folder sort so that the other order would come out.
    for (path, lines) in plan.beside.files.iter().rev() {
        append(path, lines).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    let mut kept = Vec::new();
    for file in std::mem::take(&mut plan.files) {
        if rewrite(&file).with_context(|| format!("cannot write `{}`", file.path.display()))? {
            kept.push(file);
        } else {
            plan.notes
                .insert(format!("`{}` is left as it is: it changed while it was mended", file.shown.escape_debug()));
        }
    }
    plan.files = kept;
    Ok(())
}

/// Adds lines at the end of a file, which only its owner may read if it is new.
pub(super) fn append(path: &Path, lines: &[Line]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    if path.file_name().is_some_and(|name| name == ".env") {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    let mut stored = Vec::new();
    file.read_to_end(&mut stored)?;
    let end: &[u8] = if stored.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
    let mut text = Vec::new();
    if !stored.is_empty() && !stored.ends_with(b"\n") {
        text.extend_from_slice(end);
    }
    for line in lines {
        text.extend_from_slice(&line.text);
        text.extend_from_slice(end);
    }
    file.write_all(&text)?;
    file.sync_data()
}

/// Puts the new text in the place of the old one; `false` where the file is not the old text any more.
fn rewrite(file: &Rewritten) -> io::Result<bool> {
    let same = fs::read(&file.path)? == file.old;
    if same {
        replace(&file.path, &file.new)?;
    }
    Ok(same)
}
