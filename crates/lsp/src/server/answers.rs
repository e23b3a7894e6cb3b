//! What the server does with documents, and its answers about them. Not here: files that are not open (`sweep.rs`).

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Asked, RELOAD, SCAN_WORKSPACE, Server, Stop, decides};
use crate::{
    actions::{APPLY, Subject},
    client::Run,
    documents::Open,
    files::Pending,
    hover, lens,
    modules::{self, is_beside},
    rpc::{self, Fault, value},
    scan::{MAX_TEXT, Scanned},
    show::{self, Shown},
    text::{self, Lines},
    types::{ActionsWanted, At, Changed, CommandCalled, Deed, OfDocument, Opened},
    uri::Uri,
    workspace::Wanted,
};

impl Server {
    pub(super) fn opened(&mut self, opened: Opened) {
        let opened = opened.text_document;
        let uri = Uri::parse(&opened.uri);
        let open = Open {
            uri: opened.uri,
            version: opened.version,
            language: opened.language_id,
            text: opened.text,
            scanned: None,
            shown: None,
            held: false,
        };
        self.documents.insert(uri.clone(), open);
        self.sweep.stale.remove(&uri);
        // What is open counts, also where it was never saved.
        if self.is_tomorrow() || decides(&uri) || self.scopes.reads(&uri) {
            self.reload();
        } else {
            self.module_changed(&uri, false);
            self.publish(&uri);
        }
    }

    pub(super) fn changed(&mut self, changed: Changed) {
        let uri = Uri::parse(&changed.text_document.uri);
        let (unit, on_save) = (self.client.unit, self.settings.run == Run::OnSave);
        let Some(open) = self.documents.get_mut(&uri) else { return };
        open.version = changed.text_document.version.unwrap_or(open.version + 1);
        for change in changed.content_changes {
            text::apply(&mut open.text, change, unit);
        }
        open.scanned = None;
        open.held = on_save && open.shown.is_some();
        // A place in the text that a request waits to hear of is another place now.
        self.refuse_parked(&modified(), |_, params| {
            let placed = params.get("range").is_some() || params.get("position").is_some();
            placed && params["textDocument"]["uri"].as_str().is_some_and(|text| Uri::parse(text) == uri)
        });
        if decides(&uri) || self.scopes.reads(&uri) {
            self.reload();
        } else {
            if !on_save {
                self.module_changed(&uri, false);
            }
            if !self.inbox.changes(&changed.text_document.uri) {
                self.publish(&uri);
            }
        }
    }

    pub(super) fn saved(&mut self, saved: OfDocument) {
        let uri = Uri::parse(&saved.text_document.uri);
        let Some(open) = self.documents.get_mut(&uri) else { return };
        let held = std::mem::take(&mut open.held);
        if self.is_tomorrow() {
            self.reload();
        } else if held {
            self.module_changed(&uri, false);
            self.publish(&uri);
            // A client that asks does so after changes, not after a save.
            if self.client.pulls && self.client.refreshes_diagnostics {
                self.ask("workspace/diagnostic/refresh", Value::Null, Asked::Other);
            }
        }
    }

    pub(super) fn closed(&mut self, closed: OfDocument) {
        let uri = Uri::parse(&closed.text_document.uri);
        let Some(open) = self.documents.remove(&uri) else { return };
        self.unpublished.remove(&uri);
        if !self.client.pulls {
            let params = json!({ "uri": open.uri, "diagnostics": [] });
            self.out.push(rpc::notification("textDocument/publishDiagnostics", params));
        }
        // What was not saved does not count any more.
        if decides(&uri) || self.scopes.reads(&uri) {
            self.reload();
        }
        self.module_changed(&uri, true);
        if uri.has_folder() {
            self.sweep.stale.insert(uri);
            self.wake();
        }
    }

