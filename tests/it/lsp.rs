//! `keylint lsp` as an editor talks to it: every capability, over standard input and output.
//! Not here: real editors; `cargo xtask test` runs those. What is sent is searched for secrets in every session.

mod editor;

use std::io::Write;

use serde_json::{Value, json};

use self::editor::{Editor, applied, edits_of, items, modern, titled};
use crate::sandbox::{Sandbox, token};

#[test]
fn a_session_has_a_beginning_and_an_end() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::start(&sandbox);
    assert_eq!(editor.error("textDocument/hover", json!({})), -32002);
    let answer = editor.initialize(modern(true));
    assert_eq!(answer["serverInfo"]["name"], "keylint");
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(answer["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], true);
    assert_eq!(answer["capabilities"]["codeActionProvider"]["resolveProvider"], true);
    assert_eq!(editor.error("initialize", json!({})), -32600);
    assert_eq!(editor.error("textDocument/nothing", json!({})), -32601);
    assert_eq!(editor.error("$/nothing", json!({})), -32601);
    assert_eq!(editor.error("textDocument/hover", json!({ "textDocument": 3 })), -32602);
    assert_eq!(editor.error("workspace/executeCommand", json!({ "command": "rm" })), -32602);
    assert_eq!(editor.error("codeAction/resolve", json!({ "title": "x" })), -32602);
    editor.notify("$/nothing", json!({}));
    editor.notify("textDocument/didOpen", json!([]));
    for (text, code) in [("{", -32700), ("[]", -32600), ("{}", -32600), ("{\"id\":{},\"method\":\"x\"}", -32600)] {
        editor.raw(text);
        let answer = editor.wait(|message| message.get("error").is_some() && message["id"].is_null());
        assert_eq!(answer["error"]["code"], code, "{text}");
    }
    let input = editor.input.as_mut().expect("the server listens");
    input.write_all(b"Content-Length: x\r\n\r\n").expect("the server reads");
    let answer = editor.wait(|message| message.get("error").is_some() && message["id"].is_null());
    assert_eq!(answer["error"]["code"], -32700);
    assert_eq!(editor.result("shutdown", Value::Null), Value::Null);
    assert_eq!(editor.error("textDocument/hover", json!({})), -32600);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.ends(), Some(0));
}

#[test]
fn an_end_without_goodbye_is_an_error() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    editor.notify("exit", Value::Null);
    assert_eq!(editor.ends(), Some(1));
    let mut editor = Editor::open(&sandbox, modern(true));
    assert_eq!(editor.ends(), Some(1));
}

#[test]
fn columns_count_what_was_agreed_on() {
    let sandbox = Sandbox::new(&[]);
    for (offered, encoding, start) in [
        (json!(["utf-8", "utf-16"]), "utf-8", 14),
        (json!(["utf-16"]), "utf-16", 10),
        (json!(["utf-32"]), "utf-32", 9),
        (Value::Null, "utf-16", 10),
    ] {
        let mut capabilities = modern(true);
        capabilities["general"] = json!({ "positionEncodings": offered });
        let mut editor = Editor::start(&sandbox);
        let answer = editor.initialize(capabilities);
        assert_eq!(answer["capabilities"]["positionEncoding"], encoding);
        let secret = editor.plant(1);
        editor.did_open("a.py", &format!("# é\nx = \"éé😀 {secret}\"\n"));
        let report = editor.pull("a.py");
        let range = &items(&report["items"])[0]["range"];
        let want = json!({ "start": { "line": 1, "character": start }, "end": { "line": 1, "character": start + secret.len() } });
        assert_eq!(*range, want, "{encoding}");
        editor.close();
    }
}

