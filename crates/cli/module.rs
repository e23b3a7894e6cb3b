//! The other files of a Terraform module: those in the folder of the one that is scanned.
//! Not here: what they say (`keylint-engine`).

use std::{
    fs,
    path::{Path, PathBuf},
};

use keylint_diagnostics::Document;
use keylint_engine::{MAX_MODULE, Module, is_of_module, speaks_of_policies};

/// A folder with more files that could be of a module is a collection of something else.
const MAX_FILES: usize = 1024;

/// The module that was read last; a thread mostly goes on with a file beside the last one.
#[derive(Debug, Default)]
pub(crate) struct Last {
    folder: PathBuf,
    module: Option<Module>,
}

impl Last {
    /// The module in `folder`, of which one file is shown as `path`; `None` where there is but this file.
    pub(crate) fn module(&mut self, folder: &Path, path: &str) -> Option<&Module> {
        if self.folder.as_os_str() != folder.as_os_str() {
            self.folder = folder.into();
            let files = read(folder, &path[..path.rfind('/').map_or(0, |at| at + 1)]);
            let documents: Vec<Document<'_>> = files.iter().map(|(path, text)| Document::new(path, text)).collect();
            self.module = Module::new(&documents);
        }
        self.module.as_ref()
    }
}

/// Reads the files of a folder; no more of them than are joined.
fn read(folder: &Path, shown: &str) -> Vec<(String, Vec<u8>)> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let names =
        fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_of_module(name)).take(MAX_FILES + 1).collect();
    names.sort();
    let (mut files, mut bytes) = (Vec::new(), 0);
    for name in names.iter().filter(|_| names.len() <= MAX_FILES) {
        let path = folder.join(name);
        let small = fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MAX_MODULE as u64);
        let Some(text) = small.then(|| fs::read(path).ok()).flatten().filter(|text| speaks_of_policies(text)) else {
            continue;
        };
        bytes += text.len();
        files.push((format!("{shown}{name}"), text));
        if bytes > MAX_MODULE {
            break;
        }
    }
    files
}
