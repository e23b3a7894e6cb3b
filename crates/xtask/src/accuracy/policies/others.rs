//! Policies and infrastructure with another tool's verdict: which of its checks a rule of ours answers, and where the two
//! differ. Not here: Access Analyzer, whose codes are the rules' own.

use std::collections::BTreeMap;

use keylint_diagnostics::{Diagnostic, Document, Severity};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Expected, Judge, Row};

const PASS_ROLE: &str = "pass-role-";
const NOT_ACTION: &[&str] = &["allow-with-not-action"];
const NOT_PRINCIPAL: &[&str] = &["allow-with-not-principal"];
const NOT_RESOURCE: &[&str] = &["allow-with-not-resource"];
const EVERYBODY: &[&str] =
    &["public-access", "role-trusts-everybody", "unsupported-wildcard-in-principal", "role-trust-policy-unsupported-"];
const EVERYTHING: &[&str] = &["full-administrator-access", "public-access"];
/// What says that a policy is no policy.
const GRAMMAR: &[&str] = &["missing-", "unsupported-element", "invalid-", "data-type-mismatch", "json-syntax-error"];

/// The checks of others, by the end of their names, and the beginnings of the rules that answer them. A check that stands
/// here with no rule is one that keylint does not make; one that does not stand here is about no policy.
const ANSWERS: &[(&str, &[&str])] = &[
    ("parliament:MALFORMED", GRAMMAR),
    ("parliament:INVALID_SID", &["unsupported-sid", "unique-sids-"]),
    ("parliament:INVALID_ARN", &["invalid-arn-", "missing-arn-"]),
    (
        "parliament:MISMATCHED_TYPE",
        &["type-mismatch", "data-type-mismatch", "invalid-date-value", "invalid-condition-operator"],
    ),
    ("parliament:MISMATCHED_TYPE_OPERATION_TO_NULL", &["null-"]),
    ("parliament:UNKNOWN_OPERATOR", &["invalid-condition-operator"]),
    ("parliament:UNKNOWN_ACTION", &["invalid-action"]),
    ("parliament:UNKNOWN_PREFIX", &["invalid-service"]),
    ("parliament:UNKNOWN_PRINCIPAL", &["invalid-principal", "invalid-service-principal"]),
    ("parliament:UNKNOWN_FEDERATION_SOURCE", &["federated-principal-", "invalid-federated-"]),
    ("parliament:UNKNOWN_CONDITION_FOR_ACTION", &["invalid-service-condition-key", "invalid-global-", "unsupported-"]),
    ("parliament:CREDENTIALS_EXPOSURE", &[]),
    ("parliament:PERMISSIONS_MANAGEMENT_ACTIONS", &["permissions-of-all-resources"]),
    ("parliament:PRIVILEGE_ESCALATION", &["privilege-escalation", "possible-privilege-", "full-administrator-access"]),
    ("parliament:RESOURCE_MISMATCH", &[]),
    ("parliament:RESOURCE_POLICY_PRIVILEGE_ESCALATION", &[]),
    ("parliament:RESOURCE_STAR", &[]),
    ("F2", &["trust-of-every-action"]),
    ("F3", &["full-administrator-access", "pass-role-with-star-in-action"]),
    ("F4", EVERYTHING),
    ("F5", EVERYTHING),
    ("W12", &[]),
    ("W13", &[]),
    ("F6", NOT_PRINCIPAL),
    ("F7", NOT_PRINCIPAL),
    ("F8", NOT_PRINCIPAL),
    ("F9", NOT_PRINCIPAL),
    ("W14", NOT_ACTION),
    ("W15", NOT_ACTION),
    ("W16", NOT_ACTION),
    ("W17", NOT_ACTION),
    ("W18", NOT_ACTION),
    ("W19", NOT_ACTION),
    ("W20", NOT_ACTION),
    ("W21", NOT_RESOURCE),
    ("W22", NOT_RESOURCE),
    ("W23", NOT_RESOURCE),
    ("F11", &[]),
    ("F13", &[]),
    ("F15", &[]),
    ("F20", &[]),
    ("W44", &[]),
    ("F16", EVERYBODY),
    ("F18", EVERYBODY),
    ("F21", EVERYBODY),
    ("F38", &[PASS_ROLE]),
    ("F39", &[PASS_ROLE]),
    ("F40", &[PASS_ROLE]),
    ("F76", EVERYBODY),
    ("PassRoleResourceWildcard", &[PASS_ROLE]),
    ("NO_ALLOW_PLUS_NOT_ACTION", NOT_ACTION),
    ("NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY", NOT_ACTION),
    ("NO_ALLOW_PLUS_NOT_PRINCIPAL", NOT_PRINCIPAL),
    ("NO_ALLOW_PLUS_NOT_RESOURCE", NOT_RESOURCE),
    ("NO_WILDCARD_RESOURCE_ON_PASSROLE", &[PASS_ROLE]),
    ("KMS_NO_WILDCARD_PRINCIPAL", EVERYBODY),
    ("IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", EVERYTHING),
    ("AWS-0057", &[]),
    ("aws-glacier-vault-any-principal", EVERYBODY),
    ("aws-iam-admin-policy-ssoadmin", EVERYTHING),
    ("aws-kms-key-wildcard-principal", &["public-access", "invalid-principal-format"]),
    ("aws-lambda-permission-unrestricted-source-arn", &[]),
    ("unrestricted-github-oidc-policy", &["missing-github-repo-condition-key", "oidc-trust-of-any-subject"]),
    ("wildcard-assume-role", EVERYBODY),
    ("no-iam-admin-privileges", EVERYTHING),
    ("no-iam-star-actions", EVERYTHING),
    ("no-iam-creds-exposure", &[]),
    ("no-iam-data-exfiltration", &["read-of-all-", "public-access"]),
    ("no-iam-priv-esc-funcs", &["privilege-escalation", "possible-privilege-", "public-access"]),
    ("no-iam-priv-esc-other-users", &["privilege-escalation", "public-access"]),
    ("no-iam-priv-esc-roles", &["privilege-escalation", "pass-role-", "public-access"]),
    ("no-iam-resource-exposure", &["permissions-of-all-resources", "public-access"]),
];

