//! Guesses what a mistyped name was meant to be. Not a fuzzy search: only slips of a few letters are mended.

/// No name is longer. Words come from comments of documents too, and comparing costs their length many times.
const LONGEST: usize = 100;

/// The candidate that `word` most likely meant, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    // A third of the letters may be wrong: more would suggest unrelated names.
    let letters = word.chars().count();
    let limit = (letters / 3).max(1);
    candidates
        .into_iter()
        // Each letter too many or too few is a slip: names of quite another length need no comparison.
        .filter(|candidate| candidate.chars().count().abs_diff(letters) <= limit || contains(word, candidate))
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= limit || contains(word, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// `github-token` for `github-classic-token` is no slip, but `slack` for `slack-bot-token` is an unfinished name.
fn contains(word: &str, candidate: &str) -> bool {
    word.len() >= 4 && candidate.starts_with(word)
}

/// Letters to insert, remove, replace or swap with their neighbour, ignoring case and `_` for `-`.
fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| -> Vec<char> {
        text.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    let (a, b) = (letters(a), letters(b));
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_slips_only() {
        let check = |word, want| assert_eq!(nearest(word, ["select", "ignore", "exclude", "github-token"]), want);
        check("selct", Some("select"));
        check("ingore", Some("ignore"));
        check("GitHub_token", Some("github-token"));
        check("github", Some("github-token"));
        check("colour", None);
        check("", None);
    }
}
