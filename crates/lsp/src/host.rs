//! What the server asks of the world around it. Not here: how a host answers; one reads a disk, another asks a browser.

/// What became of a file that the server wants to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// Its stored bytes.
    Text(Vec<u8>),
    /// There is no such file, or it cannot be read.
    Absent,
    /// It is there and larger than what is read for an editor.
    Large,
    /// The host is fetching it and calls [`Server::host_ready`](crate::Server::host_ready) when it knows.
    Pending,
}

/// What became of a list of files that the server wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Their URIs.
    Files(Vec<String>),
    /// The host is fetching it and calls [`Server::host_ready`](crate::Server::host_ready) when it knows.
    Pending,
}

/// The world as the server sees it. Files and folders are named by URIs, folders without a `/` at the end.
pub trait Host {
    /// The stored bytes of a file.
    fn read(&mut self, uri: &str) -> Read;

    /// The files that stand directly in a folder.
    fn children(&mut self, folder: &str) -> Listing;

    /// The files below a folder that a scan of it would read: those that git ignores may be left out.
    fn files(&mut self, folder: &str) -> Listing;

    /// The root of the repository that a folder lies in, where the search for configurations ends.
    fn repository(&mut self, folder: &str) -> Option<String>;

    /// Today, `YYYY-MM-DD`; without it nothing expires.
    fn today(&mut self) -> Option<String>;

    /// A new random key for the fingerprints of a baseline, 16 bytes or more.
    fn key(&mut self) -> Option<Vec<u8>>;

    /// Appends a line, which may hold a secret, to a file beside the documents (`.env`, `.gitignore`), unless it has
    /// it already; makes the file where there is none. Says why where it cannot or should not.
    fn append(&mut self, uri: &str, line: &[u8]) -> Result<(), String>;
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Host, Listing, Read};

    /// A host whose files are in memory.
    #[derive(Debug, Default)]
    pub(crate) struct Memory {
        pub(crate) files: BTreeMap<String, Vec<u8>>,
        /// Files that it is still fetching.
        pub(crate) fetching: BTreeSet<String>,
    }

    impl Memory {
        pub(crate) fn new(files: &[(&str, &str)]) -> Memory {
            let files = files.iter().map(|(uri, text)| (uri.to_string(), text.as_bytes().to_vec())).collect();
            Memory { files, fetching: BTreeSet::new() }
        }

        fn below(&self, folder: &str, deep: bool) -> Listing {
            let inside = |uri: &&String| {
                let rest = uri.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
                rest.is_some_and(|rest| deep || !rest.contains('/'))
            };
            Listing::Files(self.files.keys().filter(inside).cloned().collect())
        }
    }

    impl Host for Memory {
        fn read(&mut self, uri: &str) -> Read {
            if self.fetching.contains(uri) {
                return Read::Pending;
            }
            self.files.get(uri).map_or(Read::Absent, |text| Read::Text(text.clone()))
        }

        fn children(&mut self, folder: &str) -> Listing {
            self.below(folder, false)
        }

        fn files(&mut self, folder: &str) -> Listing {
            self.below(folder, true)
        }

        fn repository(&mut self, _: &str) -> Option<String> {
            None
        }

        fn today(&mut self) -> Option<String> {
            Some("2026-11-22".into())
        }

        fn key(&mut self) -> Option<Vec<u8>> {
            Some(vec![7; 16])
        }

        fn append(&mut self, uri: &str, line: &[u8]) -> Result<(), String> {
            let text = self.files.entry(uri.into()).or_default();
            text.extend_from_slice(line);
            text.push(b'\n');
            Ok(())
        }
    }
}
