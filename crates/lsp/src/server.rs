//! The server: what it offers, and which part answers which message. Not here: what the answers say.

mod answers;
mod sweep;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, mem,
};

use keylint_engine::is_of_module;
use serde_json::{Value, json};

use crate::{
    actions,
    client::{Client, Settings},
    documents::Documents,
    files::{Files, Pending},
    host::Host,
    ignored,
    inbox::Inbox,
    modules::Modules,
    rpc::{self, Fault, Message},
    scan::World,
    scopes::{self, Scopes},
    types::{FoldersChanged, Named, SettingsChanged, WatchedChanges},
    uri::Uri,
    workspace::Sweep,
};

pub(crate) const SCAN_WORKSPACE: &str = "keylint.scanWorkspace";
pub(crate) const RELOAD: &str = "keylint.reload";

/// Where the server is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    New,
    Running,
    ShutDown,
    /// With this code.
    Exited(u8),
}

/// What a request of ours was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Settings,
    Edit,
    Other,
}

/// Why a request is not answered with a result now.
enum Stop {
    Fault(Fault),
    /// The host is fetching something; the request is tried again then.
    Pending,
    /// It is answered later.
    Later,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

impl From<Pending> for Stop {
    fn from(_: Pending) -> Stop {
        Stop::Pending
    }
}

/// A language server that runs when it is called.
pub struct Server {
    host: Box<dyn Host>,
    phase: Phase,
    client: Client,
    settings: Settings,
    folders: Vec<Uri>,
    documents: Documents,
    scopes: Scopes,
    modules: Modules,
    inbox: Inbox,
    /// Messages that wait for the host.
    parked: Vec<Message>,
    /// Documents whose diagnostics wait for the host.
    unpublished: BTreeSet<Uri>,
    sweep: Sweep,
    asked: BTreeMap<i64, Asked>,
    last_id: i64,
    /// What was said in words, so that it is not said again.
    said: BTreeSet<String>,
    /// Patterns of files that the client watches for us.
    watched: BTreeSet<String>,
    today: Option<String>,
    /// The request that is being handled.
    current: Option<Value>,
    out: Vec<String>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("phase", &self.phase).finish_non_exhaustive()
    }
}

impl Server {
    /// A server that has not heard of a client yet.
    pub fn new(host: Box<dyn Host>) -> Server {
        Server {
            host,
            phase: Phase::New,
            client: Client::default(),
            settings: Settings::default(),
            folders: Vec::new(),
            documents: Documents::new(),
            scopes: Scopes::default(),
            modules: Modules::default(),
            inbox: Inbox::default(),
            parked: Vec::new(),
            unpublished: BTreeSet::new(),
            sweep: Sweep::default(),
            asked: BTreeMap::new(),
            last_id: 0,
            said: BTreeSet::new(),
            watched: BTreeSet::new(),
            today: None,
            current: None,
            out: Vec::new(),
        }
    }

    /// Takes a message, and does everything that there is to do; gives the messages to send.
    pub fn handle(&mut self, message: &str) -> Vec<String> {
        self.receive(message);
        let mut out = Vec::new();
        while self.is_busy() {
            out.extend(self.step());
        }
        out
    }

    /// Takes a message for a later [`step`](Server::step), so that hosts with more than one at hand can hand over all:
    /// a request that is cancelled by then is not carried out.
    pub fn receive(&mut self, message: &str) {
        if let Some(id) = self.inbox.push(Message::parse(message)) {
            self.cancel(&id);
        }
    }

    /// Whether there is something to do.
    pub fn is_busy(&self) -> bool {
        !self.inbox.is_empty() || !self.out.is_empty() || self.sweep.busy()
    }

    /// Handles the next message, or does a part of longer work; gives the messages to send.
    pub fn step(&mut self) -> Vec<String> {
        match self.inbox.pop() {
            Some(message) => self.message(message),
            None if self.sweep.busy() => self.sweep_on(),
            None => {}
        }
        mem::take(&mut self.out)
    }