    /// Where a file of a Terraform module is another one now, other findings stand in the files beside it. `stored` says
    /// that the host has something new as well, so that files that are not open are to be looked at.
    pub(super) fn module_changed(&mut self, uri: &Uri, stored: bool) {
        let Some(folder) = uri.parent().filter(|folder| uri.has_folder() && is_beside(uri, folder)) else { return };
        let known = self.documents.get(uri).is_some_and(|open| self.modules.knows(uri, &open.text));
        if stored {
            self.modules.forget(uri);
            self.sweep.modules.insert(folder.clone());
        }
        if known {
            return;
        }
        let others = self.documents.iter_mut().filter(|(other, _)| *other != uri && is_beside(other, &folder));
        let outdated: Vec<Uri> = others
            .map(|(other, open)| {
                open.scanned = None;
                other.clone()
            })
            .collect();
        // Of many changes only the last one is told of.
        if self.documents.get(uri).is_some_and(|open| self.inbox.changes(&open.uri)) {
            return;
        }
        outdated.iter().for_each(|other| self.publish(other));
        if !outdated.is_empty() && self.client.pulls && self.client.refreshes_diagnostics {
            self.ask("workspace/diagnostic/refresh", Value::Null, Asked::Other);
        }
    }

    /// Whether another day has begun, on which suppressions may have ended.
    fn is_tomorrow(&mut self) -> bool {
        let today = self.host.today();
        today != self.today
    }

    /// Tells a client that does not ask what is found in an open document.
    pub(super) fn publish(&mut self, uri: &Uri) {
        if self.client.pulls {
            return;
        }
        let Ok(shown) = self.shown(uri) else {
            self.unpublished.insert(uri.clone());
            return;
        };
        let Some(open) = self.documents.get(uri) else { return };
        let params = json!({ "uri": open.uri, "version": open.version, "diagnostics": value(shown.items) });
        self.out.push(rpc::notification("textDocument/publishDiagnostics", params));
    }

    /// What a scan of an open document gives; `None` where it is not open.
    pub(super) fn scanned(&mut self, uri: &Uri) -> Result<Option<Arc<Scanned>>, Pending> {
        let Some(open) = self.documents.get(uri) else { return Ok(None) };
        if let Some(scanned) = &open.scanned {
            return Ok(Some(Arc::clone(scanned)));
        }
        let Server { host, documents, scopes, modules, folders, client, .. } = self;
        let Some(open) = documents.get(uri) else { return Ok(None) };
        let files = crate::files::Files { documents, host: &mut **host };
        let mut world = crate::scan::World { files, scopes, modules, folders, watched: client.watches };
        let scanned = Arc::new(world.scan(uri, open.text.as_bytes())?);
        if let Some(open) = self.documents.get_mut(uri) {
            open.scanned = Some(Arc::clone(&scanned));
        }
        self.say_problems(uri, &scanned);
        self.watch_sources();
        Ok(Some(scanned))
    }

    /// What is shown of an open document; nothing where it is not open.
    fn shown(&mut self, uri: &Uri) -> Result<Shown, Pending> {
        let held = self.documents.get(uri).filter(|open| open.held).and_then(|open| open.shown.clone());
        if let Some(shown) = held {
            return Ok(shown);
        }
        if !self.settings.enable {
            return Ok(Shown::default());
        }
        let Some(scanned) = self.scanned(uri)? else { return Ok(Shown::default()) };
        let Some(open) = self.documents.get_mut(uri) else { return Ok(Shown::default()) };
        let mut items = show::items(&scanned, &open.uri, open.text.as_bytes(), &self.client, &self.settings);
        items.extend(self.scopes.problem(uri).map(show::problem));
        let shown = Shown::new(items);
        open.shown = Some(shown.clone());
        Ok(shown)
    }

    /// Says in words what no diagnostic shows: a configuration that cannot be used, and what was not scanned.
    pub(super) fn say_problems(&mut self, uri: &Uri, scanned: &Scanned) {
        let problems: Vec<String> = self
            .scopes
            .problems()
            .filter(|problem| !self.documents.contains_key(&problem.uri))
            .map(|problem| format!("{}:{}: {}", problem.uri.name(), problem.line, problem.reason))
            .collect();
        for problem in problems {
            if self.said.insert(problem.clone()) {
                self.say(1, &problem);
            }
        }
        let large = self.documents.get(uri).is_some_and(|open| open.text.len() > MAX_TEXT);
        let skipped = scanned.skipped.iter().map(|skip| skip.reason.clone());
        let reasons: Vec<String> = skipped.chain(large.then(|| "it is too large".into())).collect();
        for reason in reasons {
            let message = format!("keylint: `{}` was not scanned whole: {reason}", uri.name());
            self.log(message);
        }
        for folder in std::mem::take(&mut self.modules.too_large) {
            self.log(format!(
                "keylint: each Terraform file of `{}` is read for itself: they are too large",
                folder.name()
            ));
        }
    }

