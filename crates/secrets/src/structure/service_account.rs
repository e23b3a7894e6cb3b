//! The fields of a Google service-account file around its private key: whose it is, and which key to delete.
//! Not here: the key itself (`key_file.rs`).

use std::ops::Range;

use keylint_diagnostics::{Evidence, EvidenceKind};
use memchr::memmem;

use super::fact;

/// How far from the key the other fields stand; addresses of certificates follow it.
const NEAR: usize = 2048;
/// Longest value that is repeated in a report.
const LONGEST: usize = 128;

/// What is said of a field's value.
const FIELDS: &[(&str, EvidenceKind, &str)] = &[
    ("project_id", EvidenceKind::Account, "Google Cloud project"),
    ("client_email", EvidenceKind::Account, "service account"),
    ("private_key_id", EvidenceKind::Structure, "key id"),
];

/// The fields of the JSON object around the key at `span`, also where the object stands in a string.
pub(super) fn fields(text: &[u8], span: Range<usize>) -> Vec<Evidence> {
    let before = &text[span.start.saturating_sub(NEAR)..span.start];
    let before = &before[memchr::memrchr(b'{', before).unwrap_or(0)..];
    let after = &text[span.end.min(text.len())..text.len().min(span.end + NEAR)];
    let after = &after[..memchr::memchr(b'}', after).unwrap_or(after.len())];
    let told = |(name, kind, what): &(&str, EvidenceKind, &str)| {
        let value = [before, after].into_iter().find_map(|part| field(part, name))?;
        Some(fact(*kind, format!("{what} {value}")))
    };
    FIELDS.iter().filter_map(told).collect()
}

/// The text bound to `name`, if it is of the characters that ids and addresses have.
fn field<'a>(text: &'a [u8], name: &str) -> Option<&'a str> {
    let at = memmem::find(text, format!("\"{name}").as_bytes())? + name.len() + 1;
    let rest = text[at..].strip_prefix(b"\\").unwrap_or(&text[at..]).strip_prefix(b"\"")?;
    let rest = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\\").unwrap_or(rest).strip_prefix(b"\"")?;
    let inside = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'@' | b':');
    let end = rest.iter().position(|b| !inside(b))?;
    let whole = (1..=LONGEST).contains(&end) && matches!(rest[end], b'"' | b'\\');
    whole.then(|| std::str::from_utf8(&rest[..end]).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_its_account() {
        let check = |text: &str| {
            let at = text.find("KEY").expect(text);
            let told: Vec<String> =
                fields(text.as_bytes(), at..at + 3).into_iter().map(|evidence| evidence.text).collect();
            assert_eq!(
                told,
                ["Google Cloud project acme-1", "service account ci@acme-1.example", "key id 0f0f"],
                "{text}"
            );
        };
        let plain = r#"{"a":{}, "project_id": "acme-1", "private_key_id": "0f0f", "private_key": "KEY", "client_email": "ci@acme-1.example"}"#;
        check(plain);
        check(&plain.replace('"', "\\\""));
        assert_eq!(fields(b"{\"project_id\": \"<yours>\", \"private_key\": \"", 40..40), []);
    }
}