#[test]
fn what_is_typed_is_scanned() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(false));
    let secret = editor.plant(2);
    editor.did_open("a.py", &format!("# ü\nkey = \"{secret}\"\n"));
    let published = editor.published();
    assert_eq!(published["version"], 1);
    let found = items(&published["diagnostics"]);
    assert_eq!((found.len(), &found[0]["source"], &found[0]["severity"]), (1, &json!("keylint"), &json!(1)));
    assert!(found[0]["codeDescription"]["href"].as_str().is_some_and(|href| href.ends_with(".toml")));
    // One character less, and the checksum is wrong; and back.
    let at = |character: usize| json!({ "line": 1, "character": character });
    let end = 7 + secret.len();
    editor.did_change("a.py", 2, json!([{ "range": { "start": at(end - 1), "end": at(end) }, "text": "" }]));
    let published = editor.published();
    assert_eq!((&published["version"], &published["diagnostics"]), (&json!(2), &json!([])));
    let last = &secret[secret.len() - 1..];
    editor.did_change("a.py", 3, json!([{ "range": { "start": at(end - 1), "end": at(end - 1) }, "text": last }]));
    assert_eq!(items(&editor.published()["diagnostics"]).len(), 1);
    // Two changes at once, the second of which speaks of the text after the first; then the whole text.
    let top = json!({ "line": 0, "character": 0 });
    let move_down = json!({ "range": { "start": top, "end": top }, "text": "#\n" });
    let rename = json!({ "range": { "start": { "line": 2, "character": 0 }, "end": { "line": 2, "character": 3 } }, "text": "other" });
    editor.did_change("a.py", 4, json!([move_down, rename]));
    assert_eq!(editor.published()["diagnostics"][0]["range"]["start"], json!({ "line": 2, "character": 9 }));
    editor.did_change("a.py", 5, json!([{ "text": "x = 1\n" }]));
    assert_eq!(editor.published()["diagnostics"], json!([]));
    editor.did_change("a.py", 6, json!([{ "text": format!("key = \"{secret}\"") }]));
    assert_eq!(items(&editor.published()["diagnostics"]).len(), 1);
    let document = json!({ "textDocument": { "uri": editor.uri("a.py") } });
    editor.notify("textDocument/didClose", document);
    assert_eq!(editor.published()["diagnostics"], json!([]));
    editor.close();
}

#[test]
fn unsaved_buffers_are_scanned_and_left_alone() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let secret = editor.plant(3);
    let uri = "untitled:Untitled-1";
    let document = json!({ "uri": uri, "languageId": "python", "version": 1, "text": format!("key = \"{secret}\"\n") });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let report = editor.result("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
    let range = items(&report["items"])[0]["range"].clone();
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
    let actions = editor.result("textDocument/codeAction", params);
    // There is no `.env` beside it, and no path for the baseline.
    assert!(items(&actions).iter().all(|action| action.get("command").is_none()), "{actions}");
    titled(&items(&actions), "Ignore this");
    editor.close();
}

#[test]
fn a_client_that_asks_is_answered() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let secret = editor.plant(4);
    editor.did_open("a.py", &format!("key = \"{secret}\"\n"));
    let report = editor.pull("a.py");
    assert_eq!(report["kind"], "full");
    let params = json!({ "textDocument": { "uri": editor.uri("a.py") }, "previousResultId": report["resultId"] });
    assert_eq!(editor.result("textDocument/diagnostic", params.clone())["kind"], "unchanged");
    editor.did_change("a.py", 2, json!([{ "text": "" }]));
    let report = editor.result("textDocument/diagnostic", params);
    assert_eq!((&report["kind"], &report["items"]), (&json!("full"), &json!([])));
    // One that is not open has nothing to say.
    assert_eq!(editor.pull("b.py")["items"], json!([]));
    assert!(!editor.log.contains("publishDiagnostics"));
    editor.close();
}

