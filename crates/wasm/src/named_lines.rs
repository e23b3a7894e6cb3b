//! The lines of a document that a diff names. Not here: finding them (`added`), or what is found on them.

use keylint_diagnostics::Span;

/// The lines that git's `@@ -a,b +first,count @@` names; they end at `\n`, whatever the encoding.
pub(crate) fn lines(text: &[u8], wanted: &[(u32, u32)]) -> Vec<Span> {
    let mut starts = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', text).map(|at| at + 1));
    let start = |line: usize| starts.get(line).copied().unwrap_or(text.len());
    let span = |&(first, count): &(u32, u32)| {
        let first = (first as usize).saturating_sub(1);
        Span::new(start(first)..start(first.saturating_add(count as usize)))
    };
    wanted.iter().map(span).filter(|span| !span.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_git() {
        let check = |text: &str, wanted: &[(u32, u32)], want: &[&str]| {
            let spans = lines(text.as_bytes(), wanted);
            let got: Vec<_> = spans.iter().map(|span| &text[span.range()]).collect();
            assert_eq!(got, want);
        };
        check("a\nb\nc", &[(1, 1), (3, 1)], &["a\n", "c"]);
        check("a\nb\nc", &[(2, 9)], &["b\nc"]);
        check("a\nb\n", &[(2, 0), (7, 1)], &[]);
    }
}
