//! The other files of a Terraform module: those in the folder of the one that is scanned.
//! Not here: what they say (`keylint-engine`).

use std::{
    fs,
    path::{Path, PathBuf},
};

use keylint_diagnostics::Document;
use keylint_engine::{MAX_MODULE, is_of_module, speaks_of_policies};

/// A folder with more files that could be of a module is a collection of something else.
const MAX_FILES: usize = 1024;

/// What was read of a folder; a thread mostly goes on with a file beside the last one.
#[derive(Debug, Default)]
pub(crate) struct Module {
    folder: PathBuf,
    /// By their paths, as they are shown.
    files: Vec<(String, Vec<u8>)>,
}

impl Module {
    /// The files of the module in `folder` that say something about policies, of which one is shown as `path`.
    pub(crate) fn files(&mut self, folder: &Path, path: &str) -> Vec<Document<'_>> {
        if self.folder.as_os_str() != folder.as_os_str() {
            self.folder = folder.into();
            self.files = read(folder, &path[..path.rfind('/').map_or(0, |at| at + 1)]);
        }
        self.files.iter().map(|(path, text)| Document::new(path, text)).collect()
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