/// The rules that answer a check, by the beginnings of their names; the longest name that the check's ends with counts.
fn answers(check: &str) -> Option<&'static [&'static str]> {
    let own = |name: &str| {
        check
            .strip_suffix(name)
            .is_some_and(|before| before.is_empty() || !before.ends_with(|c: char| c.is_ascii_digit()))
    };
    ANSWERS.iter().filter(|(name, _)| own(name)).max_by_key(|(name, _)| name.len()).map(|(_, rules)| *rules)
}

/// What one tool, or one check of it, gave.
#[derive(Default)]
struct Count {
    bad: usize,
    found: usize,
    good: usize,
    silent: usize,
    /// Checks that no rule of ours makes.
    without: usize,
}

impl Count {
    fn add(&mut self, bad: bool, spoken: bool) {
        if bad {
            self.bad += 1;
            self.found += usize::from(spoken);
        } else {
            self.good += 1;
            self.silent += usize::from(!spoken);
        }
    }
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<String, Count>,
}

impl Table {
    fn count(&mut self, name: &str) -> &mut Count {
        self.rows.entry(name.to_string()).or_default()
    }

    fn print(&self, title: &str) -> Value {
        println!("{title}");
        println!("{:46} {:>5} {:>6} {:>6} {:>7} {:>9}", "", "bad", "found", "good", "silent", "no rule");
        for (name, count) in &self.rows {
            let Count { bad, found, good, silent, without } = count;
            println!("{name:46} {bad:5} {found:6} {good:6} {silent:7} {without:9}");
        }
        let sum = |of: fn(&Count) -> usize| self.rows.values().map(of).sum::<usize>();
        let all = [sum(|c| c.bad), sum(|c| c.found), sum(|c| c.good), sum(|c| c.silent), sum(|c| c.without)];
        println!("{:46} {:5} {:6} {:6} {:7} {:9}\n", "all", all[0], all[1], all[2], all[3], all[4]);
        json!({ "bad": all[0], "found": all[1], "good": all[2], "silent": all[3], "withoutRule": all[4] })
    }
}

/// A fixture of an infrastructure linter.
#[derive(Deserialize)]
pub(super) struct Fixture {
    tool: String,
    check_id: String,
    kind: String,
    file: String,
    text: String,
}

