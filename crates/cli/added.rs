//! The lines that a change adds to a document. Not here: what is found on them.

use imara_diff::{Algorithm, Diff, InternedInput, sources::byte_lines};
use keylint_diagnostics::Span;

/// The lines of `after` that `before` does not have, joined where they follow each other.
pub(crate) fn since(before: &[u8], after: &[u8]) -> Vec<Span> {
    let input = InternedInput::new(byte_lines(before), byte_lines(after));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut ends = vec![0];
    for &line in &input.after {
        ends.push(ends[ends.len() - 1] + input.interner[line].len());
    }
    let lines = diff.hunks().map(|hunk| hunk.after).filter(|lines| !lines.is_empty());
    lines.map(|lines| Span::new(ends[lines.start as usize]..ends[lines.end as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_lines_are_found() {
        let check = |before: &str, after: &str, want: &[&str]| {
            let spans = since(before.as_bytes(), after.as_bytes());
            let got: Vec<_> = spans.iter().map(|span| &after[span.range()]).collect();
            assert_eq!(got, want);
        };
        check("a\nb\nc\n", "a\nx\ny\nb\nc\nz", &["x\ny\n", "z"]);
        check("a\n", "a\n", &[]);
        check("a\nb\n", "a\n", &[]);
        check("", "a\n", &["a\n"]);
    }
}
