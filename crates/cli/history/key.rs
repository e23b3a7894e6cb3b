//! Says whether a cache speaks of the same scan: the same program, rules, configuration and kind of repository.
//! Not here: the cache (`cache.rs`).

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use gix::bstr::{BStr, ByteSlice};

use super::History;
use crate::{args::CheckArgs, config_file, scan::Shared, walk};

/// The key of a scan. Everything that decides what is found in a blob is in it.
pub(super) fn of(history: &History, shared: &Shared, args: &CheckArgs) -> anyhow::Result<u128> {
    let mut key = Key::new();
    key.add(env!("CARGO_PKG_VERSION").as_bytes());
    key.add(&keylint_rules::digest().to_be_bytes());
    // Two builds of one version may differ in their detectors, and then nearly always in size.
    let program = env::current_exe().and_then(fs::metadata).map_or(0, |metadata| metadata.len());
    key.add(&program.to_be_bytes());
    let (configured, ignores) = files(history);
    for folder in &configured {
        shared.scopes.of(folder)?;
        key.add(folder.as_os_str().as_encoded_bytes());
    }
    shared.scopes.of(&history.root)?;
    key.add(shared.scopes.hash().as_bytes());
    for path in &ignores {
        key.add(path.as_os_str().as_encoded_bytes());
        key.add(&fs::read(path).unwrap_or_default());
    }
    key.add(&[u8::from(args.force_exclude)]);
    // Where a shallow clone got more history, commits have other parents.
    key.add(&history.git.shallow_file().map(|path| fs::read(path).unwrap_or_default()).unwrap_or_default());
    Ok(key.0)
}

/// The folders of the work tree that have a configuration of their own, and the ignore files: those that git tracks, and
/// those of the root.
fn files(history: &History) -> (BTreeSet<PathBuf>, BTreeSet<PathBuf>) {
    let mut folders = BTreeSet::new();
    let mut ignores: BTreeSet<PathBuf> = walk::OWN_IGNORES.iter().map(|name| history.root.join(name)).collect();
    let Ok(index) = history.git.index_or_empty() else { return (folders, ignores) };
    for entry in index.entries() {
        let path = entry.path(&index);
        let name = path.rsplit_str("/").next().unwrap_or_default();
        if walk::OWN_IGNORES.iter().any(|known| known.as_bytes() == name) {
            ignores.insert(history.root.join(&*path.to_str_lossy()));
        }
        let configured = config_file::NAMES.iter().filter_map(|known| folder(path, known));
        folders.extend(configured.map(|folder| history.root.join(&*folder.to_str_lossy())));
    }
    (folders, ignores)
}

/// The folder in which `path` is the file `name`.
fn folder<'a>(path: &'a BStr, name: &str) -> Option<&'a BStr> {
    let folder = path.strip_suffix(name.as_bytes())?;
    if folder.is_empty() { Some(folder.as_bstr()) } else { folder.strip_suffix(b"/").map(|folder| folder.as_bstr()) }
}

/// FNV-1a with 128 bits, <http://www.isthe.com/chongo/tech/comp/fnv>.
struct Key(u128);

impl Key {
    fn new() -> Key {
        Key(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds a part, and where it ends.
    fn add(&mut self, part: &[u8]) {
        for byte in part.iter().copied().chain((part.len() as u64).to_be_bytes()) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations_are_recognised() {
        let check = |path: &str, name: &str, want: Option<&str>| {
            assert_eq!(folder(path.into(), name), want.map(BStr::new), "{path}");
        };
        check("keylint.toml", "keylint.toml", Some(""));
        check("a/keylint.toml", "keylint.toml", Some("a"));
        check("a/.keylint.toml", "keylint.toml", None);
        check("a/.config/keylint.toml", ".config/keylint.toml", Some("a"));
        check("a/b.toml", "keylint.toml", None);
    }

    #[test]
    fn parts_do_not_run_together() {
        let key = |parts: &[&str]| {
            let mut key = Key::new();
            parts.iter().for_each(|part| key.add(part.as_bytes()));
            key.0
        };
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
    }
}
