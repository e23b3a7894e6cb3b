//! The other files of a Terraform module: those in the folder of the one that is scanned, in the work tree or in the index.
//! Not here: what they say (`keylint-engine`).

use std::{
    convert::Infallible,
    fs,
    path::{Path, PathBuf},
};

use keylint_diagnostics::{Document, Origin};
use keylint_engine::{Engine, MAX_MODULE, Module, Scan};

/// Where the other files of a folder are.
pub(crate) trait Folder {
    /// The names of its files.
    fn names(&self, folder: &Path) -> Vec<String>;
    /// The text of one, unless it is larger than a module.
    fn read(&self, folder: &Path, name: &str) -> Option<Vec<u8>>;
}

/// The files of the work tree.
pub(crate) struct Disk;

impl Folder for Disk {
    fn names(&self, folder: &Path) -> Vec<String> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    fn read(&self, folder: &Path, name: &str) -> Option<Vec<u8>> {
        let path = folder.join(name);
        let small = fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MAX_MODULE as u64);
        small.then(|| fs::read(path).ok()).flatten()
    }
}

/// The module that was read last; a thread mostly goes on with a file beside the last one.
#[derive(Debug, Default)]
pub(crate) struct Last(Option<(PathBuf, Origin, Module)>);

impl Last {
    /// The module of a document in `folder`.
    pub(crate) fn module(
        &mut self,
        folder: &Path,
        origin: Origin,
        files: &dyn Folder,
        document: &Document<'_>,
    ) -> &Module {
        let known = self.0.take().filter(|(known, from, _)| known.as_os_str() == folder.as_os_str() && *from == origin);
        let last = known.unwrap_or_else(|| (folder.into(), origin, around(folder, files, document)));
        &self.0.insert(last).2
    }
}

fn around(folder: &Path, files: &dyn Folder, document: &Document<'_>) -> Module {
    let read = |name: &str| Ok::<_, Infallible>(files.read(folder, name));
    match Module::around(document, files.names(folder), read) {
        Ok(module) => module,
        Err(never) => match never {},
    }
}

/// Scans one file of the work tree, whose text need not be the stored one.
pub(crate) fn scan(engine: &Engine, folder: &Path, document: &Document<'_>) -> Scan {
    let module = engine.wants_module(document).then(|| around(folder, &Disk, document));
    engine.scanner().scan_in_module(document, &module.unwrap_or_default())
}
