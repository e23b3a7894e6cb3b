//! Every known way to more permissions: found where it is open, silent where one piece of it is missing.
//! Not here: what the finding looks like (the examples of its rule).

use keylint_policy::{
    catalogue::Catalogue,
    escalation::{Grants, PATHS, Path},
    hosts::Found,
    model::Policy,
    read,
};
use keylint_syntax::{Text, tree};
use serde_json::{Value, json};

/// Reads an identity policy of these statements.
fn policy(statements: Vec<Value>) -> Policy {
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let node = tree::json(&Text::identity(text.as_bytes(), 0)).expect("JSON");
    read(Found::bare(node))
}

/// A statement for each action, which `change` may alter.
fn statements(path: &Path, change: impl Fn(&str, &mut Value)) -> Vec<Value> {
    let statement = |action: &&str| {
        let mut statement = json!({ "Effect": "Allow", "Action": action, "Resource": "*" });
        change(action, &mut statement);
        statement
    };
    path.actions.iter().map(statement).collect()
}

fn is_open(path: &Path, statements: Vec<Value>) -> bool {
    let policy = policy(statements);
    let grants = Grants::new(std::iter::once(&policy), Catalogue::get());
    grants.open().iter().any(|open| open.path.actions == path.actions)
}

/// Runs `check` for every path and each of its actions.
fn each(what: &str, check: impl Fn(&Path, &str) -> bool) {
    for path in PATHS {
        for action in path.actions {
            assert!(check(path, action), "{what}: {:?} at {action}", path.actions);
        }
    }
}

#[test]
fn a_path_is_open_where_all_of_it_is_granted() {
    for path in PATHS {
        assert!(is_open(path, statements(path, |_, _| ())), "{:?}", path.actions);
        let wild = |action: &str, statement: &mut Value| {
            statement["Action"] = format!("{}*", &action[..action.len() - 1]).into()
        };
        assert!(is_open(path, statements(path, wild)), "wildcards: {:?}", path.actions);
    }
}

#[test]
fn a_path_is_closed_without_one_of_its_actions() {
    each("dropped", |path, dropped| {
        !is_open(path, statements(path, |_, _| ()).into_iter().filter(|s| s["Action"] != dropped).collect())
    });
    each("excluded", |path, excluded| {
        !is_open(path, vec![json!({ "Effect": "Allow", "NotAction": [excluded], "Resource": "*" })])
    });
}

#[test]
fn a_deny_closes_a_path() {
    each("denied", |path, denied| {
        let mut all = statements(path, |_, _| ());
        all.push(json!({ "Effect": "Deny", "Action": denied, "Resource": "*" }));
        !is_open(path, all)
    });
    each("denied by exception", |path, denied| {
        let mut all = statements(path, |_, _| ());
        let others: Vec<&&str> = path.actions.iter().filter(|action| **action != denied).collect();
        all.push(json!({ "Effect": "Deny", "NotAction": others, "Resource": "*" }));
        !is_open(path, all)
    });
    each("denied but for a thing that is of no use", |path, denied| {
        let mut all = statements(path, |_, _| ());
        all.push(
            json!({ "Effect": "Deny", "Action": denied, "NotResource": "arn:aws:sqs:us-east-1:111122223333:jobs" }),
        );
        !is_open(path, all)
    });
}

#[test]
fn a_deny_of_all_roles_or_of_all_but_one_closes_a_path_that_passes_one() {
    let passing: Vec<&Path> = PATHS.iter().filter(|path| path.actions.contains(&"iam:PassRole")).collect();
    assert!(passing.len() > 10);
    let check = |key: &str, roles: &str, want: bool| {
        for path in &passing {
            let mut all = statements(path, |_, _| ());
            all.push(json!({ "Effect": "Deny", "Action": "iam:PassRole", key: roles }));
            assert_eq!(is_open(path, all), want, "{key} {roles}: {:?}", path.actions);
        }
    };
    check("Resource", "arn:aws:iam::*:role/*", false);
    check("Resource", "arn:aws:iam::*:role/admin", true);
    check("Resource", "arn:aws:iam::*:user/*", true);
    check("NotResource", "arn:aws:iam::111122223333:role/reports", false);
    check("NotResource", "arn:aws:iam::111122223333:role/*", true);
}

#[test]
fn a_condition_that_never_holds_closes_a_path() {
    each("in the past", |path, conditioned| {
        let past = json!({ "DateLessThan": { "aws:CurrentTime": "2015-01-01T00:00:00Z" } });
        !is_open(
            path,
            statements(path, |action, statement| {
                if action == conditioned {
                    statement["Condition"] = past.clone();
                }
            }),
        )
    });
    let other = json!({ "StringEquals": { "iam:PassedToService": "nobody.amazonaws.com" } });
    for path in PATHS.iter().filter(|path| path.actions.contains(&"iam:PassRole")) {
        let change = |action: &str, statement: &mut Value| {
            if action == "iam:PassRole" {
                statement["Condition"] = other.clone();
            }
        };
        let policy = policy(statements(path, change));
        let grants = Grants::new(std::iter::once(&policy), Catalogue::get()).through_passed_service();
        assert!(grants.open().iter().all(|open| open.path.actions != path.actions), "{:?}", path.actions);
    }
}

#[test]
fn another_resource_closes_a_path() {
    each("another resource", |path, moved| {
        !is_open(
            path,
            statements(path, |action, statement| {
                if action == moved {
                    statement["Resource"] = "arn:aws:waf::111122223333:ipset/office".into();
                }
            }),
        )
    });
}