    /// The host knows now what it was fetching: whatever waited for it is tried again.
    pub fn host_ready(&mut self) {
        self.sweep.waiting = false;
        self.inbox.put_back(mem::take(&mut self.parked));
        for uri in mem::take(&mut self.unpublished) {
            self.publish(&uri);
        }
    }

    /// The code that the process ends with, once the client said `exit`: 0 after a shutdown, else 1.
    pub fn exit_code(&self) -> Option<u8> {
        match self.phase {
            Phase::Exited(code) => Some(code),
            Phase::New | Phase::Running | Phase::ShutDown => None,
        }
    }

    /// The messages to send where a [`step`](Server::step) has panicked, which must not happen: a host that can go on
    /// does, since one document must not end the session.
    pub fn failed(&mut self) -> Vec<String> {
        let message = "keylint itself failed on this; please report it";
        if let Some(id) = self.current.take() {
            self.out.push(rpc::answer(&id, Err(Fault::new(Fault::INTERNAL, message))));
        }
        self.out.push(rpc::notification("window/logMessage", json!({ "type": 1, "message": message })));
        mem::take(&mut self.out)
    }

    fn world(&mut self) -> World<'_> {
        let Server { host, documents, scopes, modules, folders, client, .. } = self;
        World { files: Files { documents, host: &mut **host }, scopes, modules, folders, watched: client.watches }
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Refused { id, fault } => self.out.push(rpc::answer(&id, Err(fault))),
            Message::Response { id, result } => self.response(&id, result),
            Message::Notification { method, params } => self.notification(&method, params),
            Message::Request { id, method, params } => {
                let again = params.clone();
                self.current = Some(id.clone());
                match self.request(&id, &method, params) {
                    Ok(result) => self.out.push(rpc::answer(&id, Ok(result))),
                    Err(Stop::Fault(fault)) => self.out.push(rpc::answer(&id, Err(fault))),
                    Err(Stop::Pending) => self.parked.push(Message::Request { id, method, params: again }),
                    Err(Stop::Later) => {}
                }
                self.current = None;
            }
        }
    }

    fn request(&mut self, id: &Value, method: &str, params: Value) -> Result<Value, Stop> {
        match (self.phase, method) {
            (Phase::New, "initialize") => return Ok(self.initialize(&params)),
            (Phase::New, _) => return Err(Fault::new(Fault::NOT_INITIALIZED, "`initialize` comes first").into()),
            (Phase::Running, "initialize") => {
                return Err(Fault::new(Fault::INVALID_REQUEST, "`initialize` comes once").into());
            }
            (Phase::Running, "shutdown") => {
                self.shut_down();
                return Ok(Value::Null);
            }
            (Phase::Running, _) => {}
            _ => return Err(Fault::new(Fault::INVALID_REQUEST, "the server was shut down").into()),
        }
        match method {
            "textDocument/diagnostic" => self.pull(rpc::read(params)?),
            "workspace/diagnostic" => self.pull_workspace(id, rpc::read(params)?),
            "textDocument/hover" => self.hover(rpc::read(params)?),
            "textDocument/codeAction" => self.actions(rpc::read(params)?),
            "codeAction/resolve" => self.resolve(params),
            "textDocument/codeLens" => self.lenses(rpc::read(params)?),
            "workspace/executeCommand" => self.command(rpc::read(params)?),
            _ => Err(Fault::new(Fault::UNKNOWN_METHOD, "no such method").into()),
        }
    }

    fn notification(&mut self, method: &str, params: Value) {
        match (self.phase, method) {
            (phase, "exit") => self.phase = Phase::Exited(u8::from(phase != Phase::ShutDown)),
            (Phase::Running, _) => {
                // A notification that cannot be read has no answer; those that are not known are ignored.
                let _ = self.noted(method, params);
            }
            _ => {}
        }
    }

    fn noted(&mut self, method: &str, params: Value) -> Result<(), Fault> {
        match method {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => self.opened(rpc::read(params)?),
            "textDocument/didChange" => self.changed(rpc::read(params)?),
            "textDocument/didSave" => self.saved(rpc::read(params)?),
            "textDocument/didClose" => self.closed(rpc::read(params)?),
            "workspace/didChangeConfiguration" => {
                let SettingsChanged { settings } = rpc::read(params)?;
                self.settings.update(&settings);
                self.ask_settings();
                self.reload();
            }
            "workspace/didChangeWatchedFiles" => self.files_changed(rpc::read(params)?),
            "workspace/didChangeWorkspaceFolders" => {
                let FoldersChanged { event } = rpc::read(params)?;
                let of = |folders: &[Named]| folders.iter().map(|folder| Uri::of_folder(&folder.uri)).collect();
                let (removed, added): (Vec<Uri>, Vec<Uri>) = (of(&event.removed), of(&event.added));
                self.folders.retain(|folder| !removed.contains(folder) && !added.contains(folder));
                self.folders.extend(added);
                self.reload();
            }
            _ => {}
        }
        Ok(())
    }

    fn response(&mut self, id: &Value, result: Result<Value, Value>) {
        let Some(asked) = id.as_i64().and_then(|id| self.asked.remove(&id)) else { return };
        match (asked, result) {
            (Asked::Settings, Ok(settings)) => {
                let before = self.settings;
                self.settings.update(settings.get(0).unwrap_or(&Value::Null));
                if self.settings != before {
                    self.reload();
                }
            }
            (Asked::Edit, Ok(result)) if result["applied"] == true => {}
            (Asked::Edit, _) => self.say(2, "the editor did not apply the change"),
            (Asked::Settings | Asked::Other, _) => {}
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        self.phase = Phase::Running;
        self.client = Client::read(&params["capabilities"]);
        self.settings.update(&params["initializationOptions"]);
        self.today = self.host.today();
        let folders = params["workspaceFolders"].as_array().map(Vec::as_slice).unwrap_or_default();
        let named = folders.iter().filter_map(|folder| folder["uri"].as_str());
        self.folders = named.map(Uri::of_folder).collect();
        if self.folders.is_empty() {
            self.folders.extend(params["rootUri"].as_str().map(Uri::of_folder));
        }
        let mut capabilities = json!({
            "positionEncoding": self.client.encoding(),
            "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
            "hoverProvider": true,
            "codeLensProvider": { "resolveProvider": false },
            "codeActionProvider": {
                "codeActionKinds": [actions::QUICK_FIX, actions::FIX_ALL],
                "resolveProvider": self.client.resolves,
            },
            "executeCommandProvider": { "commands": [actions::APPLY, SCAN_WORKSPACE, RELOAD] },
            "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
        });
        if self.client.pulls {
            capabilities["diagnosticProvider"] =
                json!({ "identifier": "keylint", "interFileDependencies": true, "workspaceDiagnostics": true });
        }
        json!({ "capabilities": capabilities, "serverInfo": { "name": "keylint", "version": env!("CARGO_PKG_VERSION") } })
    }

    fn initialized(&mut self) {
        let names = scopes::NAMES.iter().chain([&scopes::BASELINE]).chain(&ignored::NAMES);
        let patterns: Vec<String> = names.map(|name| format!("**/{name}")).collect();
        self.watch(patterns);
        self.ask_settings();
    }

    fn ask_settings(&mut self) {
        if self.client.configuration {
            let params = json!({ "items": [{ "section": "keylint" }] });
            self.ask("workspace/configuration", params, Asked::Settings);
        }
    }

    /// Asks the client to tell of changes of files, each pattern once.
    fn watch(&mut self, patterns: Vec<String>) {
        let new: Vec<String> = patterns.into_iter().filter(|pattern| !self.watched.contains(pattern)).collect();
        if new.is_empty() || !self.client.watches || self.watched.contains(EVERYTHING) {
            return;
        }
        let watchers: Vec<Value> = new.iter().map(|pattern| json!({ "globPattern": pattern })).collect();
        let registration = json!({
            "id": format!("keylint.watch.{}", self.watched.len()),
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        });
        self.watched.extend(new);
        self.ask("client/registerCapability", json!({ "registrations": [registration] }), Asked::Other);
    }

    fn ask(&mut self, method: &str, params: Value, asked: Asked) {
        self.last_id += 1;
        self.asked.insert(self.last_id, asked);
        self.out.push(rpc::request(self.last_id, method, params));
    }

    /// Says something to the user: 1 is an error, 2 a warning.
    fn say(&mut self, level: u8, message: &str) {
        let params = json!({ "type": level, "message": format!("keylint: {message}") });
        self.out.push(rpc::notification("window/showMessage", params));
    }

    fn files_changed(&mut self, changed: WatchedChanges) {
        let uris: Vec<Uri> = changed.changes.iter().map(|change| Uri::parse(&change.uri)).collect();
        let decides = |uri: &&Uri| decides(uri) || self.scopes.reads(uri);
        if uris.iter().any(|uri| decides(&uri)) {
            self.reload();
            return;
        }
        let mut folders = BTreeSet::new();
        for uri in uris.iter().filter(|uri| is_of_module(uri.name())) {
            if self.documents.contains_key(uri) || folders.insert(uri.parent()) {
                self.module_changed(uri, true);
            }
        }
        let gone = changed.changes.iter().map(|change| change.kind == GONE);
        for (uri, gone) in uris.into_iter().zip(gone) {
            // What is open is what the editor says.
            if self.documents.contains_key(&uri) || uri.is_of_git() {
                continue;
            }
            // Of a folder that is gone only its own name may be told.
            let Sweep { told, previous, stale, .. } = &mut self.sweep;
            stale.extend(told.iter().chain(previous.keys()).filter(|known| known.is_in(&uri)).cloned());
            if !gone {
                stale.insert(uri);
            }
        }
        self.wake();
    }

    /// Reads the configurations anew, and scans again.
    fn reload(&mut self) {
        self.scopes.clear();
        self.modules = Modules::default();
        let today = self.host.today();
        if today != self.today {
            self.scopes.reset();
            self.today = today;
        }
        self.said.clear();
        self.documents.values_mut().for_each(|open| {
            open.scanned = None;
            open.held = false;
        });
        if self.client.pulls {
            if self.client.refreshes_diagnostics {
                self.ask("workspace/diagnostic/refresh", Value::Null, Asked::Other);
            }
        } else {
            let all: Vec<Uri> = self.documents.keys().cloned().collect();
            all.iter().for_each(|uri| self.publish(uri));
        }
        if self.client.refreshes_lenses && !self.documents.is_empty() {
            self.ask("workspace/codeLens/refresh", Value::Null, Asked::Other);
        }
        self.sweep.swept = false;
        self.wake();
    }

    fn shut_down(&mut self) {
        self.finish_sweep();
        self.phase = Phase::ShutDown;
        self.documents.clear();
        self.refuse_parked(&Fault::new(Fault::CANCELLED, "the server was shut down"), |_, _| true);
    }

    fn cancel(&mut self, wanted: &Value) {
        self.refuse_parked(&Fault::new(Fault::CANCELLED, "cancelled"), |id, _| id == wanted);
        self.cancel_sweep(wanted);
    }

    /// Refuses the requests that wait for the host and of which `which` holds, by their ids and parameters.
    fn refuse_parked(&mut self, fault: &Fault, which: impl Fn(&Value, &Value) -> bool) {
        for message in mem::take(&mut self.parked) {
            match message {
                Message::Request { id, params, .. } if which(&id, &params) => {
                    self.out.push(rpc::answer(&id, Err(fault.clone())));
                }
                other => self.parked.push(other),
            }
        }
    }
}

/// The kind of change of a file or folder that is not there any more.
const GONE: u8 = 3;

/// A client that watches everything need not be asked for more.
const EVERYTHING: &str = "**/*";

/// Whether a change of this file may change what is found in others.
fn decides(uri: &Uri) -> bool {
    let name = uri.name();
    name == scopes::BASELINE
        || ignored::NAMES.contains(&name)
        || scopes::NAMES.iter().any(|known| known.rsplit('/').next() == Some(name))
}