#[test]
fn the_whole_workspace_is_scanned() {
    let (one, two) = (token(5), token(6));
    let sandbox = Sandbox::repository(&[
        ("one.py", &format!("key = \"{one}\"\n")),
        ("sub/ignored.py", &format!("key = \"{two}\"\n")),
        ("sub/excluded.py", &format!("key = \"{two}\"\n")),
        ("sub/clean.py", "x = 1\n"),
        (".gitignore", "ignored.py\n"),
        ("keylint.toml", "exclude = [\"excluded.py\"]\n"),
    ]);
    let wide: Vec<u8> = format!("key = \"{two}\"\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("wide.py", &[&[0xff, 0xfe], &wide[..]].concat());
    sandbox.write("binary.bin", format!("\0{two}").as_bytes());
    let mut editor = Editor::open(&sandbox, modern(true));
    editor.secrets.extend([one, two.clone()]);
    let answer = editor.result("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let found = items(&answer["items"]);
    let uris: Vec<&str> = found.iter().filter_map(|report| report["uri"].as_str()).collect();
    assert_eq!(uris, [editor.uri("one.py"), editor.uri("wide.py")]);
    assert_eq!(found[1]["items"][0]["range"]["start"], json!({ "line": 0, "character": 7 }));
    // With nothing new the next one is held until there is something, and can be cancelled.
    let known = |found: &[Value]| -> Value {
        found.iter().map(|report| json!({ "uri": report["uri"], "value": report["resultId"] })).collect()
    };
    let held = editor.ask("workspace/diagnostic", json!({ "previousResultIds": known(&found) }));
    editor.notify("$/cancelRequest", json!({ "id": held }));
    assert_eq!(editor.answer(held)["error"]["code"], -32800);
    let params = json!({ "previousResultIds": known(&found), "partialResultToken": "part" });
    let held = editor.ask("workspace/diagnostic", params);
    // It is not answered before something changes.
    editor.pull("one.py");
    assert!(editor.kept.iter().all(|message| message["id"] != held));
    sandbox.write("one.py", b"x = 1\n");
    sandbox.write("sub/clean.py", format!("key = \"{two}\"\n").as_bytes());
    let changes = json!([{ "uri": editor.uri("one.py"), "type": 2 }, { "uri": editor.uri("sub/clean.py"), "type": 2 }]);
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    let part = editor.notified("$/progress");
    assert_eq!(part["token"], "part");
    let changed = items(&part["value"]["items"]);
    let count = |report: &Value| items(&report["items"]).len();
    assert_eq!((changed.len(), count(&changed[0]), count(&changed[1])), (2, 0, 1));
    assert_eq!(editor.answer(held)["result"]["items"], json!([]));
    // A file that is gone is cleared; a request that waits at the end is answered.
    std::fs::remove_file(sandbox.path("wide.py")).expect("it is there");
    let held = editor.ask("workspace/diagnostic", json!({ "previousResultIds": known(&found[1..]) }));
    let changes = json!([{ "uri": editor.uri("wide.py"), "type": 3 }]);
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    assert_eq!(editor.answer(held)["result"]["items"][0]["items"], json!([]));
    let all = editor.result("workspace/diagnostic", json!({ "previousResultIds": [] }));
    // So is one that is no text any more.
    sandbox.write("sub/clean.py", format!("\0{two}").as_bytes());
    let held = editor.ask("workspace/diagnostic", json!({ "previousResultIds": known(&items(&all["items"])) }));
    let changes = json!([{ "uri": editor.uri("sub/clean.py"), "type": 2 }]);
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    assert_eq!(editor.answer(held)["result"]["items"][0]["items"], json!([]));
    let held = editor.ask("workspace/diagnostic", json!({ "previousResultIds": known(&found[..1]) }));
    editor.result("shutdown", Value::Null);
    assert!(editor.answer(held).get("result").is_some());
    editor.notify("exit", Value::Null);
    assert_eq!(editor.ends(), Some(0));
}

#[test]
fn a_terraform_module_is_what_the_command_line_says() {
    let policy = |name: &str, actions: &str| {
        let statement = format!("  statement {{\n    actions   = {actions}\n    resources = [\"*\"]\n  }}\n");
        format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{statement}}}\n")
    };
    let attached = |name: &str| {
        let policy = format!("data.aws_iam_policy_document.{name}.json");
        format!(
            "resource \"aws_iam_role_policy\" \"{name}\" {{\n  role   = aws_iam_role.app.id\n  policy = {policy}\n}}\n"
        )
    };
    let run = policy("run", "[\"lambda:CreateFunction\", \"lambda:InvokeFunction\"]");
    let sandbox = Sandbox::repository(&[
        ("iam/pass.tf", &policy("pass", "[\"iam:PassRole\"]")),
        ("iam/run.tf", &run),
        ("iam/roles.tf", &(attached("pass") + &attached("run"))),
    ]);
    let report: Value = serde_json::from_str(&sandbox.keylint(&["--format", "json"]).out).expect("JSON");
    let mut want: Vec<(String, String, u64)> = items(&report["diagnostics"])
        .iter()
        .map(|found| {
            let text = |key: &str| found[key].as_str().expect("a text").to_string();
            (text("path"), text("rule"), found["start"]["line"].as_u64().expect("a line") - 1)
        })
        .collect();
    want.sort();
    assert!(want.iter().any(|(path, rule, _)| path == "iam/run.tf" && rule == "privilege-escalation"), "{want:?}");
    let mut editor = Editor::open(&sandbox, modern(true));
    let placed = |path: &str, found: Vec<Value>| {
        let text = |value: &Value| value.as_str().expect("a text").to_string();
        let one = |item: &Value| {
            (path.to_string(), text(&item["code"]), item["range"]["start"]["line"].as_u64().unwrap_or(99))
        };
        found.iter().map(one).collect::<Vec<_>>()
    };
    // The files that are not open, and the one that is.
    editor.did_open("iam/run.tf", &run);
    let answer = editor.result("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let mut got = placed("iam/run.tf", items(&editor.pull("iam/run.tf")["items"]));
    for report in items(&answer["items"]) {
        let name = report["uri"].as_str().and_then(|uri| uri.rsplit('/').next()).expect("a name");
        got.extend(placed(&format!("iam/{name}"), items(&report["items"])));
    }
    got.sort();
    assert_eq!(got, want);
    editor.close();
}

#[test]
fn a_client_that_cannot_ask_has_a_command() {
    let secret = token(7);
    let sandbox = Sandbox::new(&[("one.py", &format!("key = \"{secret}\"\n"))]);
    let mut editor = Editor::open(&sandbox, modern(false));
    editor.secrets.push(secret);
    editor.result("workspace/executeCommand", json!({ "command": "keylint.scanWorkspace" }));
    let published = editor.published();
    assert_eq!((&published["uri"], items(&published["diagnostics"]).len()), (&json!(editor.uri("one.py")), 1));
    sandbox.write("one.py", b"");
    let changes = json!([{ "uri": editor.uri("one.py"), "type": 2 }]);
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    assert_eq!(editor.published()["diagnostics"], json!([]));
    editor.close();
}

#[test]
fn a_request_that_waits_can_be_cancelled() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    // Long enough to scan that the next two messages are there before it is done.
    editor.did_open("a.py", &"password = \"x\"\n".repeat(200_000));
    let params = json!({ "textDocument": { "uri": editor.uri("a.py") } });
    let first = editor.ask("textDocument/diagnostic", params.clone());
    let second = editor.ask("textDocument/diagnostic", params);
    editor.notify("$/cancelRequest", json!({ "id": second }));
    assert!(editor.answer(first).get("result").is_some());
    let answer = editor.answer(second);
    assert!(answer["error"]["code"] == -32800 || answer.get("result").is_some(), "{answer}");
    editor.notify("$/cancelRequest", json!({ "id": 12345 }));
    editor.close();
}

