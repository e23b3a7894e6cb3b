//! What an editor may do at any time: type faster than is scanned, close, rename and delete, change folders and settings,
//! cancel. Not here: what is found.

use serde_json::{Value, json};

use super::{APP, SETTINGS, Session, answer, published, read, reported, says, text};
use crate::scan::MAX_TEXT;

const OTHER: &str = "file:///w/sub/other.py";

/// Waits for changes of the workspace, of which the client has everything; gives the id of the request.
fn hold(session: &mut Session) -> i64 {
    let known = session.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).expect("an answer");
    let items = known["result"]["items"].as_array().cloned().unwrap_or_default();
    let ids: Vec<Value> = items.iter().map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect();
    assert_eq!(session.ask("workspace/diagnostic", json!({ "previousResultIds": ids })), None);
    session.last
}

/// The documents that the held request was answered with, and how many findings each has.
fn told(said: &[Value], held: i64) -> Vec<(String, usize)> {
    let answer = said.iter().find(|message| message["id"] == held && message.get("method").is_none());
    reported(answer.expect("an answer")).into_iter().map(|(uri, rules)| (uri, rules.len())).collect()
}

#[test]
fn of_rapid_edits_the_last_one_is_told_of() {
    let mut session = Session::with(&[], &[], false);
    session.open(&text());
    for version in 2..=200 {
        let text = if version == 200 { text() } else { format!("x = {version}\n") };
        let params =
            json!({ "textDocument": { "uri": APP, "version": version }, "contentChanges": [{ "text": text }] });
        session.server.receive(&json!({ "method": "textDocument/didChange", "params": params }).to_string());
    }
    let told = published(&read(session.fetched()));
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].1, told[0].2.len()), (200, 1));
}

#[test]
fn what_was_closed_meanwhile_is_not_told_of() {
    let mut session = Session::with(&[], &[SETTINGS], false);
    session.open(&text());
    assert_eq!(published(&session.close(APP)), [(APP.to_string(), 0, Vec::new())]);
    assert_eq!(published(&read(session.fetched())), []);
    // A request that waited is answered, with nothing.
    let mut session = Session::new(&[SETTINGS]);
    session.open(&text());
    assert_eq!(session.pull(APP), None);
    let wanted = session.last;
    session.close(APP);
    assert_eq!(answer(session.fetched(), wanted).expect("an answer")["result"]["items"], json!([]));
    // Changes and saves of what is not open mean nothing.
    assert_eq!(session.change(APP, 9, "x"), Vec::<Value>::new());
    assert_eq!(session.close(APP), Vec::<Value>::new());
}

#[test]
fn a_request_that_waits_is_cancelled_once() {
    let mut session = Session::new(&[SETTINGS]);
    session.open(&text());
    assert_eq!(session.pull(APP), None);
    let wanted = session.last;
    let said = session.notify("$/cancelRequest", json!({ "id": wanted }));
    assert_eq!(answer(said, wanted).expect("an answer")["error"]["code"], -32800);
    assert_eq!(answer(session.fetched(), wanted), None);
}

#[test]
fn folders_are_renamed_and_deleted() {
    let mut session = Session::with(&[(OTHER, &text())], &[], true);
    let held = hold(&mut session);
    // Of a folder that is gone only its own name may be told, and of one that has come as well.
    let moved = "file:///w/new/other.py";
    let file = session.host.0.borrow_mut().files.remove(OTHER).expect("it is there");
    session.host.0.borrow_mut().files.insert(moved.into(), file);
    let params = json!({ "changes": [{ "uri": "file:///w/sub", "type": 3 }, { "uri": "file:///w/new", "type": 1 }] });
    let said = read(session.notify("workspace/didChangeWatchedFiles", params));
    let mut told = told(&said, held);
    told.sort();
    assert_eq!(told, [(moved.to_string(), 1), (OTHER.to_string(), 0)]);
}

#[test]
fn what_is_of_git_is_not_scanned() {
    let mut session = Session::with(&[(OTHER, "")], &[], true);
    session.host.0.borrow_mut().files.insert("file:///w/other.py".into(), text().into_bytes());
    let held = hold(&mut session);
    let said = session.store("file:///w/.git/config", Some(&text()));
    assert!(said.iter().all(|message| message["id"] != held), "{said:?}");
    let said = session.store(OTHER, Some(&text()));
    assert_eq!(told(&said, held), [(OTHER.to_string(), 1)]);
}

#[test]
fn folders_of_the_workspace_come_and_go() {
    let second = "file:///v/second.py";
    let mut session = Session::with(&[(OTHER, &text()), (second, &text())], &[], true);
    let held = hold(&mut session);
    let event = json!({ "added": [{ "uri": "file:///v", "name": "v" }], "removed": [] });
    let said = read(session.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })));
    assert!(told(&said, held).contains(&(second.to_string(), 1)), "{said:?}");
    let held = hold(&mut session);
    let event = json!({ "added": [], "removed": [{ "uri": "file:///w/", "name": "w" }] });
    let said = read(session.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })));
    assert!(told(&said, held).contains(&(OTHER.to_string(), 0)), "{said:?}");
    // An open document is looked at wherever it lies.
    session.open(&text());
    assert_eq!(session.pull(APP).expect("an answer").len(), 1);
}