impl Judge<'_> {
    /// Whether one of `rules` speaks among the diagnostics.
    fn speaks(rules: &[&str], diagnostics: &[&Diagnostic]) -> bool {
        diagnostics.iter().any(|d| rules.iter().any(|rule| d.rule.as_str().starts_with(rule)))
    }

    /// The three files of policies with verdicts of linters.
    pub(super) fn others(&self, rows: &[Row]) -> Value {
        let mut table = Table::default();
        let every = keylint_rules::decode();
        let with_preview = Judge { rules: &every, show: self.show };
        for row in rows {
            // Whether a check is answered at all is one question, whether what is good stays silent by default another.
            let diagnostics = if row.expect.is_empty() { self.scan(row) } else { with_preview.scan(row) };
            let tool = row.oracle.as_deref().unwrap_or_default();
            if row.expect.is_empty() {
                let loud: Vec<_> = diagnostics.iter().filter(|d| d.severity >= Severity::Medium).collect();
                let count = table.count(&format!("{tool} (clean)"));
                count.good += 1;
                count.silent += usize::from(loud.is_empty());
                if !loud.is_empty() {
                    self.differ(&row.file, "clean", &loud);
                }
            }
            for (place, expected) in row.expect.iter().enumerate() {
                self.verdict(row, place, expected, &diagnostics, &mut table);
            }
        }
        table.print("policies of other linters: what is bad and found (preview, too), what is good and silent (by default, above low)")
    }

    fn verdict(&self, row: &Row, place: usize, expected: &Expected, all: &[Diagnostic], table: &mut Table) {
        let Some(check) = expected.code.as_deref() else { return };
        let line = |d: &Diagnostic| {
            1 + row.text.as_bytes()[..d.primary.span.start as usize].iter().filter(|b| **b == b'\n').count()
        };
        // A check that stands at a comment is about what follows, up to the next comment.
        let until = row.expect.get(place + 1).and_then(|next| next.line_of_comment).unwrap_or(usize::MAX);
        let near = |d: &&Diagnostic| expected.line_of_comment.is_none_or(|from| (from..until).contains(&line(d)));
        let diagnostics: Vec<&Diagnostic> = all.iter().filter(near).collect();
        let count = table.count(check);
        let Some(rules) = answers(check).filter(|rules| !rules.is_empty()) else {
            count.without += 1;
            return;
        };
        let spoken = Self::speaks(rules, &diagnostics);
        let bad = expected.positive.unwrap_or(true);
        count.add(bad, spoken);
        if bad != spoken {
            let at = expected.line_of_comment.map(|line| format!(" at {line}")).unwrap_or_default();
            self.differ(&format!("{}{at}", row.file), check, &diagnostics);
        }
    }

    /// The fixtures of infrastructure linters whose checks a rule of ours makes.
    pub(super) fn infrastructure(&self, rows: &[Fixture]) -> Value {
        let mut table = Table::default();
        let every = keylint_rules::decode();
        let (detector, with_preview) = (self.detector(None), Judge { rules: &every, show: self.show }.detector(None));
        for row in rows {
            let Some(rules) = answers(&row.check_id) else { continue };
            let count = table.count(&format!("{} {}", row.tool, row.check_id));
            if rules.is_empty() {
                count.without += 1;
                continue;
            }
            let bad = row.kind == "fail";
            let chosen = if bad { &with_preview } else { &detector };
            let diagnostics = chosen.scan(&Document::new(&row.file, row.text.as_bytes()));
            let diagnostics: Vec<&Diagnostic> = diagnostics.iter().collect();
            let spoken = Self::speaks(rules, &diagnostics);
            count.add(bad, spoken);
            if bad != spoken {
                self.differ(&row.file, &row.check_id, &diagnostics);
            }
        }
        table.print("fixtures of infrastructure linters, for the checks about policies: bad and found (preview, too), good and silent")
    }

    fn differ(&self, file: &str, check: &str, diagnostics: &[&Diagnostic]) {
        if self.show {
            let mut rules: Vec<&str> = diagnostics.iter().map(|d| d.rule.as_str()).collect();
            rules.dedup();
            println!("  {file}: {check}, and here {rules:?}");
        }
    }
}