#[test]
fn a_value_moves_to_env_without_being_sent() {
    let sandbox = Sandbox::repository(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let secret = editor.plant(8);
    let text = format!("import os\n\nGITHUB_TOKEN = \"{secret}\"\n");
    sandbox.write("a.py", text.as_bytes());
    editor.did_open("a.py", &text);
    let found = items(&editor.pull("a.py")["items"]);
    let actions = editor.actions("a.py", &found[0]["range"], json!(found));
    let action = titled(&actions, "Move it to the environment variable");
    // Some editors ask for the edit of an action that is a command; it is the same then.
    assert_eq!(editor.result("codeAction/resolve", action.clone()), *action);
    assert_eq!((&action["kind"], &action["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(action["diagnostics"], json!(found));
    let command = action["command"].clone();
    editor.result(
        "workspace/executeCommand",
        json!({ "command": command["command"], "arguments": command["arguments"] }),
    );
    let edit = editor.notified("workspace/applyEdit")["edit"].clone();
    let new = applied(&text, edits_of(&edit));
    assert_eq!(new, "import os\n\nGITHUB_TOKEN = os.environ[\"GITHUB_TOKEN\"]\n");
    assert_eq!(edit["documentChanges"][0]["textDocument"]["version"], 1);
    assert_eq!(sandbox.read(".env"), format!("GITHUB_TOKEN={secret}\n"));
    assert_eq!(sandbox.read(".gitignore"), ".env\n");
    // The document is another one now.
    editor.did_change("a.py", 2, json!([{ "text": new }]));
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    assert_eq!(editor.error("workspace/executeCommand", params), -32801);
    // What is in `.env` now is ignored by git, and so here.
    editor.did_open(".env", &sandbox.read(".env"));
    assert_eq!(editor.pull(".env")["items"], json!([]));
    editor.close();
}

#[test]
fn env_is_not_written_where_it_must_not_be() {
    let sandbox = Sandbox::repository(&[(".env", "OTHER=1\n")]);
    sandbox.git(&["add", ".env"]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let secret = editor.plant(9);
    let text = format!("import os\nGITHUB_TOKEN = \"{secret}\"\n");
    editor.did_open("a.py", &text);
    let found = items(&editor.pull("a.py")["items"]);
    let run = |editor: &mut Editor<'_>| {
        let actions = editor.actions("a.py", &found[0]["range"], json!([]));
        let command = titled(&actions, "Move it to the environment variable")["command"].clone();
        editor.request(
            "workspace/executeCommand",
            json!({ "command": command["command"], "arguments": command["arguments"] }),
        )
    };
    let answer = run(&mut editor);
    assert!(answer["error"]["message"].as_str().is_some_and(|said| said.contains("git tracks")), "{answer}");
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    // One that was changed in the editor and not saved would be overwritten.
    editor.did_open(".env", "OTHER=2\n");
    let answer = run(&mut editor);
    assert!(answer["error"]["message"].as_str().is_some_and(|said| said.contains("save it first")), "{answer}");
    assert_eq!(sandbox.read(".env"), "OTHER=1\n");
    assert!(!editor.log.contains("applyEdit"));
    editor.close();
}

#[test]
fn a_comment_with_a_reason_suppresses() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let secret = editor.plant(10);
    for (path, text, want) in [
        ("a.py", format!("def f():\n    key = \"{secret}\"\n"), "    # keylint: ignore-next-line["),
        ("a.sh", format!("curl -H \\\n  'Authorization: token {secret}'\n"), "  # keylint: ignore["),
        ("page.html", format!("<p>{secret}</p>\n"), "<!-- keylint: ignore-next-line["),
    ] {
        editor.did_open(path, &text);
        let found = items(&editor.pull(path)["items"]);
        let actions = editor.actions(path, &found[0]["range"], json!([]));
        let action = titled(&actions, "Ignore this: a test value").clone();
        // The edit comes when the action is chosen.
        assert!(action.get("edit").is_none() && action.get("data").is_some());
        let action = editor.result("codeAction/resolve", action);
        let new = applied(&text, edits_of(&action["edit"]));
        assert!(new.contains(want) && new.contains("] a test value"), "{path}");
        editor.did_change(path, 2, json!([{ "text": new }]));
        assert_eq!(editor.pull(path)["items"], json!([]), "{path}");
        editor.did_change(path, 3, json!([{ "text": text }]));
    }
    // Two lines that belong together are not torn apart, and JSON has no comments.
    let text = format!("curl -H \\\n  'Authorization: token {secret}' \\\n  https://example.com\n");
    for (path, text) in [("b.sh", text), ("b.json", format!("{{ \"key\": \"{secret}\" }}\n"))] {
        editor.did_open(path, &text);
        let found = items(&editor.pull(path)["items"]);
        let actions = editor.actions(path, &found[0]["range"], json!([]));
        let ignores = |action: &&Value| action["title"].as_str().is_some_and(|title| title.starts_with("Ignore this"));
        assert_eq!(actions.iter().find(ignores), None, "{path}");
    }
    editor.close();
}

#[test]
fn a_whole_file_can_be_ignored() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let secret = editor.plant(11);
    let text = format!("#!/usr/bin/env python3\nkey = \"{secret}\"\n");
    editor.did_open("a.py", &text);
    let found = items(&editor.pull("a.py")["items"]);
    let actions = editor.actions("a.py", &found[0]["range"], json!([]));
    let action = editor.result("codeAction/resolve", titled(&actions, "Ignore `").clone());
    let new = applied(&text, edits_of(&action["edit"]));
    assert!(new.starts_with("#!/usr/bin/env python3\n# keylint: ignore-file["));
    editor.did_change("a.py", 2, json!([{ "text": new }]));
    assert_eq!(editor.pull("a.py")["items"], json!([]));
    editor.close();
}

#[test]
fn a_finding_is_accepted_in_the_baseline() {
    let sandbox = Sandbox::repository(&[("sub/x.py", "")]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let (secret, other) = (editor.plant(12), editor.plant(13));
    let text = format!("key = \"{secret}\"\nother = \"{other}\"\n");
    sandbox.write("sub/a.py", text.as_bytes());
    editor.did_open("sub/a.py", &text);
    for (round, left) in [(0, 1), (1, 0)] {
        let found = items(&editor.pull("sub/a.py")["items"]);
        let actions = editor.actions("sub/a.py", &found[0]["range"], json!([]));
        let action = editor.result("codeAction/resolve", titled(&actions, "Accept this").clone());
        let changes = items(&action["edit"]["documentChanges"]);
        // The first one makes the file.
        assert_eq!(changes[0]["kind"] == "create", round == 0, "{changes:?}");
        let old = if round == 0 { String::new() } else { sandbox.read("keylint.baseline.json") };
        let new = applied(&old, edits_of(&action["edit"]));
        sandbox.write("keylint.baseline.json", new.as_bytes());
        let changed = json!([{ "uri": editor.uri("keylint.baseline.json"), "type": 1 }]);
        editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": changed }));
        editor.notified("workspace/diagnostic/refresh");
        assert_eq!(items(&editor.pull("sub/a.py")["items"]).len(), left);
    }
    // The command line agrees.
    sandbox.keylint(&["check", "."]).code(0).says(&["baseline"]);
    // A copy is new, a move is not.
    sandbox.write("sub/b.py", text.as_bytes());
    editor.did_open("sub/b.py", &text);
    assert_eq!(items(&editor.pull("sub/b.py")["items"]).len(), 2);
    let closed = json!({ "textDocument": { "uri": editor.uri("sub/a.py") } });
    editor.notify("textDocument/didClose", closed);
    std::fs::remove_file(sandbox.path("sub/a.py")).expect("it is there");
    editor.did_change("sub/b.py", 2, json!([{ "text": format!("{text}\n") }]));
    assert_eq!(editor.pull("sub/b.py")["items"], json!([]));
    // The baseline itself is open and is what counts, saved or not.
    editor.did_open("keylint.baseline.json", "{");
    let found = items(&editor.pull("keylint.baseline.json")["items"]);
    assert_eq!((found.len(), &found[0]["code"]), (1, &json!("configuration")));
    editor.close();
}

#[test]
fn comments_that_suppress_nothing_are_removed() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let marker = format!("keylint: {}[jwt]", "ignore");
    let text = format!("x = 1  # {marker} rotated\n# {marker}\ny = 2\n");
    editor.did_open("a.py", &text);
    let found = items(&editor.pull("a.py")["items"]);
    assert_eq!((found.len(), &found[0]["tags"]), (2, &json!([1])));
    let actions = editor.actions("a.py", &found[0]["range"], json!(found));
    let action = editor.result("codeAction/resolve", titled(&actions, "Remove this comment").clone());
    assert_eq!(applied(&text, edits_of(&action["edit"])), format!("x = 1\n# {marker}\ny = 2\n"));
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 3, "character": 0 } });
    let document = json!({ "uri": editor.uri("a.py") });
    let context = json!({ "diagnostics": [], "only": ["source.fixAll"] });
    let params = json!({ "textDocument": document, "range": whole, "context": context });
    let actions = items(&editor.result("textDocument/codeAction", params));
    assert_eq!((actions.len(), &actions[0]["kind"]), (1, &json!("source.fixAll.keylint")));
    let action = editor.result("codeAction/resolve", actions[0].clone());
    assert_eq!(applied(&text, edits_of(&action["edit"])), "x = 1\ny = 2\n");
    editor.close();
}

