//! Requests that come before the server knows what it needs for them: right behind a change, and while the host fetches.
//! Not here: what is answered else; `tests/it/lsp.rs` says that of the program.

mod life;
mod modules;

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use keylint_rules::expand;
use serde_json::{Value, json};

use super::Server;
use crate::host::{Host, Listing, Read, tests::Memory};

const APP: &str = "file:///w/app.py";
const ENV: &str = "file:///w/.env";
const SETTINGS: &str = "file:///w/keylint.toml";

/// A host of which the test keeps a hold.
#[derive(Clone, Debug, Default)]
struct Shared(Rc<RefCell<Memory>>);

impl Host for Shared {
    fn read(&mut self, uri: &str) -> Read {
        self.0.borrow_mut().read(uri)
    }
    fn children(&mut self, folder: &str) -> Listing {
        self.0.borrow_mut().children(folder)
    }
    fn files(&mut self, folder: &str) -> Listing {
        self.0.borrow_mut().files(folder)
    }
    fn repository(&mut self, folder: &str) -> Option<String> {
        self.0.borrow_mut().repository(folder)
    }
    fn today(&mut self) -> Option<String> {
        self.0.borrow_mut().today()
    }
    fn key(&mut self) -> Option<Vec<u8>> {
        self.0.borrow_mut().key()
    }
    fn append(&mut self, uri: &str, line: &[u8]) -> Result<(), String> {
        self.0.borrow_mut().append(uri, line)
    }
}

/// A server with a client that pulls, and a host that is fetching these files.
struct Session {
    server: Server,
    host: Shared,
    last: i64,
}

impl Session {
    fn new(fetching: &[&str]) -> Session {
        Session::with(&[], fetching, true)
    }

    /// A session with these files, of a client that is told of changes of files, and that pulls or not.
    fn with(files: &[(&str, &str)], fetching: &[&str], pulls: bool) -> Session {
        let host = Shared(Rc::new(RefCell::new(Memory::new(files))));
        host.0.borrow_mut().fetching = fetching.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let mut session = Session { server: Server::new(Box::new(host.clone())), host, last: 0 };
        let mut capabilities = json!({
            "workspace": {
                "applyEdit": true,
                "workspaceEdit": { "documentChanges": true },
                "didChangeWatchedFiles": { "dynamicRegistration": true },
                "diagnostics": { "refreshSupport": true },
            },
            "textDocument": {
                "codeAction": {
                    "codeActionLiteralSupport": {},
                    "dataSupport": true,
                    "resolveSupport": { "properties": ["edit"] },
                },
            },
        });
        if pulls {
            capabilities["textDocument"]["diagnostic"] = json!({});
        }
        let folders = json!([{ "uri": "file:///w", "name": "w" }]);
        session.ask("initialize", json!({ "capabilities": capabilities, "workspaceFolders": folders }));
        session
    }

    /// Sends a request; gives its answer, if there is one yet.
    fn ask(&mut self, method: &str, params: Value) -> Option<Value> {
        self.last += 1;
        let message = json!({ "jsonrpc": "2.0", "id": self.last, "method": method, "params": params });
        let said = self.server.handle(&message.to_string());
        answer(said, self.last)
    }

    fn notify(&mut self, method: &str, params: Value) -> Vec<String> {
        self.server.handle(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string())
    }

    fn open(&mut self, text: &str) {
        self.open_as(APP, text);
    }