    /// Writes a line to the client's log, unless it has it already.
    pub(super) fn log(&mut self, message: String) {
        if self.said.insert(message.clone()) {
            self.out.push(rpc::notification("window/logMessage", json!({ "type": 3, "message": message })));
        }
    }

    /// Asks for changes of the files that a configuration names.
    fn watch_sources(&mut self) {
        let named = self.scopes.sources().filter(|uri| !decides(uri));
        let mut patterns: Vec<String> = named.map(|uri| format!("**/{}", uri.name())).collect();
        if self.modules.any {
            patterns.extend(modules::PATTERNS.map(str::to_string));
        }
        self.watch(patterns);
    }

    pub(super) fn pull(&mut self, wanted: OfDocument) -> Result<Value, Stop> {
        let uri = Uri::parse(&wanted.text_document.uri);
        let shown = self.shown(&uri)?;
        Ok(if wanted.previous_result_id.as_deref() == Some(&shown.id) {
            json!({ "kind": "unchanged", "resultId": shown.id })
        } else {
            json!({ "kind": "full", "resultId": shown.id, "items": value(shown.items) })
        })
    }

    pub(super) fn hover(&mut self, at: At) -> Result<Value, Stop> {
        let uri = Uri::parse(&at.text_document.uri);
        let Some(scanned) = self.scanned(&uri)? else { return Ok(Value::Null) };
        let Some(open) = self.documents.get(&uri) else { return Ok(Value::Null) };
        let text = open.text.as_bytes();
        let lines = Lines::new(text, self.client.unit);
        let offset = lines.offset(at.position);
        let markdown = self.client.markdown;
        let found = hover::at(&scanned, text, offset, &self.settings, markdown);
        let found = found.map(|(said, label)| (said, label.span));
        let named = || {
            let span = word(text, offset)?;
            let id = std::str::from_utf8(span.of(text)).ok()?;
            let line = lines.line(offset);
            let marked = memchr::memmem::find(line.of(text), b"keylint: ignore").is_some();
            Some((hover::rule(&scanned, id, markdown).filter(|_| marked)?, span))
        };
        let Some((said, span)) = found.or_else(named) else { return Ok(Value::Null) };
        let kind = if markdown { "markdown" } else { "plaintext" };
        Ok(json!({ "contents": { "kind": kind, "value": said }, "range": value(lines.range(span)) }))
    }

    pub(super) fn actions(&mut self, wanted: ActionsWanted) -> Result<Value, Stop> {
        let uri = Uri::parse(&wanted.text_document.uri);
        let settings = self.settings;
        let (range, context) = (wanted.range, wanted.context);
        let actions = self.with_subject(&uri, |subject, world| subject.actions(world, range, &context, &settings))?;
        let actions = actions.unwrap_or_default();
        // A client that knows no actions takes the commands alone.
        Ok(if self.client.actions {
            value(actions)
        } else {
            value(actions.into_iter().filter_map(|action| action.command).collect::<Vec<_>>())
        })
    }

    pub(super) fn resolve(&mut self, mut action: Value) -> Result<Value, Stop> {
        // Neovim asks also for what is done by a command and has no edit.
        if action.get("command").is_some() {
            return Ok(action);
        }
        let deed: Deed = rpc::read(action["data"].clone())?;
        let done = self.deed(&deed)?;
        if !done.lines.is_empty() {
            return Err(Fault::new(Fault::INVALID_PARAMS, "this is done by its command").into());
        }
        action["edit"] = value(done.edit);
        Ok(action)
    }