#[test]
fn old_clients_get_commands_and_plain_changes() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, json!({ "workspace": { "applyEdit": true } }));
    let secret = editor.plant(14);
    let text = format!("import os\nkey = \"{secret}\"\n");
    editor.did_open("a.py", &text);
    let range = items(&editor.published()["diagnostics"])[0]["range"].clone();
    let actions = editor.actions("a.py", &range, json!([]));
    let command = titled(&actions, "Ignore this: revoked");
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    editor.result("workspace/executeCommand", params);
    let edit = editor.notified("workspace/applyEdit")["edit"].clone();
    let new = applied(&text, &edit["changes"][editor.uri("a.py")]);
    assert!(new.contains("] revoked\nkey"), "{edit}");
    let place = json!({ "textDocument": { "uri": editor.uri("a.py") }, "position": range["start"] });
    assert_eq!(editor.result("textDocument/hover", place)["contents"]["kind"], "plaintext");
    editor.close();
    // One that knows actions and cannot ask for their edits gets them at once.
    let mut capabilities = modern(true);
    capabilities["textDocument"]["codeAction"]["resolveSupport"] = Value::Null;
    let mut editor = Editor::open(&sandbox, capabilities);
    editor.did_open("a.py", &text);
    let actions = editor.actions("a.py", &range, json!([]));
    assert!(titled(&actions, "Ignore this")["edit"].is_object());
    editor.close();
}

