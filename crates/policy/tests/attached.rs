//! Policies of one principal are judged together, however the document says that they are: and a boundary, a group and a
//! policy that several hold count for what they are.
//! Not here: what opens a way to more permissions (`escalation.rs`).

use keylint_diagnostics::{Diagnostic, Document};
use keylint_policy::{Detector, PolicyKind, hosts};

/// What `rule` says of a document, as the texts that it points at.
fn found<'t>(rule: &str, path: &str, text: &'t str) -> Vec<&'t str> {
    let diagnostics =
        Detector::new(keylint_rules::builtin(), b"test", None).scan(&Document::new(path, text.as_bytes()));
    let of_rule = diagnostics.iter().filter(|diagnostic| diagnostic.rule.as_str() == rule);
    of_rule.map(|diagnostic: &Diagnostic| &text[diagnostic.primary.span.range()]).collect()
}

/// The two halves of a way to more permissions: alone neither opens it.
const PASS: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]}"#;
const RUN: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}]}"#;
const READ: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}"#;
const ADMIN: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;

/// Whether the two halves are joined.
fn opens(path: &str, text: &str) -> bool {
    let count = found("privilege-escalation", path, text).len();
    assert!(count <= 1, "said {count} times: {text}");
    count == 1
}

fn details(role: &str, other: &str, policies: &str) -> String {
    format!(
        r#"{{"UserDetailList": [{{"UserName": "app", "GroupList": ["makers"], "AttachedManagedPolicies": []}}{other}],
  "GroupDetailList": [{{"GroupName": "makers", "GroupPolicyList": [{{"PolicyName": "g", "PolicyDocument": {READ}}}], "AttachedManagedPolicies": []}}],
  "RoleDetailList": [{{"RoleName": "app", "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Service": "ec2.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]}}{role}}}],
  "Policies": [{policies}]}}"#
    )
}

/// A policy of one's own with an old version that does not count.
fn managed(name: &str, document: &str) -> String {
    format!(
        r#"{{"PolicyName": "{name}", "Arn": "arn:aws:iam::111122223333:policy/{name}", "DefaultVersionId": "v2", "PolicyVersionList": [{{"Document": {document}, "VersionId": "v2", "IsDefaultVersion": true}}, {{"Document": {ADMIN}, "VersionId": "v1", "IsDefaultVersion": false}}]}}"#
    )
}

fn attach(names: &[&str]) -> String {
    let one =
        |name: &&str| format!(r#"{{"PolicyName": "{name}", "PolicyArn": "arn:aws:iam::111122223333:policy/{name}"}}"#);
    format!(r#", "AttachedManagedPolicies": [{}]"#, names.iter().map(one).collect::<Vec<_>>().join(", "))
}

#[test]
fn an_account_s_policies_are_joined_by_their_principals() {
    let check = |role: &str, other: &str, want: bool| {
        let text = details(role, other, &format!("{}, {}", managed("pass", PASS), managed("run", RUN)));
        assert_eq!(opens("details.json", &text), want, "{text}");
        assert_eq!(found("full-administrator-access", "details.json", &text), Vec::<&str>::new());
    };
    let inline =
        |document: &str| format!(r#", "RolePolicyList": [{{"PolicyName": "p", "PolicyDocument": {document}}}]"#);
    check(&attach(&["pass", "run"]), "", true);
    check(&attach(&["pass"]), "", false);
    check(&(inline(RUN) + &attach(&["pass"])), "", true);
    check(&(inline(READ) + &attach(&["pass"])), "", false);
    // Two that hold one each are two; a user and a role of one name are two; a second holder changes nothing.
    let user = |name: &str, groups: &str, policies: &[&str]| {
        format!(r#", {{"UserName": "{name}", "GroupList": [{groups}]{}}}"#, attach(policies))
    };
    check(&attach(&["pass"]), &user("other", "", &["run"]), false);
    check(&attach(&["pass"]), &user("app", "", &["run"]), false);
    check(&attach(&["pass", "run"]), &user("other", "", &["run"]), true);
    check(&attach(&["run"]), &user("other", "", &["pass", "run"]), true);
}

#[test]
fn a_user_has_the_policies_of_its_groups() {
    let text = |group: &str| {
        format!(
            r#"{{"UserDetailList": [{{"UserName": "bob", "GroupList": ["{group}"], "UserPolicyList": [{{"PolicyName": "p", "PolicyDocument": {RUN}}}]}}],
  "GroupDetailList": [{{"GroupName": "makers", "GroupPolicyList": [{{"PolicyName": "g", "PolicyDocument": {PASS}}}]}}], "RoleDetailList": [], "Policies": []}}"#
        )
    };
    assert!(opens("details.json", &text("makers")));
    assert!(!opens("details.json", &text("readers")));
}

#[test]
fn a_boundary_holds_back() {
    let boundary = |name: &str| {
        format!(
            r#", "PermissionsBoundary": {{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/{name}"}}"#
        )
    };
    let policies = [managed("pass", PASS), managed("run", RUN), managed("read", READ)].join(", ");
    let both = attach(&["pass", "run"]);
    assert!(opens("details.json", &details(&both, "", &policies)));
    assert!(!opens("details.json", &details(&(both.clone() + &boundary("read")), "", &policies)));
    let kinds = |text: &str| -> Vec<PolicyKind> {
        let hosted = hosts::find(&Document::new("details.json", text.as_bytes()), false);
        hosted.policies.iter().filter_map(|found| found.kind).filter(|kind| *kind == PolicyKind::Boundary).collect()
    };
    assert_eq!(kinds(&details(&(both + &boundary("read")), "", &policies)).len(), 1);
}

#[test]
fn a_boundary_that_allows_everything_passes_no_role() {
    let rules = |kind: PolicyKind| {
        let detector = Detector::new(keylint_rules::builtin(), b"test", Some(kind));
        let diagnostics = detector.scan(&Document::new("policy.json", ADMIN.as_bytes()));
        diagnostics.iter().map(|diagnostic| diagnostic.rule.to_string()).collect::<Vec<_>>()
    };
    assert!(rules(PolicyKind::Identity).iter().any(|rule| rule.starts_with("pass-role-")));
    assert_eq!(rules(PolicyKind::Boundary), Vec::<String>::new());
    assert_eq!(rules(PolicyKind::Session), Vec::<String>::new());
}

#[test]
fn a_boundary_holds_back_what_its_resources_and_conditions_leave_out() {
    let check = |pass: &str, want: bool| {
        let statement = r#"{"Effect": "Allow", "Action": ["lambda:*", "s3:*"], "Resource": "*"}"#;
        let edge = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}{pass}]}}"#);
        let policies = [managed("pass", PASS), managed("run", RUN), managed("edge", &edge)].join(", ");
        let boundary = r#", "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/edge"}"#;
        let text = details(&(attach(&["pass", "run"]) + boundary), "", &policies);
        assert_eq!(opens("details.json", &text), want, "{pass}");
    };
    let all = r#", {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}"#;
    check("", false);
    check(all, true);
    check(&all.replace(r#""*""#, r#""arn:aws:iam::111122223333:role/reports""#), false);
    check(&all.replace(r#""*""#, r#""arn:aws:iam::111122223333:role/*""#), true);
    check(r#", {"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:iam::*:user/*"}"#, true);
    check(r#", {"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:iam::*:role/*"}"#, false);
    let when = |condition: &str| all.replace('}', &format!(r#", "Condition": {condition}}}"#));
    check(&when(r#"{"StringEquals": {"aws:PrincipalTag/team": "build"}}"#), false);
    check(&when(r#"{"Bool": {"aws:SecureTransport": "true"}}"#), true);
    check(&(all.to_string() + r#", {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}"#), false);
}

#[test]
fn templates_join_policies_by_reference() {
    let template = |role: &str, pass: &str| {
        format!(
            "Resources:\n  App:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: app\n{role}  Pass:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n{pass}      PolicyDocument: {PASS}\n  Run:\n    Type: AWS::IAM::Policy\n    Properties:\n      Roles: [!Ref App, !Ref Other]\n      PolicyDocument: {RUN}\n  Read:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {READ}\n"
        )
    };
    let check = |role: &str, pass: &str, want: bool| {
        let text = template(role, pass);
        assert_eq!(opens("template.yaml", &text), want, "{text}");
    };
    check("", "", false);
    check("", "      Roles: [!Ref App]\n", true);
    check("", "      Roles: [Ref: App]\n", true);
    check("", "      Roles: [app]\n", true);
    check("", "      Roles: [!Ref Third]\n", false);
    check("      ManagedPolicyArns: [!Ref Pass]\n", "", true);
    check("      ManagedPolicyArns: [!GetAtt Pass.PolicyArn]\n", "", true);
    check("      ManagedPolicyArns: [!Ref Pass]\n      PermissionsBoundary: !Ref Read\n", "", false);
    check(&format!("      Policies:\n        - PolicyName: p\n          PolicyDocument: {PASS}\n"), "", true);
}

#[test]
fn templates_of_cdk_join_policies() {
    let statement = |action: &str| {
        format!(
            r#"{{"Action": {action}, "Effect": "Allow", "Resource": {{"Fn::Join": ["", ["arn:", {{"Ref": "AWS::Partition"}}, ":*:*:*:*"]]}}}}"#
        )
    };
    let text = |pass: &str, role: &str| {
        format!(
            r#"{{"Resources": {{
 "AppServiceRole1": {{"Type": "AWS::IAM::Role", "Properties": {{
   "AssumeRolePolicyDocument": {{"Statement": [{{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {{"Service": "lambda.amazonaws.com"}}}}], "Version": "2012-10-17"}},
   "ManagedPolicyArns": [{{"Fn::Join": ["", ["arn:", {{"Ref": "AWS::Partition"}}, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]]}}, {{"Ref": "Pass3"}}]}}}},
 "AppServiceRoleDefaultPolicy2": {{"Type": "AWS::IAM::Policy", "Properties": {{
   "PolicyDocument": {{"Statement": [{{"Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Effect": "Allow", "Resource": "*"}}], "Version": "2012-10-17"}},
   "PolicyName": "AppServiceRoleDefaultPolicy2", "Roles": [{{"Ref": "{role}"}}]}}}},
 "Pass3": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{
   "PolicyDocument": {{"Statement": [{{"Action": "iam:PassRole", "Effect": "Allow", "Resource": "*"}}, {}], "Version": "2012-10-17"}}, "Path": "/"}}}}}}}}"#,
            statement(pass)
        )
    };
    assert!(opens("cdk.out/App.template.json", &text("\"s3:GetObject\"", "AppServiceRole1")));
    assert!(!opens("cdk.out/App.template.json", &text("\"s3:GetObject\"", "Other")));
    assert_eq!(
        found("invalid-action", "cdk.out/App.template.json", &text("\"s3:GetObjcet\"", "x")),
        ["\"s3:GetObjcet\""]
    );
    // The construct tree repeats the templates.
    let tree = format!(r#"{{"version": "tree-0.1", "tree": {{"children": {{"policyDocument": {ADMIN}}}}}}}"#);
    assert_eq!(found("full-administrator-access", "cdk.out/tree.json", &tree), Vec::<&str>::new());
    // A part of a template has its functions too.
    let part = format!(
        r#"{{"PolicyDocument": {{"Version": "2012-10-17", "Statement": [{}]}}}}"#,
        statement("\"s3:GetObject\"")
    );
    assert_eq!(found("data-type-mismatch", "part.json", &part), Vec::<&str>::new());
    assert_eq!(found("invalid-arn-prefix", "part.json", &part), Vec::<&str>::new());
}

const MODULE: &str = r#"
resource "aws_iam_role" "app" {
  name = "app"
  ROLE
}
resource "aws_iam_policy" "pass" {
  policy = data.aws_iam_policy_document.pass.json
}
data "aws_iam_policy_document" "pass" {
  statement {
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }
}
resource "aws_iam_role_policy" "run" {
  role   = aws_iam_role.app.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "*" }] })
}
resource "aws_iam_policy" "read" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
"#;

#[test]
fn modules_join_policies_by_attachment() {
    let check = |role: &str, more: &str, want: bool| {
        let text = MODULE.replace("ROLE", role) + more;
        assert_eq!(opens("main.tf", &text), want, "{text}");
    };
    let attachment = |role: &str| {
        format!(
            "resource \"aws_iam_role_policy_attachment\" \"{role}\" {{\n  role = aws_iam_role.{role}.name\n  policy_arn = aws_iam_policy.pass.arn\n}}\n"
        )
    };
    check("", "", false);
    check("", &attachment("app"), true);
    check("", &attachment("other"), false);
    check("", &(attachment("other") + &attachment("app")), true);
    check("permissions_boundary = aws_iam_policy.read.arn", &attachment("app"), false);
    check("managed_policy_arns = [aws_iam_policy.pass.arn]", "", true);
    let all = "resource \"aws_iam_policy_attachment\" \"x\" {\n  name = \"x\"\n  roles = [aws_iam_role.other.name, aws_iam_role.app.name]\n  policy_arn = aws_iam_policy.pass.arn\n}\n";
    check("", all, true);
}

#[test]
fn an_argument_is_followed_to_its_policy() {
    let module = |value: &str| {
        format!(
            "locals {{\n  pass = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Principal = \"*\", Action = \"s3tables:GetTable\", Resource = \"*\" }}] }})\n}}\ndata \"aws_iam_policy_document\" \"x\" {{\n  statement {{\n    actions = [\"s3tables:GetTable\"]\n    resources = [\"*\"]\n    principals {{\n      type = \"AWS\"\n      identifiers = [var.account]\n    }}\n  }}\n}}\nresource \"aws_s3tables_table_policy\" \"x\" {{\n  resource_policy = {value}\n}}\n"
        )
    };
    let told = |value: &str| {
        let text = module(value);
        let hosted = hosts::find(&Document::new("main.tf", text.as_bytes()), false);
        hosted.policies.iter().filter(|found| found.service.as_deref() == Some("s3tables")).count()
    };
    assert_eq!(told("data.aws_iam_policy_document.x.json"), 1);
    assert_eq!(told("jsonencode(jsondecode(data.aws_iam_policy_document.x.json))"), 1);
    assert_eq!(told("local.pass"), 1);
    assert_eq!(told("var.x ? local.pass : data.aws_iam_policy_document.x.json"), 2);
    assert_eq!(told("file(\"policy.json\")"), 0);
}

#[test]
fn parts_of_a_data_source_are_joined_in_it() {
    let text = |part: &str| {
        format!(
            r#"
data "aws_iam_policy_document" "part" {{
  statement {{
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }}
}}
data "aws_iam_policy_document" "whole" {{
  {part}
  dynamic "statement" {{
    for_each = var.functions
    content {{
      actions   = ["lambda:CreateFunction", "lambda:InvokeFunction"]
      resources = ["*"]
    }}
  }}
}}
resource "aws_iam_user_policy" "x" {{
  user   = "bob"
  policy = data.aws_iam_policy_document.whole.json
}}
"#
        )
    };
    for part in ["source_policy_documents", "override_policy_documents"] {
        assert!(opens("main.tf", &text(&format!("{part} = [data.aws_iam_policy_document.part.json]"))), "{part}");
    }
    assert!(opens("main.tf", &text("source_json = data.aws_iam_policy_document.part.json")));
    assert!(!opens("main.tf", &text("")));
}

#[test]
fn the_json_syntax_of_terraform_says_the_same() {
    let text = |dynamic: &str| {
        format!(
            r#"{{"locals": {{"pass": {}}},
 "data": {{"aws_iam_policy_document": {{"run": [{{{dynamic}}}]}}}},
 "resource": {{
  "aws_iam_role_policy": {{
    "pass": {{"role": "${{aws_iam_role.app.id}}", "policy": "${{local.pass}}"}},
    "run": {{"role": "${{aws_iam_role.app.id}}", "policy": "${{data.aws_iam_policy_document.run.json}}"}},
    "own": {{"role": "x", "policy": "${{jsonencode({{Statement = [{{Effect = 'x'}}]}})}}"}}
  }}}}}}"#,
            serde_json::Value::from(PASS)
        )
    };
    let statement = r#"{"actions": ["lambda:CreateFunction", "lambda:InvokeFunction"], "resources": ["*"]}"#;
    assert!(opens("main.tf.json", &text(&format!(r#""statement": [{statement}]"#))));
    let dynamic = format!(r#""dynamic": {{"statement": {{"for_each": "${{var.x}}", "content": {statement}}}}}"#);
    assert!(opens("main.tf.json", &text(&dynamic)));
    let dynamic = format!(r#""dynamic": [{{"statement": [{{"for_each": "${{var.x}}", "content": [{statement}]}}]}}]"#);
    assert!(opens("main.tf.json", &text(&dynamic)));
    assert!(!opens("main.tf.json", &text(r#""statement": []"#)));
    let encoded = r#"{"resource": {"aws_iam_policy": {"x": {"policy": "${jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] })}"}}}}"#;
    assert_eq!(found("full-administrator-access", "main.tf.json", encoded), [r#"\"*\""#]);
}

#[test]
fn a_plan_joins_policies_by_name_and_by_reference() {
    let escaped = |text: &str| serde_json::Value::from(text).to_string();
    let plan = |attached: &str, reference: &str| {
        format!(
            r#"{{"format_version": "1.2", "terraform_version": "1.9.5",
 "planned_values": {{"root_module": {{"resources": [
  {{"address": "aws_iam_role.app", "mode": "managed", "type": "aws_iam_role", "name": "app", "values": {{"name": "app", "permissions_boundary": null}}}},
  {{"address": "aws_iam_policy.pass", "mode": "managed", "type": "aws_iam_policy", "name": "pass", "values": {{"name": "pass", "policy": {}}}}},
  {{"address": "aws_iam_role_policy.run", "mode": "managed", "type": "aws_iam_role_policy", "name": "run", "values": {{"role": "app", "policy": {}}}}},
  {{"address": "aws_iam_role_policy_attachment.a", "mode": "managed", "type": "aws_iam_role_policy_attachment", "name": "a", "values": {{"role": "{attached}"}}}}
 ]}}}},
 "resource_changes": [{{"type": "aws_iam_policy", "change": {{"after": {{"policy": {}}}}}}}],
 "configuration": {{"root_module": {{"resources": [
  {{"address": "aws_iam_role_policy_attachment.a", "expressions": {{"policy_arn": {{"references": ["{reference}.arn", "{reference}"]}}}}}}
 ]}}}}}}"#,
            escaped(PASS),
            escaped(RUN),
            escaped(PASS)
        )
    };
    assert!(opens("plan.json", &plan("app", "aws_iam_policy.pass")));
    assert!(!opens("plan.json", &plan("other", "aws_iam_policy.pass")));
    assert!(!opens("plan.json", &plan("app", "aws_iam_policy.other")));
    let state = |arn: &str| {
        format!(
            r#"{{"version": 4, "terraform_version": "1.9.5", "resources": [
  {{"mode": "managed", "type": "aws_iam_policy", "name": "pass", "instances": [{{"attributes": {{"arn": "arn:aws:iam::111122223333:policy/pass", "policy": {}}}}}]}},
  {{"mode": "managed", "type": "aws_iam_user_policy", "name": "run", "instances": [{{"attributes": {{"user": "bob", "policy": {}}}}}]}},
  {{"mode": "managed", "type": "aws_iam_user_policy_attachment", "name": "a", "instances": [{{"attributes": {{"user": "bob", "policy_arn": "{arn}"}}}}]}},
  {{"mode": "data", "type": "aws_iam_policy_document", "name": "d", "instances": [{{"attributes": {{"json": {}}}}}]}}]}}"#,
            escaped(PASS),
            escaped(RUN),
            escaped(ADMIN)
        )
    };
    assert!(opens("terraform.tfstate", &state("arn:aws:iam::111122223333:policy/pass")));
    assert!(!opens("terraform.tfstate", &state("arn:aws:iam::111122223333:policy/other")));
}

#[test]
fn what_the_framework_fills_in_is_unknown() {
    let text = "service: app\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action: s3:GetObject\n          Resource:\n            - arn:aws:s3:::${self:custom.bucket, ${opt:stage}}/*\n            - !Sub arn:aws:s3:::${AWS::AccountId}-${self:service}/${!aws:username}/*\n            - ${file(resources.yml):arn}\n";
    let diagnostics =
        Detector::new(keylint_rules::builtin(), b"test", None).scan(&Document::new("serverless.yml", text.as_bytes()));
    assert_eq!(diagnostics.iter().map(|d| d.rule.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    let hosted = hosts::find(&Document::new("serverless.yml", text.as_bytes()), false);
    let policy = keylint_policy::read(hosted.policies[0].clone());
    let resources: Vec<String> = policy.statements[0]
        .resource
        .iter()
        .flat_map(|r| &r.items)
        .map(|value| value.text.replace('\u{fffc}', "…"))
        .collect();
    assert_eq!(resources, ["arn:aws:s3:::…/*", "arn:aws:s3:::…-…/${aws:username}/*", "…"]);
}