    pub(super) fn command(&mut self, called: CommandCalled) -> Result<Value, Stop> {
        match called.command.as_str() {
            APPLY => {
                let deed: Deed = rpc::read(called.arguments.into_iter().next().unwrap_or(Value::Null))?;
                let done = self.deed(&deed)?;
                // The value is kept before it leaves the document. A file that is open and was changed would be
                // overwritten by whichever of the two is saved last.
                for (uri, line) in &done.lines {
                    self.write(uri, line).map_err(|reason| {
                        self.say(1, &reason);
                        Fault::new(Fault::FAILED, reason)
                    })?;
                }
                self.ask("workspace/applyEdit", json!({ "edit": value(done.edit) }), Asked::Edit);
                if done.lines.iter().any(|(uri, _)| decides(uri)) {
                    self.reload();
                }
            }
            SCAN_WORKSPACE => {
                self.sweep.swept = false;
                if self.client.pulls {
                    if self.client.refreshes_diagnostics {
                        self.ask("workspace/diagnostic/refresh", Value::Null, Asked::Other);
                    }
                } else {
                    self.sweep.wanted = Some(Wanted::Push);
                }
                self.wake();
            }
            RELOAD => {
                self.scopes.reset();
                self.reload();
            }
            _ => return Err(Fault::new(Fault::INVALID_PARAMS, "no such command").into()),
        }
        Ok(Value::Null)
    }

    fn write(&mut self, uri: &Uri, line: &[u8]) -> Result<(), String> {
        if let Some(open) = self.documents.get(uri) {
            let stored = self.host.read(&uri.text());
            if stored != crate::Read::Text(open.text.clone().into_bytes()) {
                return Err(format!("`{}` is open and was changed: save it first", uri.name()));
            }
        }
        self.host.append(&uri.text(), line)
    }

    /// Works out what a deed changes.
    fn deed(&mut self, deed: &Deed) -> Result<crate::actions::Done, Stop> {
        let uri = Uri::parse(&deed.uri);
        if self.documents.get(&uri).is_none_or(|open| open.version != deed.version) {
            return Err(modified().into());
        }
        let done = self.with_subject(&uri, |subject, world| subject.perform(world, &deed.what))?;
        Ok(done.flatten().ok_or_else(modified)?)
    }

    pub(super) fn lenses(&mut self, wanted: OfDocument) -> Result<Value, Stop> {
        let uri = Uri::parse(&wanted.text_document.uri);
        if !self.settings.enable {
            return Ok(json!([]));
        }
        let (unit, settings) = (self.client.unit, self.settings);
        let lenses = self.with_subject(&uri, |subject, _| {
            Ok(lens::of(subject.scanned, subject.open.text.as_bytes(), &settings, unit))
        })?;
        Ok(value(lenses.unwrap_or_default()))
    }

    /// Calls `act` with an open document and what was found in it.
    fn with_subject<T>(
        &mut self,
        uri: &Uri,
        act: impl FnOnce(&Subject<'_>, &mut crate::scan::World<'_>) -> Result<T, Pending>,
    ) -> Result<Option<T>, Pending> {
        if !self.settings.enable {
            return Ok(None);
        }
        let Some(scanned) = self.scanned(uri)? else { return Ok(None) };
        let client = self.client;
        let mut world = self.world();
        let documents = world.files.documents;
        let Some(open) = documents.get(uri) else { return Ok(None) };
        let subject = Subject { uri, open, scanned: &scanned, client: &client };
        act(&subject, &mut world).map(Some)
    }
}

fn modified() -> Fault {
    Fault::new(Fault::CONTENT_MODIFIED, "the document has changed since")
}

/// The rule id at `offset`, if a word like one stands there.
fn word(text: &[u8], offset: u32) -> Option<keylint_diagnostics::Span> {
    let at = offset as usize;
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let before = text.get(..at)?.iter().rev().take_while(|byte| part(byte)).count();
    let after = text.get(at..)?.iter().take_while(|byte| part(byte)).count();
    (before + after > 0).then(|| keylint_diagnostics::Span::new(at - before..at + after))
}
