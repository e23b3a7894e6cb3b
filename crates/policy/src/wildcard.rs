//! `*` and `?` as IAM means them: what a pattern admits, whether one admits all that another does, whether two meet.
//! Not here: how an ARN is cut before it is compared (`arn`), or policy variables.

use std::borrow::Cow;

/// Whether `pattern` admits `text`. Linear in the product at worst, and in practice in the length of the text.
pub fn admits(pattern: &str, text: &str) -> bool {
    laid(pattern.as_bytes(), text.as_bytes(), |pattern, text| pattern == b'?' || pattern == text)
}

/// The same without regard to the case of ASCII letters.
pub fn admits_in_any_case(pattern: &str, text: &str) -> bool {
    let fits = |pattern: u8, text: u8| pattern == b'?' || pattern.eq_ignore_ascii_case(&text);
    laid(pattern.as_bytes(), text.as_bytes(), fits)
}

/// Whether `text` can be laid over `pattern`: each byte of it on a `*`, or on a byte that it fits.
fn laid(pattern: &[u8], text: &[u8], fits: impl Fn(u8, u8) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p, t));
                p += 1;
            }
            Some(&byte) if fits(byte, text[t]) => {
                p += 1;
                t += 1;
            }
            _ => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    p = star + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

/// Whether `pattern` holds a wildcard.
pub fn is_pattern(pattern: &str) -> bool {
    pattern.bytes().any(|byte| matches!(byte, b'*' | b'?'))
}

/// Whether `wide` admits every text that `narrow` admits. Exact, but for patterns of more than 127 bytes with a `?` in
/// the wide one: there a doubt counts as no.
pub fn covers(wide: &str, narrow: &str) -> bool {
    if !is_pattern(narrow) {
        return admits(wide, narrow);
    }
    let (wide, narrow) = (normal(wide), normal(narrow));
    // Laid over the wide one byte by byte, a `*` only on a `*`: that proves that it is covered, and where the wide one
    // holds no `?` it is the only way to be.
    let fits = |wide: u8, narrow: u8| wide == narrow || wide == b'?' && narrow != b'*';
    laid(&wide, &narrow, fits) || wide.contains(&b'?') && contained(&wide, &narrow)
}

/// States of the search in [`contained`]; real patterns need a few dozen.
const MAX_STATES: usize = 4096;

/// Whether every text of `narrow` is one of `wide`: both are read at once, as sets of places that they may be at, over
/// their own letters and one that neither holds.
fn contained(wide: &[u8], narrow: &[u8]) -> bool {
    if wide.len() > 127 || narrow.len() > 127 {
        return false;
    }
    let mut letters: Vec<u8> = wide.iter().chain(narrow).copied().filter(|byte| !matches!(byte, b'*' | b'?')).collect();
    letters.push(0);
    keylint_diagnostics::sort(&mut letters);
    letters.dedup();
    let mut seen = vec![(closed(narrow, 1), closed(wide, 1))];
    let mut next = 0;
    while let Some(&(of_narrow, of_wide)) = seen.get(next) {
        next += 1;
        if of_narrow >> narrow.len() & 1 == 1 && of_wide >> wide.len() & 1 == 0 || seen.len() > MAX_STATES {
            return false;
        }
        for &letter in &letters {
            let state = (step(narrow, of_narrow, letter), step(wide, of_wide, letter));
            if state.0 != 0 && !seen.contains(&state) {
                seen.push(state);
            }
        }
    }
    true
}

/// The places that a pattern may be at without reading: a `*` may be left out.
fn closed(pattern: &[u8], places: u128) -> u128 {
    let mut all = places;
    for (at, &byte) in pattern.iter().enumerate() {
        if byte == b'*' && all >> at & 1 == 1 {
            all |= 1 << (at + 1);
        }
    }
    all
}

/// The places after a letter.
fn step(pattern: &[u8], places: u128, letter: u8) -> u128 {
    let mut after = 0;
    for (at, &byte) in pattern.iter().enumerate().filter(|(at, _)| places >> at & 1 == 1) {
        match byte {
            b'*' => after |= 1 << at,
            _ if byte == b'?' || byte == letter => after |= 1 << (at + 1),
            _ => {}
        }
    }
    closed(pattern, after)
}

/// Whether some text is admitted by both.
pub fn meet(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    let fits = |x: u8, y: u8| x == y || x == b'?' || y == b'?';
    // Up to the first `*` of either, byte must fit byte; so too behind the last one.
    while let ([x, rest_of_a @ ..], [y, rest_of_b @ ..]) = (a, b)
        && *x != b'*'
        && *y != b'*'
    {
        if !fits(*x, *y) {
            return false;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    while let ([rest_of_a @ .., x], [rest_of_b @ .., y]) = (a, b)
        && *x != b'*'
        && *y != b'*'
    {
        if !fits(*x, *y) {
            return false;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    match (a.contains(&b'*'), b.contains(&b'*')) {
        // One of them begins with a `*` and one ends with one, which take in all that the other holds.
        (true, true) => true,
        (true, false) => laid(a, b, fits),
        (false, true) => laid(b, a, fits),
        (false, false) => a.is_empty() && b.is_empty(),
    }
}

/// The same pattern with each run of wildcards written as its `?` first and then at most one `*`.
fn normal(pattern: &str) -> Cow<'_, [u8]> {
    let bytes = pattern.as_bytes();
    if !bytes.windows(2).any(|pair| pair[0] == b'*' && matches!(pair[1], b'*' | b'?')) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut star = false;
    for &byte in bytes {
        match byte {
            b'*' => star = true,
            b'?' => out.push(b'?'),
            _ => {
                if std::mem::take(&mut star) {
                    out.push(b'*');
                }
                out.push(byte);
            }
        }
    }
    if star {
        out.push(b'*');
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All strings of up to `len` letters of `alphabet`.
    fn strings(alphabet: &[u8], len: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..len {
            let end = all.len();
            for at in from..end {
                for &letter in alphabet {
                    all.push(format!("{}{}", all[at], char::from(letter)));
                }
            }
            from = end;
        }
        all
    }

    fn naive(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|at| naive(rest, &text[at..])),
            Some((b'?', rest)) => !text.is_empty() && naive(rest, &text[1..]),
            Some((byte, rest)) => text.first() == Some(byte) && naive(rest, &text[1..]),
        }
    }

    #[test]
    fn patterns_admit_what_the_definition_says() {
        for pattern in strings(b"a*?", 5) {
            for text in strings(b"ab", 5) {
                assert_eq!(admits(&pattern, &text), naive(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn covering_and_meeting_are_what_the_texts_say() {
        // One letter that patterns hold and one that they do not; long enough to tell any two patterns apart.
        let texts = strings(b"az", 8);
        let patterns = strings(b"a*?", 4);
        let languages: Vec<Vec<bool>> =
            patterns.iter().map(|pattern| texts.iter().map(|text| admits(pattern, text)).collect()).collect();
        for (a, of_a) in patterns.iter().zip(&languages) {
            for (b, of_b) in patterns.iter().zip(&languages) {
                let subset = of_b.iter().zip(of_a).all(|(b, a)| !b || *a);
                assert_eq!(covers(a, b), subset, "{a} covers {b}");
                let shared = of_b.iter().zip(of_a).any(|(b, a)| *b && *a);
                assert_eq!(meet(a, b), shared, "{a} meets {b}");
            }
        }
    }
}
