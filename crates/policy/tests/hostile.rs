//! Texts that nobody writes by hand: they end, they give places inside the text, and they stop nothing else.
//! Not here: random texts (the fuzz target `policy`).

use keylint_diagnostics::{Diagnostic, Document};
use keylint_policy::Detector;

fn scan(path: &str, text: &[u8]) -> Vec<Diagnostic> {
    let diagnostics = Detector::new(keylint_rules::builtin(), b"test", None).scan(&Document::new(path, text));
    for label in diagnostics.iter().flat_map(|d| std::iter::once(&d.primary).chain(&d.related)) {
        assert!(label.span.start <= label.span.end && label.span.end as usize <= text.len(), "{label:?}");
    }
    diagnostics
}

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;

fn rules(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic.rule.as_str()).collect()
}

#[test]
fn nesting_has_a_limit_and_a_place() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text =
            format!("{{\"Statement\": \"Effect Action\", \"b\": {}1{}}}", open.repeat(100_000), close.repeat(100_000));
        assert_eq!(rules(&scan("policy.json", text.as_bytes())), ["json-syntax-error"]);
    }
    let text = format!("# Statement aws_iam_policy_document\na = {}1{}\n", "[".repeat(100_000), "]".repeat(100_000));
    scan("main.tf", text.as_bytes());
    let text = format!("Statement: {}\n", "[".repeat(100_000));
    scan("template.yaml", text.as_bytes());
}

