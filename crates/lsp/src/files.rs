//! Files as the server sees them: what is open in the editor first, then what the host has.
//! Not here: which files (`scopes.rs`).

use crate::{
    documents::Documents,
    host::{Host, Listing, Read},
    uri::Uri,
};

/// The host does not know yet; what was asked must be asked again when it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pending;

/// Reads open documents and files of the host.
pub(crate) struct Files<'a> {
    pub(crate) documents: &'a Documents,
    pub(crate) host: &'a mut dyn Host,
}

impl Files<'_> {
    /// The text of a file; `None` where there is none.
    pub(crate) fn read(&mut self, uri: &Uri) -> Result<Option<Vec<u8>>, Pending> {
        match self.documents.get(uri) {
            Some(open) => Ok(Some(open.text.clone().into_bytes())),
            None => self.stored(uri),
        }
    }

    /// The text of a file as it is stored.
    pub(crate) fn stored(&mut self, uri: &Uri) -> Result<Option<Vec<u8>>, Pending> {
        match self.host.read(&uri.text()) {
            Read::Text(text) => Ok(Some(text)),
            Read::Absent | Read::Large => Ok(None),
            Read::Pending => Err(Pending),
        }
    }

    /// The text of a file; bytes that are not UTF-8 are replaced.
    pub(crate) fn text(&mut self, uri: &Uri) -> Result<Option<String>, Pending> {
        Ok(self.read(uri)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The files that stand directly in a folder, sorted.
    pub(crate) fn children(&mut self, folder: &Uri) -> Result<Vec<Uri>, Pending> {
        match self.host.children(&folder.text()) {
            Listing::Files(uris) => Ok(sorted(&uris)),
            Listing::Pending => Err(Pending),
        }
    }

    /// The files below a folder, sorted.
    pub(crate) fn below(&mut self, folder: &Uri) -> Result<Vec<Uri>, Pending> {
        match self.host.files(&folder.text()) {
            Listing::Files(uris) => Ok(sorted(&uris)),
            Listing::Pending => Err(Pending),
        }
    }
}

fn sorted(uris: &[String]) -> Vec<Uri> {
    let mut uris: Vec<Uri> = uris.iter().map(|uri| Uri::parse(uri)).collect();
    keylint_diagnostics::sort(&mut uris);
    uris.dedup();
    uris
}
