//! What a layer does to the files below it: puts others in their place, or deletes them.
//! Not here: scanning. The rules: <https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts>.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

/// Before the name of a file that is deleted.
const DELETED: &str = ".wh.";
/// In a folder of which nothing from below is seen.
const OPAQUE: &str = ".wh..wh..opq";

/// What a later layer did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It deleted it, or a folder above it.
    Deleted,
    /// It put another one in its place.
    Replaced,
}

/// The names in a layer.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// Hashes of the paths of files and links: images have many, and only a few are asked for.
    files: Vec<u64>,
    deleted: BTreeSet<String>,
    opaque: BTreeSet<String>,
}

impl Layers {
    /// Notes an entry; `content` says that it is no folder.
    pub(super) fn note(&mut self, path: &str, content: bool) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name == OPAQUE {
            self.opaque.insert(folder.into());
        } else if let Some(deleted) = name.strip_prefix(DELETED) {
            let slash = if folder.is_empty() { "" } else { "/" };
            self.deleted.insert(format!("{folder}{slash}{deleted}"));
        } else if content {
            self.files.push(hash(path));
        }
    }

    /// Makes it ready to be asked.
    pub(super) fn finish(&mut self) {
        self.files.sort_unstable();
        self.files.dedup();
    }

    /// What the layer did to the file at `path` of a lower layer; nothing if it is still seen.
    pub(super) fn fate(&self, path: &str) -> Option<Fate> {
        if self.files.binary_search(&hash(path)).is_ok() {
            return Some(Fate::Replaced);
        }
        if self.deleted.contains(path) || self.opaque.contains("") {
            return Some(Fate::Deleted);
        }
        let mut above = path;
        while let Some((folder, _)) = above.rsplit_once('/') {
            above = folder;
            let file = self.files.binary_search(&hash(above)).is_ok();
            if file || self.deleted.contains(above) || self.opaque.contains(above) {
                return Some(Fate::Deleted);
            }
        }
        None
    }
}

fn hash(path: &str) -> u64 {
    // With its fixed keys this gives the same in every run.
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_delete_and_replace() {
        let mut layer = Layers::default();
        for path in ["etc/new", "etc/.wh.old", "srv/.wh.data", "var/cache/.wh..wh..opq", ".wh.top", "opt"] {
            layer.note(path, true);
        }
        layer.note("etc", false);
        layer.finish();
        let check = |path: &str, want| assert_eq!(layer.fate(path), want, "{path}");
        check("etc/new", Some(Fate::Replaced));
        check("etc/old", Some(Fate::Deleted));
        check("etc/kept", None);
        check("srv/data/a/b", Some(Fate::Deleted));
        check("var/cache/a", Some(Fate::Deleted));
        check("var/log", None);
        check("top", Some(Fate::Deleted));
        // A folder that became a file.
        check("opt/app/a", Some(Fate::Deleted));
    }
}
