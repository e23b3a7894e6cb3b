//! The fuzz target for the messages of the language server. Not here: frames, which are the program's.

use std::collections::BTreeMap;

use keylint_lsp::{Host, Listing, Read, Server};
use serde_json::{Value, json};

/// Messages of one input that are sent; each may scan a document.
const MAX_MESSAGES: usize = 64;
/// Steps after which a server that is still busy never ends.
const MAX_STEPS: usize = 10_000;

/// Files in memory, some of which come late.
#[derive(Debug, Default)]
struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    late: bool,
}

impl Host for Memory {
    fn read(&mut self, uri: &str) -> Read {
        match self.files.get(uri) {
            _ if std::mem::take(&mut self.late) => Read::Pending,
            Some(text) => Read::Text(text.clone()),
            None => Read::Absent,
        }
    }

    fn children(&mut self, folder: &str) -> Listing {
        self.files(folder)
    }

    fn files(&mut self, folder: &str) -> Listing {
        Listing::Files(self.files.keys().filter(|uri| uri.starts_with(folder)).cloned().collect())
    }

    fn repository(&mut self, _: &str) -> Option<String> {
        Some("file:///w".into())
    }

    fn today(&mut self) -> Option<String> {
        Some("2026-11-22".into())
    }

    fn key(&mut self) -> Option<Vec<u8>> {
        Some(vec![1; 16])
    }

    fn append(&mut self, uri: &str, line: &[u8]) -> Result<(), String> {
        self.files.entry(uri.into()).or_default().extend_from_slice(line);
        Ok(())
    }
}

/// Sends each line as a message; the first byte says whether there was a greeting, and what the client can do.
pub fn lsp(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else { return };
    let bit = |n: u8| first >> n & 1 == 1;
    let text = String::from_utf8_lossy(rest);
    let config: String = text.lines().filter_map(|line| line.strip_prefix("config ")).collect();
    let files =
        [("file:///w/keylint.toml".to_string(), config.into_bytes()), ("file:///w/a.py".to_string(), rest.to_vec())];
    let mut server = Server::new(Box::new(Memory { files: files.into(), late: bit(7) }));
    let mut ids = Vec::new();
    if !bit(0) {
        send(&mut server, &greeting(bit(1), bit(2), bit(3)), &mut ids);
        send(&mut server, r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#, &mut ids);
    }
    for line in text.lines().take(MAX_MESSAGES) {
        send(&mut server, line, &mut ids);
        server.host_ready();
    }
    send(&mut server, r#"{"jsonrpc":"2.0","id":"last","method":"shutdown"}"#, &mut ids);
    assert!(ids.contains(&json!("last")), "the server does not answer any more");
}

fn greeting(pulls: bool, resolves: bool, wide: bool) -> String {
    let diagnostic = if pulls { json!({}) } else { Value::Null };
    let properties = if resolves { json!(["edit"]) } else { Value::Null };
    let encodings = if wide { json!(["utf-16"]) } else { json!(["utf-8"]) };
    let action =
        json!({ "dataSupport": true, "resolveSupport": { "properties": properties }, "codeActionLiteralSupport": {} });
    json!({ "id": 0, "method": "initialize", "params": {
        "workspaceFolders": [{ "uri": "file:///w", "name": "w" }],
        "capabilities": {
            "general": { "positionEncodings": encodings },
            "workspace": { "applyEdit": true, "workspaceEdit": { "documentChanges": resolves } },
            "textDocument": { "diagnostic": diagnostic, "codeAction": action },
        },
    } })
    .to_string()
}

/// Sends a message, and has the server do everything that there is to do.
fn send(server: &mut Server, message: &str, ids: &mut Vec<Value>) {
    server.receive(message);
    let mut steps = 0;
    while server.is_busy() {
        for message in server.step() {
            let message: Value = serde_json::from_str(&message).unwrap_or_else(|_| panic!("not JSON: {message}"));
            assert_eq!(message["jsonrpc"], "2.0");
            ids.extend(message.get("method").is_none().then(|| message["id"].clone()));
        }
        steps += 1;
        assert!(steps < MAX_STEPS, "the server is busy without end");
    }
}
