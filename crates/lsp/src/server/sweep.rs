//! Answers about the whole workspace. Not here: what a sweep remembers (`workspace.rs`).

use serde_json::{Value, json};

use super::{EVERYTHING, Server, Stop};
use crate::{
    files::Pending,
    host::Read,
    modules::is_beside,
    rpc::{self, Fault, value},
    scan::MAX_TEXT,
    show::{self, Shown},
    types::WorkspacePull,
    uri::Uri,
    workspace::{STEP_BYTES, STEP_FILES, Wanted},
};
use keylint_diagnostics::{Encoding, not_text};

impl Server {
    pub(super) fn pull_workspace(&mut self, id: &Value, wanted: WorkspacePull) -> Result<Value, Stop> {
        self.finish_sweep();
        let previous = wanted.previous_result_ids.into_iter();
        self.sweep.previous =
            previous.map(|previous| (Uri::parse(&previous.uri), (previous.uri, previous.value))).collect();
        self.sweep.wanted = Some(Wanted::Pull { id: id.clone(), token: wanted.partial_result_token });
        self.sweep.sent = false;
        self.watch(vec![EVERYTHING.into()]);
        self.wake();
        Err(Stop::Later)
    }

    /// Goes on with the sweep if somebody waits for it and something has changed.
    pub(super) fn wake(&mut self) {
        if !self.settings.enable || !self.settings.workspace || self.sweep.wanted.is_none() {
            return;
        }
        if !self.sweep.active || !self.sweep.swept {
            let folders = self.folders.clone();
            self.sweep.begin(&folders);
        }
    }

    /// Answers the request that waits, with what there is.
    pub(super) fn finish_sweep(&mut self) {
        let items = std::mem::take(&mut self.sweep.items);
        self.sweep.active = false;
        match self.sweep.wanted.take() {
            Some(Wanted::Pull { id, token }) => {
                self.sweep.sent |= !items.is_empty();
                let items = self.partial(token.as_ref(), items);
                self.out.push(rpc::answer(&id, Ok(json!({ "items": items }))));
            }
            Some(Wanted::Push) | None => {}
        }
    }

    pub(super) fn cancel_sweep(&mut self, wanted: &Value) {
        let same = matches!(&self.sweep.wanted, Some(Wanted::Pull { id, .. }) if id == wanted);
        if same {
            self.sweep.wanted = None;
            self.sweep.active = false;
            self.sweep.items.clear();
            self.out.push(rpc::answer(wanted, Err(Fault::new(Fault::CANCELLED, "cancelled"))));
        }
    }

    /// Does a part of the sweep.
    pub(super) fn sweep_on(&mut self) {
        if let Some(folder) = self.sweep.folders.front().cloned() {
            match self.world().files.below(&folder) {
                Ok(files) => {
                    self.sweep.files.extend(files);
                    self.sweep.folders.pop_front();
                }
                Err(Pending) => self.sweep.waiting = true,
            }
            return;
        }
        while let Some(folder) = self.sweep.modules.first().cloned() {
            let Ok(files) = self.world().files.children(&folder) else {
                self.sweep.waiting = true;
                return;
            };
            self.sweep.modules.remove(&folder);
            let known = |uri: &Uri| self.sweep.files.contains(uri);
            let files: Vec<Uri> = files.into_iter().filter(|uri| is_beside(uri, &folder) && !known(uri)).collect();
            self.sweep.files.extend(files);
        }
        let mut bytes = 0;
        for _ in 0..STEP_FILES {
            let Some(uri) = self.sweep.files.pop_front() else { break };
            match self.sweep_file(&uri) {
                Ok(read) => bytes += read,
                Err(Pending) => {
                    self.sweep.files.push_front(uri);
                    self.sweep.waiting = true;
                    return;
                }
            }
            if bytes > STEP_BYTES {
                break;
            }
        }
        if let Some(Wanted::Pull { token: Some(token), .. }) = &self.sweep.wanted {
            let (token, items) = (token.clone(), std::mem::take(&mut self.sweep.items));
            self.sweep.sent |= !items.is_empty();
            self.partial(Some(&token), items);
        }
        if self.sweep.files.is_empty() {
            self.swept();
        }
    }

