//! The rule file: its keys, and how it is read. Shared by `build.rs` (built-in rules) and `lib.rs` (user rules).
//! Not here: what a rule means (`keylint-secrets`), or whether its patterns compile.

use keylint_diagnostics::{Confidence, Severity};
use serde::{Deserialize, Serialize};

use crate::{measure::Measure, read::read};

/// The folder a rule stands in, and so the detector that runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Credentials.
    Secret,
    /// IAM and resource policies.
    Policy,
    /// Terraform, CloudFormation, SAM.
    Infrastructure,
    /// Application code.
    Code,
}

impl Family {
    /// All families, in the order of their folders.
    pub const ALL: [Family; 4] = [Family::Secret, Family::Policy, Family::Infrastructure, Family::Code];

    /// The folder's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Family::Secret => "secret",
            Family::Policy => "policy",
            Family::Infrastructure => "infrastructure",
            Family::Code => "code",
        }
    }
}

/// Whether a rule may fail a pipeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Runs by default.
    #[default]
    Stable,
    /// Runs only with `preview = true`.
    Preview,
}

impl std::str::FromStr for Stage {
    type Err = ();

    fn from_str(word: &str) -> Result<Stage, ()> {
        match word {
            "stable" => Ok(Stage::Stable),
            "preview" => Ok(Stage::Preview),
            _ => Err(()),
        }
    }
}

/// A rule, without the texts that are only read by people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The file name, kebab-case.
    pub id: String,
    /// The folder.
    pub family: Family,
    /// What it finds, as a noun phrase.
    pub title: String,
    /// How bad a finding is if it is true.
    pub severity: Severity,
    /// Whether it runs by default.
    pub stage: Stage,
    /// The version that brought it, `major.minor.patch`.
    pub since: String,
    /// Ids it had before.
    pub formerly: Vec<String>,
    /// What makes a secret.
    pub secret: Option<Secret>,
    /// What makes a policy wrong.
    pub policy: Option<Policy>,
    /// The controls of compliance frameworks that it speaks to: `fsbp:IAM.1`, `cis-3.0:1.16`, `hipaa:164.312(a)(1)` …
    pub compliance: Vec<String>,
}

/// The `[policy]` table: where the check of a policy rule comes from. The check itself is a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// That the check is code: `crates/policy/src/checks/<rule id>.rs`. Always true, and said for the reader.
    pub code: bool,
    /// The code that IAM Access Analyzer's policy validation gives for it, if it has one.
    pub access_analyzer: Option<String>,
    /// Whether the check was written from AWS's documentation alone, without findings of Access Analyzer to compare.
    pub derived: bool,
}

impl Rule {
    /// Whether it runs where nothing is configured.
    pub fn is_default(&self) -> bool {
        self.stage == Stage::Stable
    }

    /// A rule that finds nothing.
    pub(crate) fn nothing() -> Rule {
        Rule {
            id: String::new(),
            family: Family::Code,
            title: String::new(),
            severity: Severity::Info,
            stage: Stage::Preview,
            since: String::new(),
            formerly: Vec::new(),
            secret: None,
            policy: None,
            compliance: Vec::new(),
        }
    }
}

/// The `[secret]` table: what makes a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Literals of which one stands in every text that `pattern` can match, or before every `value`.
    pub keywords: Vec<String>,
    /// Measured from `pattern` or `value` when the file is read; not a key of the file.
    pub measure: Measure,
    /// A token that is known by its own shape; group `secret`, else the whole match.
    pub pattern: Option<String>,
    /// What must stand between keyword and value, or in the name of a binding.
    pub name: Option<String>,
    /// A value that only its name tells, matched from end to end.
    pub value: Option<String>,
    /// The token's own checksum.
    pub checksum: Option<String>,
    /// What the value is parsed as, for evidence: `aws-access-key-id`, `jwt`, `private-key`.
    pub structure: Option<String>,
    /// Whether word-like values are left out; by default for `value` only.
    pub randomness: Option<bool>,
    /// Patterns of secrets to leave out.
    pub allow: Vec<String>,
    /// A partner that joins the finding.
    pub near: Option<Near>,
    /// Public by design: never a leak.
    pub public: bool,
    /// How sure a finding is before evidence.
    pub confidence: Option<Confidence>,
}