#[test]
fn huge_lists_end() {
    let actions: Vec<String> = (0..20_000).map(|number| format!("\"s3:Get{number}*\"")).collect();
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": [{}], "Resource": "*"}}]}}"#,
        actions.join(",")
    );
    let found = scan("policy.json", text.as_bytes());
    assert!(found.len() <= keylint_policy::MAX_DIAGNOSTICS);
    // No clock: a cost that is not linear keeps these from ending.
    let keys: Vec<String> = (0..100_000).map(|number| format!("\"aws:x{number}\": \"*\"")).collect();
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:*", "Resource": "*",
            "Condition": {{"StringLike": {{{}}}}}}}]}}"#,
        keys.join(",")
    );
    scan("policy.json", text.as_bytes());
    let statements = vec![r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#; 5_000].join(",");
    scan("policy.json", format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#).as_bytes());
}

#[test]
fn a_policy_is_found_in_every_encoding() {
    let want = ["full-administrator-access"];
    let only = |text: &[u8]| {
        let found = scan("policy.json", text);
        let admin: Vec<&Diagnostic> = found.iter().filter(|d| d.rule.as_str() == want[0]).collect();
        assert_eq!(admin.len(), 1, "{found:?}");
        admin[0].primary.span.of(text).to_vec()
    };
    assert_eq!(only(POLICY.as_bytes()), b"\"*\"");
    assert_eq!(only(format!("\u{feff}{POLICY}").as_bytes()), b"\"*\"");
    let wide: Vec<u8> = format!("\u{feff}{POLICY}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(only(&wide), b"\"\0*\0\"\0");
}

#[test]
fn a_policy_cut_anywhere_is_a_located_error_or_nothing() {
    for end in 0..POLICY.len() {
        let found = scan("policy.json", &POLICY.as_bytes()[..end]);
        assert!(found.iter().all(|d| d.rule.as_str() == "json-syntax-error"), "{end}: {found:?}");
    }
}

#[test]
fn elements_that_stand_twice_do_no_harm() {
    let text =
        r#"{"Version": "2012-10-17", "Version": 7, "Statement": [], "Statement": [{"Action": "a", "Action": ["b"]}]}"#;
    scan("policy.json", text.as_bytes());
}

#[test]
fn a_broken_policy_does_not_stop_the_others() {
    let text = r#"
resource "aws_iam_policy" "broken" {
  policy = "{ \"Statement\": [ {\"Effect\" \"Action\" } ] }"
}

resource "aws_iam_policy" "whole" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"#;
    let found = scan("main.tf", text.as_bytes());
    assert!(rules(&found).contains(&"json-syntax-error"), "{found:?}");
    assert!(rules(&found).contains(&"full-administrator-access"), "{found:?}");
}

#[test]
fn many_that_hold_many_end() {
    let policy = |action: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}]}}"#
        )
    };
    let inline: Vec<String> =
        (0..2_000).map(|_| format!(r#"{{"PolicyName": "p", "PolicyDocument": {}}}"#, policy("iam:PassRole"))).collect();
    let users: Vec<String> =
        (0..20_000).map(|number| format!(r#"{{"UserName": "u{number}", "GroupList": ["g"]}}"#)).collect();
    let text = format!(
        r#"{{"UserDetailList": [{}], "GroupDetailList": [{{"GroupName": "g", "GroupPolicyList": [{}]}}]}}"#,
        users.join(","),
        inline.join(",")
    );
    scan("details.json", text.as_bytes());
    let roles: Vec<String> = (0..200)
        .map(|number| {
            format!(r#"{{"RoleName": "r{number}", "RolePolicyList": [{}], "AttachedManagedPolicies": [{{"PolicyArn": "a"}}]}}"#, inline[0])
        })
        .collect();
    let text = format!(
        r#"{{"RoleDetailList": [{}], "Policies": [{{"Arn": "a", "PolicyVersionList": [{{"IsDefaultVersion": true, "Document": {}}}]}}]}}"#,
        roles.join(","),
        policy("lambda:*")
    );
    let found = scan("details.json", text.as_bytes());
    // Of each role both policies open it; it is said where the last part of it stands, once.
    assert_eq!(
        rules(&found).iter().filter(|rule| **rule == "privilege-escalation").count(),
        1,
        "{:?}",
        rules(&found).len()
    );
    let parts: Vec<String> = (0..2_000)
        .map(|number| {
            format!("data \"aws_iam_policy_document\" \"d{number}\" {{\n  source_policy_documents = [data.aws_iam_policy_document.d{}.json, data.aws_iam_policy_document.d{}.json]\n  statement {{\n    actions = [\"*\"]\n    resources = [\"*\"]\n  }}\n}}\n", number + 1, number * 7 % 2_000)
        })
        .collect();
    scan("main.tf", parts.concat().as_bytes());
}

#[test]
fn templates_in_templates_have_a_limit() {
    for text in [
        format!(r#"{{"resource": {{"aws_iam_policy": {{"x": {{"policy": "{}"}}}}}}}}"#, "${".repeat(50_000)),
        format!(
            r#"{{"resource": {{"aws_iam_policy": {{"x": {{"policy": "{}1{}"}}}}}}}}"#,
            "${[".repeat(50_000),
            "]}".repeat(50_000)
        ),
        format!(r#"{{"locals": {}, "resource": {{"aws_iam_policy": {{}}}}}}"#, r#"{"a": "#.repeat(100)),
    ] {
        scan("main.tf.json", text.as_bytes());
    }
    let text = format!(
        "service: a\nprovider:\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action: \"{}\"\n",
        "${a:".repeat(50_000)
    );
    scan("serverless.yml", text.as_bytes());
    let literal = format!(
        "p = {{'Version': '2012-10-17', 'Statement': [{}]}} # Effect",
        "{'Action': '\\x5c\\u{1f600}\\'', 'Effect': 7},".repeat(1_000)
    );
    scan("app.py", literal.as_bytes());
    // One brace that is not closed, and many.
    scan("app.py", format!("Effect = {{'x': 1, {}", "'Statement': ".repeat(20_000)).as_bytes());
    scan("app.py", format!("Effect = {}", "{'Statement': ".repeat(20_000)).as_bytes());
    // As many that are closed one around the other, one behind the other, or only in quotes.
    scan("app.py", format!("Effect = {}{}", "{".repeat(20_000), "'Statement': 1 + ; }".repeat(20_000)).as_bytes());
    scan("app.py", format!("Effect = {}", "{'Statement': '}{'Statement': `}".repeat(20_000)).as_bytes());
}

#[test]
fn a_policy_is_found_behind_many_literals_that_are_none() {
    let vain = format!("x = {{'Statement': '{}'}}\n", "x".repeat(60_000));
    let found = scan("app.py", format!("{}p = {POLICY}\n", vain.repeat(300)).as_bytes());
    assert!(rules(&found).contains(&"full-administrator-access"), "{:?}", rules(&found));
}
