//! Ignore files, with the meaning that git and the program give them. Not here: where they are looked for.

use std::{collections::BTreeMap, path::Path};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};
use wasm_bindgen::prelude::*;

/// The ignore files of one name, by folder.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Ignore {
    folders: BTreeMap<String, Gitignore>,
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
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.lines() {
            // The program says nothing of such a line either.
            let _ = builder.add_line(None, line);
        }
        if let Ok(matcher) = builder.build() {
            self.folders.insert(folder.into(), matcher);
        }
    }

    /// What is said of a path itself: `true` where it is ignored, `false` where it is not after all, else `undefined`.
    pub fn says(&self, path: &str, folder: bool) -> Option<bool> {
        let mut above = Some(path);
        while let Some(inner) = above {
            above = (!inner.is_empty()).then(|| inner.rsplit_once('/').map_or("", |(above, _)| above));
            let Some(matcher) = above.and_then(|above| self.folders.get(above)) else { continue };
            match matcher.matched(Path::new(path), folder) {
                Match::None => {}
                found => return Some(found.is_ignore()),
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