/// A partner whose finding nearby becomes part of this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Near {
    /// The partner's rule.
    pub rule: String,
    /// At most this many bytes away.
    pub within: u32,
    /// The title of the pair.
    pub title: String,
}

/// What a rule says to people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// What it is, what a thief can do with it, how to revoke it, what to use instead.
    pub docs: String,
    /// The provider's own pages.
    pub references: Vec<String>,
    /// What to do when it leaked.
    pub response: Response,
}

/// The `[response]` table: what to do when it leaked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// How to stop the harm at once.
    pub contain: String,
    /// Where to revoke it.
    pub revoke: String,
    /// Where to see what was done with it.
    pub audit: String,
}

/// An `[[example]]` table: a text and, between `«` and `»`, what must be reported in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The text, with placeholders such as `{hex:32}`.
    pub text: String,
    /// The document's path.
    pub path: Option<String>,
    /// What the policies in it are attached to, as in `--policy-type`.
    pub policy_type: Option<String>,
    /// The text after the fix is applied.
    pub fixed: Option<String>,
}

/// A whole rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// What the engine needs.
    pub rule: Rule,
    /// What people read.
    pub about: About,
    /// What the tests run.
    pub examples: Vec<Example>,
}

/// Why a rule file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule `{id}`: {reason}")]
pub struct RuleError {
    /// The rule.
    pub id: String,
    /// What is wrong, with the place where the TOML parser saw it.
    pub reason: String,
}

/// A value ends where the word does, so that an alternative which is too short gives way to a longer one.
pub fn ended(value: &str) -> String {
    format!(r"(?:{value})\b{{end-half}}")
}

impl RuleFile {
    /// Reads the text of the rule file `family/id.toml`.
    pub fn parse(family: Family, id: &str, text: &str) -> Result<RuleFile, RuleError> {
        let refuse = |reason: String| RuleError { id: id.into(), reason };
        let raw = read(text).map_err(refuse)?;
        if !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(refuse("the file name is the id and must be kebab-case".into()));
        }
        if family == Family::Secret {
            match &raw.secret {
                None => return Err(refuse("a secret rule has a [secret] table".into())),
                Some(secret) if secret.pattern.is_some() == secret.value.is_some() => {
                    return Err(refuse("a secret rule has either `pattern` or `value`".into()));
                }
                Some(secret) if secret.keywords.is_empty() => return Err(refuse("`keywords` is empty".into())),
                Some(_) => {}
            }
        }
        if family == Family::Policy && !raw.policy.as_ref().is_some_and(|policy| policy.code) {
            return Err(refuse("a policy rule has a [policy] table with `code = true`".into()));
        }
        if let Some(control) = raw.compliance.iter().find(|control| !is_control(control)) {
            return Err(refuse(format!("`{control}` is no control: write `framework:control`, as `pci-dss-4:7.2.1`")));
        }
        let mut secret = raw.secret;
        if let Some(secret) = &mut secret {
            secret.measure = match (&secret.pattern, &secret.value) {
                (Some(pattern), _) => Measure::new(pattern, &secret.keywords),
                (None, value) => Measure::new(&ended(value.as_deref().unwrap_or_default()), &[]),
            }
            .map_err(refuse)?;
        }
        Ok(RuleFile {
            rule: Rule {
                id: id.into(),
                family,
                title: raw.title,
                severity: raw.severity,
                stage: raw.stage,
                since: raw.since,
                formerly: raw.formerly,
                secret,
                policy: raw.policy,
                compliance: raw.compliance,
            },
            about: raw.about,
            examples: raw.examples,
        })
    }
}

/// Whether a text is `framework:control`: a framework in kebab-case with its version, a control without white space.
fn is_control(text: &str) -> bool {
    let Some((framework, control)) = text.split_once(':') else { return false };
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    let printed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'(' | b')' | b'/');
    !framework.is_empty() && framework.bytes().all(word) && !control.is_empty() && control.bytes().all(printed)
}
