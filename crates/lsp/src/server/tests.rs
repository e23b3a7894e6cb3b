//! Requests that come before the server knows what it needs for them: right behind a change, and while the host fetches.
//! Not here: what is answered else; `tests/it/lsp.rs` says that of the program.

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
        let host = Shared::default();
        host.0.borrow_mut().fetching = fetching.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let mut session = Session { server: Server::new(Box::new(host.clone())), host, last: 0 };
        let capabilities = json!({
            "workspace": { "applyEdit": true, "workspaceEdit": { "documentChanges": true } },
            "textDocument": {
                "diagnostic": {},
                "codeAction": {
                    "codeActionLiteralSupport": {},
                    "dataSupport": true,
                    "resolveSupport": { "properties": ["edit"] },
                },
            },
        });
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
        let document = json!({ "uri": APP, "languageId": "python", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
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
