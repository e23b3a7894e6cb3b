//! A policy whose attachment stands in another file: what it is has to be guessed, and the guess says nothing that only
//! holds for another kind.
//! Not here: policies whose place tells (`carried.rs`).

use keylint_diagnostics::{Document, Severity};
use keylint_policy::{Detector, PolicyKind, hosts, read};

/// Policies that are good for what they are attached to: the argument, a name, and the data source.
const GOOD: &[(&str, PolicyKind, &str)] = &[
    (
        "aws_iam_role assume_role_policy",
        PolicyKind::Trust,
        r#"statement {
    actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetContext"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }"#,
    ),
    (
        "aws_iam_role assume_role_policy",
        PolicyKind::Trust,
        r#"statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    dynamic "principals" {
      for_each = var.providers
      content {
        type        = "Federated"
        identifiers = [principals.value]
      }
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/app:ref:refs/heads/main"]
    }
  }"#,
    ),
    (
        "aws_kms_key policy",
        PolicyKind::KmsKey,
        r#"statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }"#,
    ),
    (
        "aws_secretsmanager_secret_policy policy",
        PolicyKind::Secret,
        r#"statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/app"]
    }
  }"#,
    ),
    (
        "aws_sqs_queue_policy policy",
        PolicyKind::Resource,
        r#"statement {
    actions   = ["sqs:SendMessage"]
    resources = ["arn:aws:sqs:eu-central-1:111122223333:orders"]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["arn:aws:sns:eu-central-1:111122223333:orders"]
    }
  }"#,
    ),
    (
        "aws_vpc_endpoint policy",
        PolicyKind::VpcEndpoint,
        r#"statement {
    actions   = ["*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }"#,
    ),
    (
        "aws_organizations_policy content",
        PolicyKind::Scp,
        r#"statement {
    effect      = "Deny"
    not_actions = ["iam:*", "organizations:*", "sts:*"]
    resources   = ["*"]
    condition {
      test     = "StringNotEquals"
      variable = "aws:RequestedRegion"
      values   = ["eu-central-1"]
    }
  }"#,
    ),
];

/// The rules of findings that are worse than advice, and what the policy was taken for.
fn judged(text: &str) -> (Vec<String>, PolicyKind, bool) {
    let document = Document::new("policies.tf", text.as_bytes());
    let found = Detector::new(keylint_rules::builtin(), b"test", None).scan(&document);
    let bad = found.iter().filter(|diagnostic| diagnostic.severity >= Severity::Medium);
    let rules = bad.map(|diagnostic| diagnostic.rule.to_string()).collect();
    let policy = read(hosts::find(&document, false).policies.remove(0));
    (rules, policy.kind, policy.kind_is_told)
}

#[test]
fn a_good_policy_is_good_without_its_attachment() {
    for (attached, kind, body) in GOOD {
        let alone = format!("data \"aws_iam_policy_document\" \"x\" {{\n  {body}\n}}\n");
        let (resource, argument) = attached.split_once(' ').expect("a resource and an argument");
        let used = format!(
            "{alone}resource \"{resource}\" \"x\" {{\n  {argument} = data.aws_iam_policy_document.x.json\n}}\n"
        );
        let (rules, told, is_told) = judged(&used);
        assert_eq!((rules, told, is_told), (Vec::new(), *kind, true), "{used}");
        let (rules, guess, is_told) = judged(&alone);
        assert_eq!((rules, is_told), (Vec::new(), false), "{alone}");
        // What an organization denies looks like what an identity is denied.
        let same = guess == *kind || *kind == PolicyKind::Scp && guess == PolicyKind::Identity;
        assert!(same, "{guess:?}: {alone}");
    }
}
