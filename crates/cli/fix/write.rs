//! Writes what was planned: first the lines beside, then the documents, each whole or not at all.
//! Not here: what is written.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use anyhow::Context;

use super::{Plan, Rewritten, beside::Line};

/// Writes everything; documents that changed meanwhile are left out of the plan.
pub(super) fn all(plan: &mut Plan) -> anyhow::Result<()> {
    // `.gitignore` before `.env`: paths of one folder sort so that the other order would come out.
    for (path, lines) in plan.beside.files.iter().rev() {
        append(path, lines).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    let mut kept = Vec::new();
    for file in std::mem::take(&mut plan.files) {
        if replace(&file).with_context(|| format!("cannot write `{}`", file.path.display()))? {
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
fn replace(file: &Rewritten) -> io::Result<bool> {
    // Through a link, the file that it names is rewritten.
    let path = fs::canonicalize(&file.path)?;
    if fs::read(&path)? != file.old {
        return Ok(false);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = path.with_file_name(format!(".{name}.keylint-{}", std::process::id()));
    let written = write_beside(&beside, &path, &file.new).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // Nothing of it must stay; the error that matters is the first one.
        let _ = fs::remove_file(&beside);
    }
    written.map(|()| true)
}

fn write_beside(beside: &Path, path: &Path, text: &[u8]) -> io::Result<()> {
    let mut new = File::create_new(beside)?;
    new.write_all(text)?;
    new.set_permissions(fs::metadata(path)?.permissions())?;
    new.sync_all()
}
