//! What the variable is called that a secret moves to.
//! Not here: which variables are free elsewhere (the host sees `.env`).

use keylint_diagnostics::Span;
use keylint_syntax::{FileKind, binding_at};

use super::Taken;

/// How far before a secret its name is looked for: the line, or the line before it.
const REACH: usize = 512;
/// Words tried on the way, nearest first, so that a line full of words costs little.
const MAX_WORDS: usize = 12;

/// Names that many secrets have; where a provider's rule speaks, its id says more.
const VAGUE: &[&str] = &[
    "",
    "ACCESS_KEY",
    "ACCESS_TOKEN",
    "API_KEY",
    "APIKEY",
    "API_TOKEN",
    "AUTH",
    "AUTH_TOKEN",
    "AUTHORIZATION",
    "BEARER",
    "CREDENTIAL",
    "CREDENTIALS",
    "DATA",
    "DEFAULT",
    "ID",
    "KEY",
    "PASS",
    "PASSWD",
    "PASSWORD",
    "PRIVATE_KEY",
    "PWD",
    "SECRET",
    "SECRET_KEY",
    "STRING",
    "TEXT",
    "TOKEN",
    "URL",
    "VALUE",
];

/// Variables that a shell or a system has given a meaning; a secret must not take their place.
const TAKEN: &[&str] =
    &["HOME", "LANG", "LOGNAME", "OLDPWD", "PATH", "PWD", "SHELL", "TERM", "TMPDIR", "USER", "USERNAME"];

/// In `password: string = "…"` and `password.equals("…")` the nearest word is no name.
const NO_NAMES: &[&[u8]] =
    &[b"any", b"bytes", b"char", b"equals", b"equalsignorecase", b"object", b"str", b"string", b"text"];

/// The names given out in one document, so that two secrets do not share one.
pub(super) struct Names<'a> {
    given: Vec<(String, Vec<u8>)>,
    taken: Taken<'a>,
}

impl<'a> Names<'a> {
    /// Names of which those that are `taken` are not given out.
    pub(super) fn new(taken: Taken<'a>) -> Names<'a> {
        Names { given: Vec::new(), taken }
    }

    /// The name of the variable for `secret`, found by `rule` and bound to `bound`; the same secret keeps its name.
    pub(super) fn variable(&mut self, bound: Option<&[u8]>, rule: &str, secret: &[u8]) -> String {
        if let Some((name, _)) = self.given.iter().find(|(_, known)| known == secret) {
            return name.clone();
        }
        let base = base(bound, rule);
        let free = |name: &String| self.given.iter().all(|(given, _)| given != name) && !(self.taken)(name, secret);
        let numbered = (2..1000).map(|number| format!("{base}_{number}"));
        let name = std::iter::once(base.clone()).chain(numbered).find(free).unwrap_or_else(|| base.clone());
        self.given.push((name.clone(), secret.to_vec()));
        name
    }
}

fn base(bound: Option<&[u8]>, rule: &str) -> String {
    let own = screaming(bound.unwrap_or_default());
    let own = own.strip_prefix("SET_").unwrap_or(&own);
    let generic = rule.starts_with("generic");
    let name =
        if own.is_empty() || VAGUE.contains(&own) && !generic { screaming(rule.as_bytes()) } else { own.to_string() };
    match name.as_str() {
        "PWD" => "PASSWORD".into(),
        taken if TAKEN.contains(&taken) => format!("{taken}_SECRET"),
        odd if !odd.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') => format!("SECRET_{odd}"),
        _ => name,
    }
}

/// `dbPassword`, `db-password` and `X-Api-Key` as `DB_PASSWORD` and `X_API_KEY`.
fn screaming(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (at, &byte) in name.iter().enumerate() {
        let before = at.checked_sub(1).map_or(b'_', |at| name[at]);
        let next = name.get(at + 1).copied().unwrap_or(0);
        let hump = byte.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || before.is_ascii_uppercase() && next.is_ascii_lowercase());
        if hump && !out.ends_with('_') {
            out.push('_');
        }
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte.to_ascii_uppercase()));
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// The name that the text at `secret` is bound to.
pub(super) fn bound(text: &[u8], secret: Span, kind: FileKind) -> Option<&[u8]> {
    let start = secret.range().start;
    let low = start.saturating_sub(REACH);
    if in_url(&text[low..start]) {
        return None;
    }
    let word = |at: usize| text[at].is_ascii_alphanumeric() || text[at] == b'_';
    let mut at = start;
    let mut lines = 0;
    for _ in 0..MAX_WORDS {
        while at > low && !word(at - 1) {
            at -= 1;
            lines += usize::from(text[at] == b'\n');
        }
        if lines > 1 || at <= low {
            return None;
        }
        let end = at;
        while at > low && word(at - 1) {
            at -= 1;
        }
        if let Some(binding) = binding_at(text, at..end, kind)
            && binding.value.span.contains(secret)
            && !NO_NAMES.iter().any(|word| binding.name.of(text).eq_ignore_ascii_case(word))
        {
            return Some(binding.name.of(text));
        }
    }
    None
}

/// Whether what stands before a secret is the begin of a URL: `app` in `postgres://app:` is a user, not a name.
fn in_url(before: &[u8]) -> bool {
    memchr::memmem::rfind(before, b"://")
        .is_some_and(|at| !before[at..].iter().any(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'?')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_scream() {
        let check = |name: &str, want: &str| assert_eq!(screaming(name.as_bytes()), want);
        check("dbPassword", "DB_PASSWORD");
        check("X-Api-Key", "X_API_KEY");
        check("HTTPProxyKey", "HTTP_PROXY_KEY");
        check("aws_access_key_id", "AWS_ACCESS_KEY_ID");
        check("spring.datasource.password", "SPRING_DATASOURCE_PASSWORD");
        check("s3Key2", "S3_KEY2");
    }

    #[test]
    fn names_are_told_apart() {
        let mut names = Names::new(&|name, _| name == "TAKEN_KEY");
        assert_eq!(names.variable(Some(b"dbPassword"), "generic-password", b"one"), "DB_PASSWORD");
        assert_eq!(names.variable(Some(b"dbPassword"), "generic-password", b"two"), "DB_PASSWORD_2");
        assert_eq!(names.variable(Some(b"other"), "generic-password", b"one"), "DB_PASSWORD");
        assert_eq!(names.variable(Some(b"token"), "github-token", b"three"), "GITHUB_TOKEN");
        assert_eq!(names.variable(Some(b"takenKey"), "generic-secret", b"six"), "TAKEN_KEY_2");
        assert_eq!(names.variable(Some(b"pwd"), "generic-password", b"four"), "PASSWORD");
        assert_eq!(names.variable(None, "1password-secret-key", b"five"), "SECRET_1PASSWORD_SECRET_KEY");
    }
}
