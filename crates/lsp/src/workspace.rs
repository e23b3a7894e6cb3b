//! The sweep over files that are not open, step by step, so that messages are answered in between.
//! Not here: how one file is scanned (`scan.rs`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::uri::Uri;

/// Files of one step, and bytes after which it ends: a few milliseconds.
pub(crate) const STEP_FILES: usize = 64;
pub(crate) const STEP_BYTES: usize = 1 << 20;

/// For whom the workspace is swept.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// For the request of this id, with the token of its partial results.
    Pull { id: Value, token: Option<Value> },
    /// For a client that does not ask: what is found is published.
    Push,
}

/// The state of the sweep.
#[derive(Debug, Default)]
pub(crate) struct Sweep {
    pub(crate) wanted: Option<Wanted>,
    /// Folders to list, and files to scan.
    pub(crate) folders: VecDeque<Uri>,
    pub(crate) files: VecDeque<Uri>,
    /// Folders whose files that could be of a Terraform module are to be scanned.
    pub(crate) modules: BTreeSet<Uri>,
    /// What the client has, by document: the spelling and the id of the result.
    pub(crate) previous: BTreeMap<Uri, (String, String)>,
    /// Documents that were met, to tell which are gone.
    pub(crate) met: BTreeSet<Uri>,
    /// Whether all folders are swept, rather than some files.
    pub(crate) whole: bool,
    /// Reports that were not sent yet.
    pub(crate) items: Vec<Value>,
    /// Whether anything was sent.
    pub(crate) sent: bool,
    /// Whether it is under way, rather than waiting for a change.
    pub(crate) active: bool,
    /// Whether it waits for the host.
    pub(crate) waiting: bool,
    /// Whether every folder was swept once since the configuration was read.
    pub(crate) swept: bool,
    /// How many documents with findings the client was told of by sweeps.
    pub(crate) told: BTreeSet<Uri>,
    /// What has changed since.
    pub(crate) stale: BTreeSet<Uri>,
}

impl Sweep {
    /// Begins with all folders, or with what has changed. Does nothing where nothing has: a request is then held until
    /// something does, as the protocol proposes, since clients ask again at once.
    pub(crate) fn begin(&mut self, folders: &[Uri]) {
        // A client that has nothing of what it was told has started anew.
        let lost =
            self.previous.is_empty() && !self.told.is_empty() && matches!(self.wanted, Some(Wanted::Pull { .. }));
        self.whole = !self.swept || lost;
        if self.whole {
            self.folders = folders.iter().cloned().collect();
            self.stale.clear();
            self.modules.clear();
            self.files.clear();
        } else {
            self.files = std::mem::take(&mut self.stale).into_iter().collect();
        }
        self.met.clear();
        self.active = self.whole || !self.files.is_empty() || !self.modules.is_empty();
    }

    /// Whether there is something to do now.
    pub(crate) fn busy(&self) -> bool {
        self.wanted.is_some() && self.active && !self.waiting
    }
}