#[test]
fn a_configuration_counts_as_soon_as_it_changes() {
    let mut session = Session::with(&[(OTHER, &text())], &[], true);
    session.open(&text());
    assert_eq!(session.pull(APP).expect("an answer").len(), 1);
    let held = hold(&mut session);
    let said = session.store(SETTINGS, Some("ignore = [\"secret\"]\n"));
    assert!(says(&said, "workspace/diagnostic/refresh"), "{said:?}");
    assert_eq!(told(&said, held), [(OTHER.to_string(), 0)]);
    assert_eq!(session.pull(APP).expect("an answer").len(), 0);
    // One that is typed counts before it is saved, and does not once it is closed.
    session.open_as(SETTINGS, "");
    assert_eq!(session.pull(APP).expect("an answer").len(), 1);
    session.close(SETTINGS);
    assert_eq!(session.pull(APP).expect("an answer").len(), 0);
}

#[test]
fn columns_hold_behind_emoji_and_every_line_end() {
    let mut session = Session::new(&[]);
    for end in ["\n", "\r\n", "\r"] {
        let head = format!("# 👩‍👩‍👧 é{end}names = [\"😀\"]; ");
        session.open(&format!("{head}{}", text()));
        let wanted = json!({ "textDocument": { "uri": APP } });
        let answer = session.ask("textDocument/diagnostic", wanted.clone()).expect("an answer");
        let range = &answer["result"]["items"][0]["range"];
        assert_eq!(range["start"], json!({ "line": 1, "character": 28 }), "{end:?}");
        // A character before it becomes two, and the line before it goes.
        let at = |line: u32, character: u32| json!({ "line": line, "character": character });
        let change = json!([
            { "range": { "start": at(1, 10), "end": at(1, 12) }, "text": "😀😀" },
            { "range": { "start": at(0, 0), "end": at(1, 0) }, "text": "" },
        ]);
        let params = json!({ "textDocument": { "uri": APP, "version": 2 }, "contentChanges": change });
        session.notify("textDocument/didChange", params);
        let answer = session.ask("textDocument/diagnostic", wanted).expect("an answer");
        let range = &answer["result"]["items"][0]["range"];
        assert_eq!(range["start"], json!({ "line": 0, "character": 30 }), "{end:?}");
    }
}

#[test]
fn what_is_too_large_is_said_once() {
    let large = format!("{}{}", text(), "#".repeat(MAX_TEXT));
    let mut session = Session::with(&[(OTHER, &large)], &[], true);
    let logged = |said: &[Value]| {
        let of = |message: &&Value| message["method"] == "window/logMessage";
        said.iter().filter(of).filter(|message| message.to_string().contains("too large")).count()
    };
    let swept =
        json!({ "jsonrpc": "2.0", "id": 7, "method": "workspace/diagnostic", "params": { "previousResultIds": [] } });
    let said = read(session.server.handle(&swept.to_string()));
    assert_eq!(logged(&said), 1, "{said:?}");
    session.open(&large);
    let pulled = json!({ "jsonrpc": "2.0", "id": 8, "method": "textDocument/diagnostic", "params": { "textDocument": { "uri": APP } } });
    let first = read(session.server.handle(&pulled.to_string()));
    assert_eq!((logged(&first), answer_items(&first)), (1, 0));
    assert_eq!(logged(&read(session.server.handle(&pulled.to_string()))), 0);
}

fn answer_items(said: &[Value]) -> usize {
    let items = said.iter().find_map(|message| message["result"]["items"].as_array());
    items.expect("an answer").len()
}

#[test]
fn before_the_beginning_and_behind_the_end_nothing_happens() {
    let mut session = Session::new(&[]);
    let pull = json!({ "textDocument": { "uri": APP } });
    session.open(&text());
    assert_eq!(session.ask("shutdown", Value::Null).expect("an answer")["result"], Value::Null);
    for method in ["textDocument/diagnostic", "initialize", "shutdown", "x"] {
        assert_eq!(session.ask(method, pull.clone()).expect("an answer")["error"]["code"], -32600, "{method}");
    }
    assert_eq!(session.open_as(OTHER, &text()), Vec::<Value>::new());
    assert_eq!(session.tell(SETTINGS), Vec::<Value>::new());
    session.notify("exit", Value::Null);
    assert_eq!(session.server.exit_code(), Some(0));
    let mut server = crate::Server::new(Box::new(super::Shared::default()));
    let open = json!({ "method": "textDocument/didOpen", "params": { "textDocument": { "uri": APP, "languageId": "x", "version": 1, "text": text() } } });
    assert_eq!(server.handle(&open.to_string()), Vec::<String>::new());
    let asked = json!({ "id": 1, "method": "textDocument/diagnostic", "params": pull });
    assert_eq!(read(server.handle(&asked.to_string()))[0]["error"]["code"], -32002);
}