#[test]
fn hovers_are_masked_and_say_what_to_do() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let secret = editor.plant(15);
    let marker = format!("keylint: {}[jwt]", "ignore");
    editor.did_open("a.py", &format!("key = \"{secret}\"\n# {marker}\n"));
    let at = |line: u32, character: u32| json!({ "textDocument": { "uri": "" }, "position": { "line": line, "character": character } });
    let uri = editor.uri("a.py");
    let mut hover = |mut place: Value| {
        place["textDocument"]["uri"] = json!(uri);
        editor.result("textDocument/hover", place)
    };
    let said = hover(at(0, 20));
    let text = said["contents"]["value"].as_str().expect("a text");
    for word in ["ghp_************", "checksum", "Revoke", "high confidence", "https://github.com/keylint"] {
        let found = text.contains(word) || word == "high confidence" && text.contains("certain confidence");
        assert!(found, "`{word}` is missing in {text}");
    }
    assert_eq!(said["range"]["start"], json!({ "line": 0, "character": 7 }));
    let said = hover(at(1, 21));
    assert!(said["contents"]["value"].as_str().is_some_and(|text| text.contains("`jwt`")), "{said}");
    assert_eq!(hover(at(0, 1)), Value::Null);
    let lens = json!({ "textDocument": { "uri": uri } });
    assert_eq!(editor.result("textDocument/codeLens", lens), json!([]));
    editor.close();
}

