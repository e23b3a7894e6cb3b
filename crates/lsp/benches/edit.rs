//! How long an editor waits: one character is typed into a file of a thousand lines, and its diagnostics come back.
//! Run by `cargo bench -p keylint-lsp`. Not here: the engine alone, which has its own bench.
#![allow(clippy::print_stdout, missing_docs)]

use std::time::Instant;

use keylint_lsp::{Host, Listing, Read, Server};
use serde_json::json;

/// No files, no clock.
#[derive(Debug)]
struct Nowhere;

impl Host for Nowhere {
    fn read(&mut self, _: &str) -> Read {
        Read::Absent
    }
    fn children(&mut self, _: &str) -> Listing {
        Listing::Files(Vec::new())
    }
    fn files(&mut self, _: &str) -> Listing {
        Listing::Files(Vec::new())
    }
    fn repository(&mut self, _: &str) -> Option<String> {
        None
    }
    fn today(&mut self) -> Option<String> {
        None
    }
    fn key(&mut self) -> Option<Vec<u8>> {
        None
    }
    fn append(&mut self, _: &str, _: &[u8]) -> Result<(), String> {
        Err("nowhere".into())
    }
}

/// Edits that are timed; the first few warm the caches.
const EDITS: usize = 200;

fn main() {
    let mut server = Server::new(Box::new(Nowhere));
    server.handle(&json!({ "id": 1, "method": "initialize", "params": { "capabilities": {} } }).to_string());
    let value = ["Zk8vQ2mXw9", "1LrTb6YpEd"].concat();
    let block = format!(
        "def handle(request):\n    user = request.user\n    password = settings.DATABASE_PASSWORD\n    \
        api_key = os.environ[\"API_KEY\"]\n    log.info(\"token %s\", request.token)\n    return client.get(url, headers=headers)\n\
        \n# The secret is read from the vault; see docs/secrets.md.\nSECRET_KEY = \"changeme\"\ntoken = \"{value}\"\n"
    );
    let text = block.repeat(100);
    let uri = "file:///w/app.py";
    let document = json!({ "uri": uri, "languageId": "python", "version": 0, "text": text });
    let open = json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }).to_string();
    let begun = Instant::now();
    let answer = server.handle(&open);
    println!(
        "open: {:.2} ms, {} bytes, {} lines",
        begun.elapsed().as_secs_f64() * 1e3,
        text.len(),
        text.lines().count()
    );
    println!("      {} diagnostics", answer.concat().matches("\"source\"").count());
    let mut times = Vec::new();
    for version in 1..=EDITS {
        let at = json!({ "line": version * 4, "character": 0 });
        let change = json!([{ "range": { "start": at, "end": at }, "text": "x" }]);
        let params = json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": change });
        let message = json!({ "method": "textDocument/didChange", "params": params }).to_string();
        let begun = Instant::now();
        let answer = server.handle(&message);
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        assert_eq!(answer.len(), 1, "one publication for each edit");
    }
    times.sort_by(f64::total_cmp);
    let (fastest, median, slowest) = (times[0], times[EDITS / 2], times[EDITS - 1]);
    println!("edit: fastest {fastest:.2} ms, median {median:.2} ms, slowest {slowest:.2} ms");
}
