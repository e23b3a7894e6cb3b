//! Where an example cannot be carried, or says something else there, and why.
//! Not here: what is carried.

/// A rule, hosts, and the reason. It excuses those examples of the rule that differ there.
type Excuse = (&'static str, &'static [&'static str], &'static str);

/// Hosts that write a policy in their own words.
const TREES: &[&str] = &[
    "cloudformation-block",
    "sam",
    "serverless",
    "terraform-jsonencode",
    "terraform-data",
    "terraform-json-data",
    "yaml",
    "python",
    "typescript",
];
const DATA: &[&str] = &["terraform-data", "terraform-json-data"];
const PROGRAMS: &[&str] = &["python", "python-text", "typescript"];
const SERVERLESS: &[&str] = &["serverless"];

const SHAPE: &str = "the data source has no words for a value of this shape";
const FRAMEWORK: &str = "the framework fills in what stands in `${…}`";

pub(crate) const EXCUSED: &[Excuse] = &[
    ("data-type-mismatch", DATA, SHAPE),
    ("empty-object-condition", DATA, SHAPE),
    ("empty-object-principal", DATA, SHAPE),
    ("invalid-condition-data-type", DATA, "the data source makes strings of all values"),
    ("invalid-policy-element", DATA, "Terraform refuses arguments that the data source does not have"),
    ("invalid-principal-format", DATA, SHAPE),
    ("invalid-variable-for-operator", SERVERLESS, FRAMEWORK),
    ("invalid-version", SERVERLESS, "the framework writes the version"),
    ("json-syntax-error", TREES, "what is no JSON has no other words"),
    ("json-syntax-error", &["cloudformation-flow"], "a template that is broken is a matter of other tools"),
    ("json-syntax-error", &["python-text"], "a program is not JSON: what does not read as a policy is none"),
    ("missing-effect", DATA, "the data source allows where it does not say"),
    ("missing-quote-in-variable", SERVERLESS, FRAMEWORK),
    ("missing-statement", DATA, "a data source without statements is a part that adds none"),
    ("missing-statement", PROGRAMS, "a version alone makes no policy of a program's object"),
    ("missing-statement", SERVERLESS, "the framework has statements of its own"),
    ("missing-version", DATA, "the data source has a version of its own"),
    ("missing-version", SERVERLESS, "the framework writes the version"),
    ("privilege-escalation", SERVERLESS, FRAMEWORK),
    ("unsupported-space-in-variable", SERVERLESS, FRAMEWORK),
    ("variable-unsupported-in-element", SERVERLESS, FRAMEWORK),
    ("variable-unsupported-in-version", DATA, "the data source has a version of its own"),
    ("variable-unsupported-in-version", SERVERLESS, FRAMEWORK),
    ("variable-usage-too-permissive", SERVERLESS, FRAMEWORK),
];

/// The number of the entry that excuses a rule in a host.
pub(crate) fn by(rule: &str, host: &str) -> Option<usize> {
    EXCUSED.iter().position(|(of, hosts, _)| *of == rule && hosts.contains(&host))
}