#[test]
fn configurations_are_read_again() {
    let secret = token(16);
    let sandbox = Sandbox::new(&[("sub/x.py", "")]);
    let mut editor = Editor::open(&sandbox, modern(true));
    editor.secrets.push(secret.clone());
    let registered = editor.notified("client/registerCapability").to_string();
    for name in ["**/keylint.toml", "**/keylint.baseline.json", "**/.gitignore"] {
        assert!(registered.contains(name), "{registered}");
    }
    editor.did_open("sub/a.py", &format!("key = \"{secret}\"\n"));
    let count = |editor: &mut Editor<'_>| items(&editor.pull("sub/a.py")["items"]).len();
    assert_eq!(count(&mut editor), 1);
    let write = |editor: &mut Editor<'_>, path: &str, text: &str| {
        sandbox.write(path, text.as_bytes());
        let changes = json!([{ "uri": editor.uri(path), "type": 2 }]);
        editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
        editor.notified("workspace/diagnostic/refresh");
    };
    write(&mut editor, "keylint.toml", "exclude = [\"sub\"]\n");
    assert_eq!(count(&mut editor), 0);
    // A nearer one takes its place; what it extends is watched too.
    sandbox.write("base.toml", b"ignore = [\"secret\"]\n");
    write(&mut editor, "sub/keylint.toml", "extends = \"../base.toml\"\n");
    assert_eq!(count(&mut editor), 0);
    let registered = editor.notified("client/registerCapability").to_string();
    assert!(registered.contains("**/base.toml"), "{registered}");
    write(&mut editor, "base.toml", "");
    assert_eq!(count(&mut editor), 1);
    // A wrong one is said, and everything is looked for.
    write(&mut editor, "sub/keylint.toml", "\nselct = []\n");
    assert_eq!(count(&mut editor), 1);
    let said = editor.notified("window/showMessage");
    assert!(
        said["message"].as_str().is_some_and(|said| said.contains("keylint.toml:2: unknown key `selct`")),
        "{said}"
    );
    // Typed into its own document, it is a diagnostic there.
    editor.did_open("sub/keylint.toml", "ignore = [1]\n");
    let found = items(&editor.pull("sub/keylint.toml")["items"]);
    assert_eq!((&found[0]["code"], &found[0]["range"]["start"]["line"]), (&json!("configuration"), &json!(0)));
    editor.did_change("sub/keylint.toml", 2, json!([{ "text": "ignore = [\"secret\"]\n" }]));
    assert_eq!(editor.pull("sub/keylint.toml")["items"], json!([]));
    assert_eq!(count(&mut editor), 0);
    editor.close();
}

