//! Terraform modules: what the files of a folder say together, whichever of them are open, and what becomes of it when one
//! changes. Not here: what is joined (`keylint_engine::Module`).

use super::{Session, published, reported, says};
use crate::rpc::Fault;

const PASS: &str = "file:///w/iam/pass.tf";
const RUN: &str = "file:///w/iam/run.tf";
const ROLES: &str = "file:///w/iam/roles.tf";
const RULE: &str = "privilege-escalation";

fn policy(name: &str, actions: &str) -> String {
    let statement = format!("  statement {{\n    actions   = {actions}\n    resources = [\"*\"]\n  }}\n");
    format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{statement}}}\n")
}

fn attached(name: &str) -> String {
    let arguments = format!("  role   = aws_iam_role.app.id\n  policy = data.aws_iam_policy_document.{name}.json\n");
    format!("resource \"aws_iam_role_policy\" \"{name}\" {{\n{arguments}}}\n")
}

fn pass() -> String {
    policy("pass", r#"["iam:PassRole"]"#)
}

fn run() -> String {
    policy("run", r#"["lambda:CreateFunction", "lambda:InvokeFunction"]"#)
}

fn roles() -> String {
    attached("pass") + &attached("run")
}

/// A session with a module of three files.
fn session(fetching: &[&str], pulls: bool) -> Session {
    let files = [(PASS, &*pass()), (RUN, &*run()), (ROLES, &*roles()), ("file:///w/iam/notes.md", "aws_iam_")];
    Session::with(&files, fetching, pulls)
}

fn opens(rules: &[String]) -> bool {
    rules.iter().any(|rule| rule == RULE)
}

#[test]
fn the_files_of_a_module_are_read_as_one() {
    let mut session = session(&[], true);
    session.open_as(RUN, &run());
    assert!(opens(&session.pull(RUN).expect("an answer")));
    // A client that watches is asked to tell of such files.
    session.open_as(PASS, &pass());
    assert!(!opens(&session.pull(PASS).expect("an answer")));
    // What is typed into one file changes what is found in another.
    session.open_as(ROLES, &roles());
    assert!(opens(&session.pull(RUN).expect("an answer")));
    let said = session.change(ROLES, 2, &attached("run"));
    assert!(says(&said, "workspace/diagnostic/refresh"), "{said:?}");
    assert!(!opens(&session.pull(RUN).expect("an answer")));
    // What was not saved does not count when the document is closed.
    let said = session.close(ROLES);
    assert!(says(&said, "workspace/diagnostic/refresh"), "{said:?}");
    assert!(opens(&session.pull(RUN).expect("an answer")));
    // A file of the host changes, and goes.
    let said = session.store(ROLES, Some(&attached("run")));
    assert!(says(&said, "workspace/diagnostic/refresh"), "{said:?}");
    assert!(!opens(&session.pull(RUN).expect("an answer")));
    session.store(ROLES, Some(&roles()));
    assert!(opens(&session.pull(RUN).expect("an answer")));
    session.store(ROLES, None);
    assert!(!opens(&session.pull(RUN).expect("an answer")));
    // Nor does a file of another folder count.
    session.store("file:///w/other/roles.tf", Some(&roles()));
    assert!(!opens(&session.pull(RUN).expect("an answer")));
}

#[test]
fn all_open_files_of_a_module_are_told_of() {
    let mut session = session(&[], false);
    let said = session.open_as(RUN, &run());
    assert!(opens(&published(&said)[0].2), "{said:?}");
    let said = session.open_as(ROLES, &roles());
    assert_eq!(published(&said).iter().filter(|(uri, ..)| uri == ROLES).count(), 1);
    let told = published(&session.change(ROLES, 2, &attached("run")));
    let of = |uri: &str| told.iter().filter(|(other, ..)| other == uri).map(|(_, _, rules)| opens(rules)).collect();
    assert_eq!((of(RUN), of(ROLES)), (vec![false], vec![false]));
    // A file that has nothing to do with policies is told of alone.
    let told = published(&session.open_as("file:///w/iam/app.py", ""));
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn modules_wait_for_what_the_host_fetches() {
    let mut session = session(&[PASS, ROLES], true);
    session.open_as(RUN, &run());
    assert_eq!(session.pull(RUN), None);
    let wanted = session.last;
    let answer = super::answer(session.fetched(), wanted).expect("an answer");
    assert!(opens(&super::rules(&answer["result"]["items"])), "{answer}");
}

#[test]
fn a_sweep_reads_modules_and_scans_again_what_another_file_changed() {
    let mut session = session(&[], true);
    let told = session.pull_workspace();
    assert!(told.iter().any(|(uri, rules)| uri == RUN && opens(rules)), "{told:?}");
    // The next request is held until something changes: here a file beside the one with the finding.
    let known = json_ids(&mut session);
    assert_eq!(session.ask("workspace/diagnostic", known), None);
    let held = session.last;
    let said = session.store(ROLES, Some(&attached("run")));
    let answer = said.iter().find(|message| message["id"] == held && message.get("method").is_none());
    let told = reported(answer.expect("an answer"));
    assert!(told.iter().any(|(uri, rules)| uri == RUN && !opens(rules)), "{told:?}");
}

/// What a client sends that has everything.
fn json_ids(session: &mut Session) -> serde_json::Value {
    let answer =
        session.ask("workspace/diagnostic", serde_json::json!({ "previousResultIds": [] })).expect("an answer");
    let items = answer["result"]["items"].as_array().cloned().unwrap_or_default();
    let ids = items.iter().map(|item| serde_json::json!({ "uri": item["uri"], "value": item["resultId"] }));
    serde_json::json!({ "previousResultIds": ids.collect::<Vec<_>>() })
}

#[test]
fn fixes_look_at_the_whole_module() {
    let mut session = session(&[], true);
    let text = policy("run", r#"["lambda:CreateFunction", "lambda:Invoke*", "lambda:InvokeFunction"]"#);
    session.open_as(RUN, &text);
    assert!(opens(&session.pull(RUN).expect("an answer")));
    let whole = serde_json::json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let context = serde_json::json!({ "diagnostics": [], "only": ["source.fixAll.keylint"] });
    let wanted = serde_json::json!({ "textDocument": { "uri": RUN }, "range": whole, "context": context });
    let answer = session.ask("textDocument/codeAction", wanted).expect("an answer");
    let actions = answer["result"].as_array().expect("a list");
    assert_eq!(actions.len(), 1, "{answer}");
    let resolved = session.ask("codeAction/resolve", actions[0].clone()).expect("an answer");
    assert_ne!(resolved["error"]["code"], Fault::INTERNAL, "{resolved}");
    assert!(resolved["result"]["edit"].to_string().contains("newText"), "{resolved}");
}
