//! The disk and the clock, as the language server asks for them. Not here: what it does with them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use ignore::WalkBuilder;
use keylint_lsp::{Host, Listing, Read, file_path, file_uri};

use crate::{
    baseline,
    config_file::today,
    fix,
    place::{repository, slashed},
    read::MAX_IN_MEMORY,
    walk::OWN_IGNORES,
};

/// The file system. Nothing is kept: what an editor asks for has just changed.
#[derive(Debug)]
pub(super) struct Disk;

impl Host for Disk {
    fn read(&mut self, uri: &str) -> Read {
        let Some(path) = path(uri) else { return Read::Absent };
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() && metadata.len() > MAX_IN_MEMORY => Read::Large,
            // Reading a pipe would wait for a writer.
            Ok(metadata) if metadata.is_file() => fs::read(&path).map_or(Read::Absent, Read::Text),
            _ => Read::Absent,
        }
    }

    fn children(&mut self, folder: &str) -> Listing {
        let entries = path(folder).and_then(|folder| fs::read_dir(folder).ok());
        let files = entries.into_iter().flatten().flatten().filter(|entry| entry.path().is_file());
        Listing::Files(files.map(|entry| uri(&entry.path())).collect())
    }

    fn files(&mut self, folder: &str) -> Listing {
        let Some(folder) = path(folder) else { return Listing::Files(Vec::new()) };
        let mut walk = WalkBuilder::new(folder);
        walk.hidden(false).require_git(true).filter_entry(|entry| entry.file_name() != ".git");
        walk.add_custom_ignore_filename(OWN_IGNORES[0]);
        let files = walk.build().flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        Listing::Files(files.map(|entry| uri(entry.path())).collect())
    }

    fn repository(&mut self, folder: &str) -> Option<String> {
        repository(&path(folder)?).map(uri)
    }

    fn today(&mut self) -> Option<String> {
        Some(today(SystemTime::now()))
    }

    fn key(&mut self) -> Option<Vec<u8>> {
        baseline::key().ok()
    }

    fn append(&mut self, uri: &str, line: &[u8]) -> Result<(), String> {
        let path = path(uri).ok_or("only files of this machine can be written")?;
        let line = std::str::from_utf8(line).map_err(|_| "the value is not UTF-8")?;
        fix::append(&path, line)
    }
}

fn path(uri: &str) -> Option<PathBuf> {
    file_path(uri).map(PathBuf::from)
}

fn uri(path: &Path) -> String {
    file_uri(&slashed(path))
}
