//! `keylint rules test`: what is said of rules that are right, wrong and slow.
//! Not here: the built-in rules; `crates/secrets/tests/rules.rs` tests them.

use crate::sandbox::Sandbox;

fn rule(secret: &str, examples: &str) -> String {
    format!(
        "title = \"Acme token\"\nseverity = \"high\"\nsince = \"0.1.0\"\nreferences = []\ndocs = \"Opens the door.\"\n[secret]\n{secret}\n{examples}"
    )
}

const GOOD: &str = "keywords = [\"acme_\"]\npattern = '\\bacme_[0-9a-f]{16}\\b'";

#[test]
fn rules_that_hold_pass() {
    let examples = "[[example]]\ntext = 'x «acme_{hex:16}»'\n[[example]]\ntext = 'acme_token'";
    let sandbox = Sandbox::new(&[("rules/acme-token.toml", &rule(GOOD, examples)), ("rules/readme.txt", "")]);
    let ran = sandbox.keylint(&["rules", "test", "rules"]).code(0);
    ran.says(&[
        "acme-token: ok (2 examples; ",
        " states; matches 21 to 21 bytes; searches 21 bytes",
        "1 rule tried, 0 problems",
    ]);
    sandbox.keylint(&["rules", "test", "nowhere"]).code(2).warns(&["nowhere"]);
    sandbox.write("empty/x.txt", b"");
    sandbox.keylint(&["rules", "test", "empty"]).code(2).warns(&["no rule is in `empty`"]);
    // The list of rules still works.
    sandbox.keylint(&["rules"]).code(0).says(&["github-personal-access-token"]);
}

#[test]
fn rules_that_do_not_hold_are_named() {
    let check = |secret: &str, examples: &str, want: &[&str]| {
        let sandbox = Sandbox::new(&[("rules/acme-token.toml", &rule(secret, examples))]);
        sandbox.keylint(&["rules", "test", "rules"]).code(1).says(want);
    };
    check(GOOD, "[[example]]\ntext = '«acme_{hex:15}»'", &["example 1: `acme_", "is not found in"]);
    check(GOOD, "[[example]]\ntext = 'acme_{hex:16}'", &["is found and not marked", "no example marks"]);
    check("keywords = [\"acme_\"]\npattern = 'acm[e3]_[0-9]{16}'", "", &["matches `acm3_", "holds none of them"]);
    check("keywords = [\"acme_\"]\npattern = 'acme_[0-9]+'", "", &["every repetition must be bounded"]);
    check("keywords = [\"acme_\"]\npattern = 'acme_(?=x)'", "", &["look-around"]);
    check("keywords = [\"acme_\"]", "", &["either `pattern` or `value`"]);
    check("keywords = [\"acme_\"]\npatern = 'x'", "", &["unknown field `patern`"]);
}

#[test]
fn slow_rules_are_told() {
    let check = |secret: &str, want: &[&str]| {
        let sandbox = Sandbox::new(&[("rules/acme-token.toml", &rule(secret, ""))]);
        sandbox.keylint(&["rules", "test", "rules"]).code(0).says(want);
    };
    check("keywords = [\"acm\"]\npattern = '\\bacm[0-9a-f]{16}\\b'", &["slow: a keyword of 3 bytes"]);
    check(
        "keywords = [\"acme_\"]\npattern = '[a-z]{0,6000}acme_[0-9]{16}'",
        &["slow: 12021 bytes are searched", "6000 of them before"],
    );
    check("keywords = [\"acme_\"]\npattern = 'acme_(?:[0-9]{1,100}x){1,150}'", &["slow: ", " states ("]);
}