    fn open_as(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "languageId": "python", "version": 1, "text": text });
        read(self.notify("textDocument/didOpen", json!({ "textDocument": document })))
    }

    /// Makes `text` the text of an open document.
    fn change(&mut self, uri: &str, version: i64, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        read(self.notify("textDocument/didChange", params))
    }

    fn close(&mut self, uri: &str) -> Vec<Value> {
        read(self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } })))
    }

    /// Writes a file of the host, or removes it, and tells of it.
    fn store(&mut self, uri: &str, text: Option<&str>) -> Vec<Value> {
        let mut host = self.host.0.borrow_mut();
        match text {
            Some(text) => host.files.insert(uri.into(), text.as_bytes().to_vec()),
            None => host.files.remove(uri),
        };
        drop(host);
        self.tell(uri)
    }

    /// Tells that something has become of a file or folder.
    fn tell(&mut self, uri: &str) -> Vec<Value> {
        let params = json!({ "changes": [{ "uri": uri, "type": 2 }] });
        read(self.notify("workspace/didChangeWatchedFiles", params))
    }

    /// The rules of what is found in an open document; `None` where there is no answer yet.
    fn pull(&mut self, uri: &str) -> Option<Vec<String>> {
        let answer = self.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }))?;
        Some(rules(&answer["result"]["items"]))
    }

    /// Asks for the workspace, of which the client knows nothing: the documents with findings, and the rules in them.
    fn pull_workspace(&mut self) -> Vec<(String, Vec<String>)> {
        let answer = self.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap_or_default();
        reported(&answer)
    }

    /// Puts a line in front of the text.
    fn insert_line(&mut self, version: i64) -> Vec<String> {
        let top = json!({ "line": 0, "character": 0 });
        let change = json!([{ "range": { "start": top, "end": top }, "text": "import os\n" }]);
        let document = json!({ "uri": APP, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": change }))
    }

    /// Asks what can be done in a line, without having asked for diagnostics.
    fn actions(&mut self, line: usize) -> Option<Value> {
        let at = json!({ "line": line, "character": 20 });
        let wanted = json!({ "textDocument": { "uri": APP }, "range": { "start": at, "end": at }, "context": { "diagnostics": [] } });
        self.ask("textDocument/codeAction", wanted)
    }

    /// The host has fetched everything.
    fn fetched(&mut self) -> Vec<String> {
        self.host.0.borrow_mut().fetching.clear();
        self.server.host_ready();
        let mut said = Vec::new();
        while self.server.is_busy() {
            said.extend(self.server.step());
        }
        said
    }
}

fn read(said: Vec<String>) -> Vec<Value> {
    said.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

/// The rules of diagnostics.
fn rules(items: &Value) -> Vec<String> {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item["code"].as_str().map(str::to_string)).collect()
}

/// The documents of a report about the workspace, and the rules in them.
fn reported(answer: &Value) -> Vec<(String, Vec<String>)> {
    let items = answer["result"]["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| (item["uri"].as_str().unwrap_or_default().into(), rules(&item["items"]))).collect()
}

/// What was published: the document, its version and the rules in it.
fn published(said: &[Value]) -> Vec<(String, i64, Vec<String>)> {
    let told = said.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics");
    let told = told.map(|message| &message["params"]);
    told.map(|told| {
        let uri = told["uri"].as_str().unwrap_or_default();
        (uri.into(), told["version"].as_i64().unwrap_or_default(), rules(&told["diagnostics"]))
    })
    .collect()
}

/// Whether anything of this method was said.
fn says(said: &[Value], method: &str) -> bool {
    said.iter().any(|message| message["method"] == method)
}

fn answer(said: Vec<String>, id: i64) -> Option<Value> {
    let mut messages = said.iter().filter_map(|text| serde_json::from_str::<Value>(text).ok());
    messages.find(|message| message["id"] == id && message.get("method").is_none())
}

/// A line with a secret that is a finding by the name and by its own look.
fn text() -> String {
    let value = expand::template("«{alnum:32}»", 5, &|_, _| None).text;
    format!("password = \"{value}\"\n")
}

fn has_fixes(answer: &Value) -> bool {
    let titles = |start: &str| {
        answer["result"].as_array().is_some_and(|actions| {
            actions.iter().any(|action| action["title"].as_str().is_some_and(|title| title.starts_with(start)))
        })
    };
    titles("Move it to the environment variable") && titles("Ignore this")
}

#[test]
fn actions_do_not_wait_for_diagnostics() {
    let mut session = Session::new(&[]);
    session.open(&text());
    let actions = session.actions(0).expect("an answer");
    assert!(has_fixes(&actions), "{actions}");
    for version in 2..5 {
        session.insert_line(version);
        let line = usize::try_from(version - 1).expect("a line");
        let actions = session.actions(line).expect("an answer");
        assert!(has_fixes(&actions), "{actions}");
        assert_eq!(session.actions(line - 1).expect("an answer")["result"], json!([]));
    }
}

#[test]
fn actions_wait_for_what_the_host_fetches() {
    for fetching in [&[SETTINGS][..], &[ENV], &[SETTINGS, ENV]] {
        let mut session = Session::new(fetching);
        session.open(&text());
        assert_eq!(session.actions(0), None, "{fetching:?}");
        let wanted = session.last;
        let actions = answer(session.fetched(), wanted).expect("an answer");
        assert!(has_fixes(&actions), "{actions}");
    }
}

#[test]
fn a_place_that_has_moved_meanwhile_is_not_looked_at() {
    let mut session = Session::new(&[ENV]);
    session.open(&text());
    assert_eq!(session.actions(0), None);
    let wanted = session.last;
    let refused = answer(session.insert_line(2), wanted).expect("an answer");
    assert_eq!(refused["error"]["code"], -32801, "{refused}");
    assert_eq!(session.actions(1), None);
    let wanted = session.last;
    let actions = answer(session.fetched(), wanted).expect("an answer");
    assert!(has_fixes(&actions), "{actions}");
}

#[test]
fn what_waited_comes_before_later_changes() {
    let mut session = Session::new(&[ENV]);
    session.open(&text());
    assert_eq!(session.actions(0), None);
    let wanted = session.last;
    // The host knows, and a change is there too before anything is done.
    session.host.0.borrow_mut().fetching.clear();
    let change = json!([{ "text": "" }]);
    let params = json!({ "textDocument": { "uri": APP, "version": 2 }, "contentChanges": change });
    session.server.receive(&json!({ "method": "textDocument/didChange", "params": params }).to_string());
    let actions = answer(session.fetched(), wanted).expect("an answer");
    assert!(has_fixes(&actions), "{actions}");
}
