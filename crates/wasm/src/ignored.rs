//! Ignore files, with the meaning that git and the program give them. Not here: where they are looked for.

use keylint_diagnostics::Map;
use keylint_engine::IgnoreFile;
use wasm_bindgen::prelude::*;

/// The ignore files of one name, by folder.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Ignore {
    folders: Map<String, IgnoreFile>,
}

#[wasm_bindgen]
impl Ignore {
    /// One that ignores nothing.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Ignore {
        Ignore::default()
    }

    /// Takes the ignore file of a folder, in place of an earlier one. A pattern that is not valid says nothing, as in git.
    pub fn add(&mut self, folder: &str, text: &str) {
        self.folders.insert(folder.into(), IgnoreFile::parse(text));
    }

    /// What is said of a path itself: `true` where it is ignored, `false` where it is not after all, else `undefined`.
    pub fn says(&self, path: &str, is_folder: bool) -> Option<bool> {
        let mut above = Some(path);
        while let Some(inner) = above {
            above = (!inner.is_empty()).then(|| inner.rsplit_once('/').map_or("", |(above, _)| above));
            let Some((folder, file)) = above.and_then(|above| Some((above, self.folders.get(above)?))) else {
                continue;
            };
            let relative = path[folder.len()..].trim_start_matches('/');
            if let Some(ignored) = file.says(relative, is_folder) {
                return Some(ignored);
            }
        }
        None
    }

    /// Whether a path is ignored, itself or by a folder above it.
    pub fn ignores(&self, path: &str, folder: bool) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        folders.into_iter().any(|above| self.says(above, true) == Some(true)) || self.says(path, folder) == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeper_files_win() {
        let mut ignore = Ignore::new();
        ignore.add("", "*.log\n/build\nout/\n!keep.log\n");
        ignore.add("src", "!a.log\n");
        let check = |path: &str, want: bool| assert_eq!(ignore.ignores(path, false), want, "{path}");
        check("a.log", true);
        check("x/a.log", true);
        check("keep.log", false);
        check("src/a.log", false);
        check("src/b.log", true);
        check("build/x.py", true);
        check("src/build/x.py", false);
        check("src/out/x.py", true);
        check("out", false);
        assert_eq!(ignore.says("src/a.log", false), Some(false));
        assert_eq!(ignore.says("src/a.py", false), None);
    }
}