    /// Everything was scanned.
    fn swept(&mut self) {
        if self.sweep.whole {
            let gone = |uri: &&Uri| !self.sweep.met.contains(*uri);
            let gone: Vec<Uri> = self.sweep.previous.keys().chain(&self.sweep.told).filter(gone).cloned().collect();
            gone.iter().for_each(|uri| self.report(uri, Shown::new(Vec::new())));
        }
        self.sweep.swept = true;
        self.sweep.active = false;
        let push = matches!(self.sweep.wanted, Some(Wanted::Push));
        if push || self.sweep.sent || !self.sweep.items.is_empty() {
            let told = push.then_some(Wanted::Push);
            self.finish_sweep();
            // A client that does not ask is told of later changes too.
            self.sweep.wanted = told;
        } else {
            // While this one was under way more may have changed.
            self.wake_stale();
        }
    }

    fn wake_stale(&mut self) {
        if !self.sweep.stale.is_empty() || !self.sweep.modules.is_empty() {
            self.wake();
        }
    }

    /// Scans one file; gives how many bytes were read.
    fn sweep_file(&mut self, uri: &Uri) -> Result<usize, Pending> {
        if self.documents.contains_key(uri) {
            // Its own diagnostics are told apart from these.
            self.sweep.met.insert(uri.clone());
            return Ok(0);
        }
        let (client, settings) = (self.client, self.settings);
        let mut world = self.world();
        let stored = match world.files.host.read(&uri.text()) {
            Read::Text(text) if text.len() <= MAX_TEXT => text,
            Read::Text(_) | Read::Large => {
                self.log(format!("keylint: `{}` was not scanned: it is too large", uri.name()));
                self.report(uri, Shown::new(Vec::new()));
                return Ok(0);
            }
            Read::Absent => {
                if !self.sweep.told.contains(uri) && !self.sweep.previous.contains_key(uri) {
                    // It may be a folder that has come, of which only its own name is told.
                    let below = self.world().files.below(uri)?;
                    self.sweep.files.extend(below.into_iter().filter(|file| file != uri));
                }
                self.report(uri, Shown::new(Vec::new()));
                return Ok(0);
            }
            Read::Pending => return Err(Pending),
        };
        if not_text(&stored).is_some() {
            self.report(uri, Shown::new(Vec::new()));
            return Ok(0);
        }
        // As an editor shows it.
        let text = match Encoding::detect(&stored) {
            Encoding::Utf8 => stored.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(stored),
            encoding => keylint_syntax::to_utf8(&stored, encoding).bytes,
        };
        let scanned = world.scan(uri, &text)?;
        let spelled = uri.text();
        let items = show::items(&scanned, &spelled, &text, &client, &settings);
        self.say_problems(uri, &scanned);
        self.report(uri, Shown::new(items));
        Ok(text.len())
    }

    /// Tells what was found in a file that is not open, if that is news.
    fn report(&mut self, uri: &Uri, shown: Shown) {
        self.sweep.met.insert(uri.clone());
        let known = self.sweep.previous.get(uri);
        let spelled = known.map_or_else(|| uri.text(), |(spelled, _)| spelled.clone());
        let same = known.is_some_and(|(_, id)| *id == shown.id);
        let empty = shown.items.is_empty();
        // What was never told of needs no clearing.
        let unheard = empty && known.is_none() && !self.sweep.told.contains(uri);
        if empty {
            self.sweep.told.remove(uri);
        } else {
            self.sweep.told.insert(uri.clone());
        }
        if same || unheard {
            return;
        }
        if matches!(self.sweep.wanted, Some(Wanted::Push)) {
            let params = json!({ "uri": spelled, "diagnostics": value(shown.items) });
            self.out.push(rpc::notification("textDocument/publishDiagnostics", params));
            return;
        }
        self.sweep.items.push(json!({
            "kind": "full", "uri": spelled, "version": null, "resultId": shown.id, "items": value(shown.items),
        }));
    }

    /// Sends items ahead of the answer where the client wants that; gives those that the answer has.
    fn partial(&mut self, token: Option<&Value>, items: Vec<Value>) -> Vec<Value> {
        let Some(token) = token.filter(|_| !items.is_empty()) else { return items };
        let params = json!({ "token": token, "value": { "items": items } });
        self.out.push(rpc::notification("$/progress", params));
        Vec::new()
    }
}
