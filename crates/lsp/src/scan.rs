//! Scans one text with the configuration and the baseline in force for it, as `keylint check` would.
//! Not here: which texts, or what of it is shown.

use std::sync::Arc;

use keylint_diagnostics::{Diagnostic, Document, Skip};
use keylint_engine::{Engine, Module, Scan, baseline::Seen};

use crate::{
    files::{Files, Pending},
    modules::Modules,
    scopes::{Accepted, Scope, Scopes},
    uri::Uri,
};

/// A larger text is not scanned while it is edited: a scan should take no longer than a key press.
pub(crate) const MAX_TEXT: usize = 16 << 20;
/// Places of an accepted secret that are read to tell a move from a copy; with more of them it is hardly a move.
const MAX_PLACES: usize = 32;

/// What a scan of a text gave.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) scope: Arc<Scope>,
    /// The document's path, as the engine sees it.
    pub(crate) path: String,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) skipped: Vec<Skip>,
    /// The module that it was scanned in.
    module: Arc<Module>,
}

impl Scanned {
    /// What `engine` finds in another text of the same document.
    pub(crate) fn again(&self, engine: &Engine, text: &[u8]) -> Scan {
        let document = Document::new(&self.path, text);
        let module = (!self.module.knows(&document)).then(|| self.module.with(&[document]));
        engine.scanner().scan_in_module(&document, module.as_ref().unwrap_or(&self.module))
    }
}

/// Everything that decides on what a scan gives.
pub(crate) struct World<'a> {
    pub(crate) files: Files<'a>,
    pub(crate) scopes: &'a mut Scopes,
    pub(crate) modules: &'a mut Modules,
    /// The folders of the workspace.
    pub(crate) folders: &'a [Uri],
    /// Whether the client tells of changes of files in them.
    pub(crate) watched: bool,
}

impl World<'_> {
    /// Scans the text of `uri`; nothing is found in what the configuration or an ignore file leaves out.
    pub(crate) fn scan(&mut self, uri: &Uri, text: &[u8]) -> Result<Scanned, Pending> {
        let (scope, top, repository) = self.scope(uri)?;
        let path = uri.below(&scope.base).unwrap_or(uri.name()).to_string();
        let (diagnostics, skipped) = (Vec::new(), Vec::new());
        let mut scanned = Scanned { scope, path, diagnostics, skipped, module: Arc::default() };
        let own = scanned.scope.accepted.as_ref().is_some_and(|accepted| accepted.uri == *uri);
        if own || scanned.scope.excludes(&scanned.path) || text.len() > MAX_TEXT {
            return Ok(scanned);
        }
        if uri.has_folder() && self.scopes.ignores(uri, &top, repository, &mut self.files)? {
            return Ok(scanned);
        }
        scanned.module = self.module(&scanned.scope.engine, uri, &Document::new(&scanned.path, text))?;
        let scan = scanned.again(&scanned.scope.engine, text);
        scanned.diagnostics = scan.diagnostics;
        scanned.skipped = scan.skipped;
        let scope = Arc::clone(&scanned.scope);
        if let Some(accepted) = &scope.accepted {
            self.accept(&scope, accepted, uri, &mut scanned.diagnostics)?;
        }
        Ok(scanned)
    }

    /// The module that a document is to be scanned in.
    fn module(&mut self, engine: &Engine, uri: &Uri, document: &Document<'_>) -> Result<Arc<Module>, Pending> {
        if !engine.wants_module(document) {
            return Ok(Arc::default());
        }
        let watched = self.watched && self.folders.iter().any(|folder| uri.is_in(folder));
        self.modules.of(uri, document, watched, &mut self.files)
    }

    /// The configuration of a document, where the search for it ended, and whether that is a repository.
    pub(crate) fn scope(&mut self, uri: &Uri) -> Result<(Arc<Scope>, Uri, bool), Pending> {
        let folder = match uri.parent() {
            Some(folder) if uri.has_folder() => folder,
            // An unsaved buffer belongs to the first folder of the workspace.
            _ => self.folders.first().cloned().unwrap_or_else(|| Uri::parse("untitled:/")),
        };
        let repository = self.files.host.repository(&folder.text()).map(|root| Uri::parse(&root));
        let around = || self.folders.iter().filter(|above| folder.is_in(above)).min().cloned();
        let known = repository.is_some();
        let top = repository.or_else(around).unwrap_or_else(|| folder.clone());
        let scope = self.scopes.of(&folder, &top, &mut self.files)?;
        Ok((scope, top, known))
    }

    /// Whether git would leave out the file `uri`, which need not exist.
    pub(crate) fn keeps_from_git(&mut self, uri: &Uri) -> Result<bool, Pending> {
        let (_, top, repository) = self.scope(uri)?;
        Ok(repository && self.scopes.keeps_from_git(uri, &top, &mut self.files)?)
    }

    /// Marks what the baseline accepts.
    fn accept(
        &mut self,
        scope: &Scope,
        accepted: &Accepted,
        uri: &Uri,
        diagnostics: &mut [Diagnostic],
    ) -> Result<(), Pending> {
        let Some(path) = uri.below(&accepted.root) else { return Ok(()) };
        let mut seen = Seen::default();
        for diagnostic in diagnostics.iter() {
            let known = accepted.baseline.entries.iter().find(|entry| entry.fingerprint == diagnostic.fingerprint);
            let Some(entry) = known.filter(|entry| !entry.paths.iter().any(|known| known == path)) else { continue };
            for place in entry.paths.iter().take(MAX_PLACES).filter(|place| place.as_str() != path) {
                if seen.knows(place) {
                    continue;
                }
                let other = accepted.root.join(place);
                match self.files.read(&other)? {
                    None => seen.gone(place),
                    Some(text) => {
                        let document = Document::new(place, &text);
                        let module = self.module(&scope.engine, &other, &document)?;
                        let scan = scope.engine.scanner().scan_in_module(&document, &module);
                        seen.scanned(place, &scan.diagnostics);
                    }
                }
            }
        }
        let today = self.files.host.today();
        let mut places: Vec<_> = diagnostics.iter_mut().map(|diagnostic| (path.to_string(), diagnostic)).collect();
        accepted.baseline.apply(&mut places, &seen, today.as_deref());
        Ok(())
    }
}
