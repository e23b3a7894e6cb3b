//! The language server for JavaScript: messages in and out, and a host object for files. A module of its own, since a page
//! that scans should not have to fetch it. Not here: the transport, or files; a worker brings those.

use std::{cell::RefCell, panic};

use keylint_lsp::{Host, Listing, Read, Server};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The host object. Lists are one URI on each line. `undefined` means that it is being fetched: `hostReady` then
    /// says that it is there.
    pub type LanguageServerHost;

    /// 0 where `read` has the file, 1 where there is none, 2 where it is being fetched, 3 where it is too large.
    #[wasm_bindgen(method, catch)]
    fn state(this: &LanguageServerHost, uri: &str) -> Result<u8, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn read(this: &LanguageServerHost, uri: &str) -> Result<Vec<u8>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn children(this: &LanguageServerHost, folder: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn files(this: &LanguageServerHost, folder: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn repository(this: &LanguageServerHost, folder: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn today(this: &LanguageServerHost) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn key(this: &LanguageServerHost) -> Result<Option<Vec<u8>>, JsValue>;
    /// Gives why it cannot be written, if so.
    #[wasm_bindgen(method, catch)]
    fn append(this: &LanguageServerHost, uri: &str, line: &[u8]) -> Result<Option<String>, JsValue>;
}

/// What JavaScript throws counts as a file that is not there.
struct Script(LanguageServerHost);

fn listing(list: Result<Option<String>, JsValue>) -> Listing {
    match list {
        Ok(Some(list)) => Listing::Files(list.lines().map(str::to_string).collect()),
        Ok(None) => Listing::Pending,
        Err(_) => Listing::Files(Vec::new()),
    }
}

impl Host for Script {
    fn read(&mut self, uri: &str) -> Read {
        match self.0.state(uri) {
            Ok(0) => self.0.read(uri).map_or(Read::Absent, Read::Text),
            Ok(2) => Read::Pending,
            Ok(3) => Read::Large,
            _ => Read::Absent,
        }
    }

    fn children(&mut self, folder: &str) -> Listing {
        listing(self.0.children(folder))
    }

    fn files(&mut self, folder: &str) -> Listing {
        listing(self.0.files(folder))
    }

    fn repository(&mut self, folder: &str) -> Option<String> {
        self.0.repository(folder).ok().flatten()
    }

    fn today(&mut self) -> Option<String> {
        self.0.today().ok().flatten()
    }

    fn key(&mut self) -> Option<Vec<u8>> {
        self.0.key().ok().flatten()
    }

    fn append(&mut self, uri: &str, line: &[u8]) -> Result<(), String> {
        match self.0.append(uri, line) {
            Ok(None) => Ok(()),
            Ok(Some(reason)) => Err(reason),
            Err(_) => Err("the file cannot be written".into()),
        }
    }
}

/// Takes what rules say to people, which is stored apart; gives whether it could be read and was not there before.
#[wasm_bindgen(js_name = provideTexts)]
pub fn provide_texts(texts: &[u8]) -> bool {
    keylint_rules::provide_texts(texts)
}

thread_local! {
    static PANICKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Where in the sources the server has panicked. What it said then is not kept, since it may quote a text.
#[wasm_bindgen]
pub fn panicked() -> Option<String> {
    PANICKED.with_borrow(Clone::clone)
}

fn note_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
        PANICKED.set(place);
    }));
}

/// A language server; see `keylint lsp`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct LanguageServer {
    server: Server,
}

#[wasm_bindgen]
impl LanguageServer {
    /// A server that has not heard of a client yet.
    #[wasm_bindgen(constructor)]
    pub fn new(host: LanguageServerHost) -> LanguageServer {
        note_panics();
        LanguageServer { server: Server::new(Box::new(Script(host))) }
    }

    /// Takes a message.
    pub fn receive(&mut self, message: &str) {
        self.server.receive(message);
    }

    /// Whether there is something to do.
    #[wasm_bindgen(getter)]
    pub fn busy(&self) -> bool {
        self.server.is_busy()
    }

    /// Does the next thing; gives the messages to send.
    pub fn step(&mut self) -> Vec<String> {
        self.server.step()
    }

    /// What was being fetched is there.
    #[wasm_bindgen(js_name = hostReady)]
    pub fn host_ready(&mut self) {
        self.server.host_ready();
    }

    /// The exit code, once the client said `exit`.
    #[wasm_bindgen(getter, js_name = exitCode)]
    pub fn exit_code(&self) -> Option<u8> {
        self.server.exit_code()
    }
}