#[test]
fn settings_are_asked_for() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::start(&sandbox);
    editor.settings = json!({ "severity": "critical", "run": "onSave" });
    editor.initialize(modern(true));
    editor.notified("workspace/configuration");
    let secret = editor.plant(17);
    let text = format!("key = \"{secret}\"\n");
    editor.did_open("a.py", &text);
    let count = |editor: &mut Editor<'_>| items(&editor.pull("a.py")["items"]).len();
    let before = count(&mut editor);
    editor.settings = json!({ "severity": "info", "enable": false });
    editor.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    editor.notified("workspace/configuration");
    editor.notified("workspace/diagnostic/refresh");
    assert_eq!(count(&mut editor), 0);
    editor.settings = json!({ "enable": true });
    editor.notify("workspace/didChangeConfiguration", json!({ "settings": { "keylint": { "run": "onSave" } } }));
    editor.notified("workspace/configuration");
    // Answered in order: the settings are in force by the next pull.
    editor.pull("b.py");
    assert_eq!((before <= 1, count(&mut editor)), (true, 1));
    // What is typed counts when it is saved.
    editor.did_change("a.py", 2, json!([{ "text": "" }]));
    assert_eq!(count(&mut editor), 1);
    let saved = json!({ "textDocument": { "uri": editor.uri("a.py") } });
    editor.notify("textDocument/didSave", saved);
    assert_eq!(count(&mut editor), 0);
    editor.close();
}

#[test]
fn policies_have_lenses() {
    let sandbox = Sandbox::new(&[]);
    let mut editor = Editor::open(&sandbox, modern(true));
    let statement = r#"{ "Effect": "Allow", "Action": "*", "Resource": "*" }"#;
    let text = format!("{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {statement}\n  ]\n}}\n");
    editor.did_open("policy.json", &text);
    let found = items(&editor.pull("policy.json")["items"]);
    assert!(found.iter().any(|item| item["severity"] == 1), "{found:?}");
    let params = json!({ "textDocument": { "uri": editor.uri("policy.json") } });
    let lenses = items(&editor.result("textDocument/codeLens", params));
    assert_eq!(lenses.len(), 1, "{lenses:?}");
    let title = lenses[0]["command"]["title"].as_str().expect("a title");
    assert!(title.starts_with("high: ") && title.contains("more"), "{title}");
    assert_eq!(lenses[0]["range"]["start"]["line"], found[0]["range"]["start"]["line"]);
    let place = json!({ "textDocument": { "uri": editor.uri("policy.json") }, "position": found[0]["range"]["start"] });
    assert!(editor.result("textDocument/hover", place)["contents"]["value"].is_string());
    // JSON has no comments, and the baseline takes anything.
    let actions = editor.actions("policy.json", &found[0]["range"], json!(found));
    titled(&actions, "Accept this");
    // An action that another one takes in is removed with everything else that is safe.
    let statement = r#"{ "Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], "Resource": "arn:aws:s3:::a/*" }"#;
    let text = format!("{{ \"Version\": \"2012-10-17\", \"Statement\": [{statement}] }}\n");
    editor.did_change("policy.json", 2, json!([{ "text": text }]));
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 0 } });
    let context = json!({ "diagnostics": [], "only": ["source.fixAll.keylint"] });
    let document = json!({ "uri": editor.uri("policy.json") });
    let params = json!({ "textDocument": document, "range": whole, "context": context });
    let actions = items(&editor.result("textDocument/codeAction", params));
    let action = editor.result("codeAction/resolve", titled(&actions, "Fix everything").clone());
    let new = applied(&text, edits_of(&action["edit"]));
    assert!(new.contains(r#""Action": ["s3:Get*"]"#), "{new}");
    editor.close();
}
