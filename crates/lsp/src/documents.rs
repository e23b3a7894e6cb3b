//! The documents that the client has open, as it last said. Not here: files on a disk (`files.rs`).

use std::{collections::BTreeMap, sync::Arc};

use crate::{scan::Scanned, show::Shown, uri::Uri};

/// A document that the client has open.
#[derive(Debug)]
pub(crate) struct Open {
    /// As the client spells it.
    pub(crate) uri: String,
    pub(crate) version: i64,
    /// What the client calls its language.
    pub(crate) language: String,
    pub(crate) text: String,
    /// What a scan of this very text gave.
    pub(crate) scanned: Option<Arc<Scanned>>,
    /// What the client was told last.
    pub(crate) shown: Option<Shown>,
    /// Whether it was changed since `shown`, and is not to be scanned before it is saved.
    pub(crate) held: bool,
}

/// By what they are, not by how the client spells them.
pub(crate) type Documents = BTreeMap<Uri, Open>;
