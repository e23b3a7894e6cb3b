//! Says whether a cache speaks of the same scan: the same program, rules, configuration and kind of repository.
//! Not here: the cache (`cache.rs`).

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use gix::bstr::{BStr, ByteSlice};

use super::History;
use crate::{config_file, scan::Shared, walk};

/// The key of a scan. Everything that decides what is found in a blob is in it.
pub(super) fn of(history: &History, shared: &Shared) -> anyhow::Result<u128> {
    let mut key = Key::new();
    key.add(env!("CARGO_PKG_VERSION").as_bytes());
    key.add(&keylint_rules::digest().to_be_bytes());
    // Two builds of one version may differ in their detectors, and then nearly always in size.
    let program = env::current_exe().and_then(fs::metadata).map_or(0, |metadata| metadata.len());
    key.add(&program.to_be_bytes());
    let (configured, ignores) = files(history);
    for folder in &configured {
        key.add(folder.as_os_str().as_encoded_bytes());
        key.add(&shared.scopes.of(folder)?.digest.to_be_bytes());
    }
    for path in &ignores {
        key.add(path.as_os_str().as_encoded_bytes());
        key.add(&fs::read(path).unwrap_or_default());
    }
    // Where a shallow clone got more history, commits have other parents.
    key.add(&history.git.shallow_file().map(|path| fs::read(path).unwrap_or_default()).unwrap_or_default());
    Ok(key.0)
}

/// The root and the folders of the work tree that have a configuration of their own, and the ignore files; whether git
/// tracks these is not asked, for they count all the same.
fn files(history: &History) -> (BTreeSet<PathBuf>, BTreeSet<PathBuf>) {
    let index = history.git.index_or_empty().ok();
    let mut folders = BTreeSet::from([BStr::new("")]);
    for mut path in index.iter().flat_map(|index| index.entries().iter().map(|entry| entry.path(index))) {
        while let Some(end) = path.rfind_byte(b'/') {
            path = path[..end].as_bstr();
            if !folders.insert(path) {
                break;
            }
        }
    }
    let (mut configured, mut ignores) = (BTreeSet::from([history.root.clone()]), BTreeSet::new());
    for folder in folders {
        let folder = history.root.join(&*folder.to_str_lossy());
        let own = walk::OWN_IGNORES.iter().map(|name| folder.join(name));
        ignores.extend(own.filter(|path| path.is_file()));
        if config_file::in_folder(&folder).is_some() {
            configured.insert(folder);
        }
    }
    (configured, ignores)
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
    fn parts_do_not_run_together() {
        let key = |parts: &[&str]| {
            let mut key = Key::new();
            parts.iter().for_each(|part| key.add(part.as_bytes()));
            key.0
        };
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
    }
}
