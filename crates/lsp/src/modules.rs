//! The Terraform module that a document is a file of: what is open in the editor, and what the host has beside it.
//! Not here: what its files say together (`keylint_engine::Module`).

use std::{collections::BTreeSet, sync::Arc};

use keylint_diagnostics::Document;
use keylint_engine::{Module, is_of_module};

use crate::{
    files::{Files, Pending},
    uri::Uri,
};

/// What a client watches for us once a module was read.
pub(crate) const PATTERNS: [&str; 3] = ["**/*.tf", "**/*.tf.json", "**/*.tofu"];

/// The module that was read last: what is typed changes one file of it, and a sweep goes from file to file.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    last: Option<(Uri, Arc<Module>)>,
    /// Whether any module was read.
    pub(crate) any: bool,
    /// Folders whose files are too large for a module, which is said once of each.
    pub(crate) too_large: BTreeSet<Uri>,
}

impl Modules {
    /// The module of `document`, which is `uri`, with what is open as it is now. `watched` says that the client tells of
    /// changes of files, so that those of the host need not be read again each time.
    pub(crate) fn of(
        &mut self,
        uri: &Uri,
        document: &Document<'_>,
        watched: bool,
        files: &mut Files<'_>,
    ) -> Result<Arc<Module>, Pending> {
        let Some(folder) = uri.parent().filter(|_| uri.has_folder()) else { return Ok(Arc::default()) };
        let known = self.last.take().filter(|(known, _)| *known == folder);
        let module = match known {
            Some((_, module)) => module,
            None => Arc::new(read(&folder, document, files)?),
        };
        let shown = document.path.strip_suffix(uri.name()).unwrap_or_default();
        let beside = files.documents.iter().filter(|(other, _)| *other != uri && is_beside(other, &folder));
        let beside: Vec<_> = beside.map(|(other, open)| (format!("{shown}{}", other.name()), &open.text)).collect();
        let open = beside.iter().map(|(path, text)| Document::new(path, text.as_bytes())).chain([*document]);
        let changed: Vec<Document<'_>> = open.filter(|document| !module.knows(document)).collect();
        let module = if changed.is_empty() { module } else { Arc::new(module.with(&changed)) };
        self.any = true;
        if module.is_too_large() {
            self.too_large.insert(folder);
        } else if watched {
            self.last = Some((folder, Arc::clone(&module)));
        }
        Ok(module)
    }

    /// Whether the text of a file is the one that the module has.
    pub(crate) fn knows(&self, uri: &Uri, text: &str) -> bool {
        let last = self.last.as_ref().filter(|(folder, _)| is_beside(uri, folder));
        last.is_some_and(|(_, module)| module.knows(&Document::new(uri.name(), text.as_bytes())))
    }

    /// A file of the host is another one now, or an open one is what the host has.
    pub(crate) fn forget(&mut self, uri: &Uri) {
        self.last.take_if(|(folder, _)| is_beside(uri, folder));
    }
}

/// Whether `uri` is a file of the module in `folder`.
pub(crate) fn is_beside(uri: &Uri, folder: &Uri) -> bool {
    is_of_module(uri.name()) && uri.below(folder).is_some_and(|rest| rest == uri.name())
}

fn read(folder: &Uri, document: &Document<'_>, files: &mut Files<'_>) -> Result<Module, Pending> {
    let names: Vec<String> = files.children(folder)?.iter().map(|uri| uri.name().to_string()).collect();
    // All are asked for at once, since a host may fetch each over a network.
    let mut pending = false;
    let module = Module::around(document, names, |name| match files.read(&folder.join(name)) {
        Ok(text) => Ok::<_, Pending>(text),
        Err(Pending) => {
            pending = true;
            Ok(None)
        }
    })?;
    if pending { Err(Pending) } else { Ok(module) }
}
