//! A scripted editor: speaks to `keylint lsp`, keeps what it hears, and looks for secrets in it at the end.
//! Not here: what is tried (`lsp.rs`).

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, token};

/// A server that says nothing for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(120);

/// A scripted editor.
pub(super) struct Editor<'s> {
    sandbox: &'s Sandbox,
    child: Child,
    pub(super) input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Messages that nobody has asked for yet.
    pub(super) kept: Vec<Value>,
    /// Everything that was received.
    pub(super) log: String,
    pub(super) secrets: Vec<String>,
    pub(super) settings: Value,
    last_id: i64,
}

impl<'s> Editor<'s> {
    pub(super) fn start(sandbox: &'s Sandbox) -> Editor<'s> {
        let mut command = sandbox.command();
        let mut child = command
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("keylint runs");
        let mut output = BufReader::new(child.stdout.take().expect("standard output"));
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(message) = receive(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take();
        let (kept, log, secrets) = (Vec::new(), String::new(), Vec::new());
        Editor { sandbox, child, input, messages, kept, log, secrets, settings: Value::Null, last_id: 0 }
    }

    /// An editor that has said hello, with these capabilities.
    pub(super) fn open(sandbox: &'s Sandbox, capabilities: Value) -> Editor<'s> {
        let mut editor = Editor::start(sandbox);
        editor.initialize(capabilities);
        editor
    }

    pub(super) fn initialize(&mut self, capabilities: Value) -> Value {
        let root = self.uri("");
        let root = root.trim_end_matches('/');
        let folders = json!([{ "uri": root, "name": "root" }]);
        let answer = self.request(
            "initialize",
            json!({ "processId": null, "rootUri": root, "workspaceFolders": folders, "capabilities": capabilities }),
        );
        self.notify("initialized", json!({}));
        answer["result"].clone()
    }

    pub(super) fn uri(&self, path: &str) -> String {
        keylint_lsp::file_uri(&self.sandbox.path(path).to_string_lossy())
    }

    pub(super) fn raw(&mut self, text: &str) {
        let input = self.input.as_mut().expect("the server listens");
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        input.flush().expect("the server reads");
    }

    pub(super) fn send(&mut self, message: Value) {
        self.raw(&message.to_string());
    }

    pub(super) fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub(super) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        let id = self.last_id;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Sends a request and waits for its answer.
    pub(super) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    pub(super) fn result(&mut self, method: &str, params: Value) -> Value {
        let answer = self.request(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    pub(super) fn error(&mut self, method: &str, params: Value) -> i64 {
        self.request(method, params)["error"]["code"].as_i64().expect("an error")
    }

    pub(super) fn answer(&mut self, id: i64) -> Value {
        self.wait(|message| message.get("method").is_none() && message["id"] == id)
    }

    pub(super) fn notified(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method)["params"].clone()
    }

    /// The first message that fits; requests of the server are answered meanwhile, as a good editor does.
    pub(super) fn wait(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&fits) {
            return self.kept.remove(at);
        }
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("the server answers");
            self.log.push_str(&message.to_string());
            self.log.push('\n');
            if let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) {
                let result = match method {
                    "workspace/configuration" => json!([self.settings]),
                    "workspace/applyEdit" => json!({ "applied": true }),
                    _ => Value::Null,
                };
                let id = id.clone();
                self.send(json!({ "jsonrpc": "2.0", "id": id, "result": result }));
            }
            if fits(&message) {
                return message;
            }
            self.kept.push(message);
        }
    }

    pub(super) fn did_open(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        let document = json!({ "uri": uri, "languageId": "python", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(super) fn did_change(&mut self, path: &str, version: i64, changes: Value) {
        let document = json!({ "uri": self.uri(path), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The diagnostics that are published next.
    pub(super) fn published(&mut self) -> Value {
        self.notified("textDocument/publishDiagnostics")
    }

    pub(super) fn pull(&mut self, path: &str) -> Value {
        let params = json!({ "textDocument": { "uri": self.uri(path) } });
        self.result("textDocument/diagnostic", params)
    }

    pub(super) fn actions(&mut self, path: &str, range: &Value, diagnostics: Value) -> Vec<Value> {
        let document = json!({ "uri": self.uri(path) });
        let context = json!({ "diagnostics": diagnostics });
        let params = json!({ "textDocument": document, "range": range, "context": context });
        self.result("textDocument/codeAction", params).as_array().expect("a list").clone()
    }

    /// A secret that no message may hold.
    pub(super) fn plant(&mut self, seed: u64) -> String {
        let secret = token(seed);
        self.secrets.push(secret.clone());
        secret
    }

    /// Says goodbye, and looks for secrets in everything that was said.
    pub(super) fn close(mut self) {
        assert_eq!(self.result("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        assert_eq!(self.ends(), Some(0));
    }

    /// Waits for the end of the server; gives its exit code.
    pub(super) fn ends(&mut self) -> Option<i32> {
        self.input = None;
        let code = self.child.wait().expect("the server ends").code();
        while let Ok(message) = self.messages.recv() {
            self.log.push_str(&message.to_string());
        }
        let mut errors = String::new();
        self.child.stderr.take().expect("standard error").read_to_string(&mut errors).expect("text");
        for secret in &self.secrets {
            // Nor may half of one be there.
            for part in [&secret[..], &secret[8..24]] {
                assert!(!self.log.contains(part) && !errors.contains(part), "a message holds a secret: {}", self.log);
            }
        }
        assert!(!errors.contains("panicked"), "{errors}");
        code
    }
}

impl Drop for Editor<'_> {
    fn drop(&mut self) {
        // A test that failed leaves no server behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn receive(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => length = header.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// What editors of today can do; `merge` is laid over it.
pub(super) fn modern(pulls: bool) -> Value {
    let mut capabilities = json!({
        "workspace": {
            "applyEdit": true,
            "configuration": true,
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "diagnostics": { "refreshSupport": true },
            "codeLens": { "refreshSupport": true },
        },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "codeAction": {
                "dataSupport": true,
                "resolveSupport": { "properties": ["edit"] },
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix", "source.fixAll"] } },
            },
        },
    });
    if pulls {
        capabilities["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": false });
    }
    capabilities
}

/// Applies edits to a text of ASCII.
pub(super) fn applied(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let number = |key: &str| position[key].as_u64().expect("a number") as usize;
        let lines = text.split_inclusive('\n').take(number("line"));
        lines.map(str::len).sum::<usize>() + number("character")
    };
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .expect("a list")
        .iter()
        .map(|edit| {
            let new = edit["newText"].as_str().expect("a text");
            (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]), new)
        })
        .collect();
    edits.sort_unstable();
    let mut out = text.to_string();
    for (start, end, new) in edits.into_iter().rev() {
        out.replace_range(start..end, new);
    }
    out
}

/// The edits of the one document that a change is about.
pub(super) fn edits_of(edit: &Value) -> &Value {
    let changes = edit["documentChanges"].as_array().expect("document changes");
    &changes.iter().find(|change| change.get("edits").is_some()).expect("edits")["edits"]
}

pub(super) fn titled<'a>(actions: &'a [Value], start: &str) -> &'a Value {
    let titles = || actions.iter().map(|action| action["title"].as_str().unwrap_or_default()).collect::<Vec<_>>();
    let found = actions.iter().find(|action| action["title"].as_str().is_some_and(|title| title.starts_with(start)));
    found.unwrap_or_else(|| panic!("no `{start}` in {:?}", titles()))
}

pub(super) fn items(report: &Value) -> Vec<Value> {
    report.as_array().unwrap_or_else(|| panic!("no list: {report}")).clone()
}
