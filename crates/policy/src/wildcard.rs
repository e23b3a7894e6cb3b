//! `*` and `?` as IAM means them: what a pattern admits, whether one admits all that another does, whether two meet.
//! Not here: how an ARN is cut before it is compared (`arn`), or policy variables.

/// Whether `pattern` admits `text`. Linear in the product at worst, and in practice in the length of the text.
pub fn admits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut back = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[t] => {
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
    aligned(&wide, &narrow) || wide.contains(&b'?') && contained(&wide, &narrow)
}

/// Whether `narrow` can be laid over `wide` piece by piece, a `*` only over a `*`. That proves that it is covered, and
/// where `wide` holds no `?` it is the only way to be.
fn aligned(wide: &[u8], narrow: &[u8]) -> bool {
    // `reach[j]`: `wide[..i]` covers `narrow[..j]`.
    let mut reach = vec![false; narrow.len() + 1];
    reach[0] = true;
    for &w in wide {
        let mut next = vec![false; narrow.len() + 1];
        for j in 0..=narrow.len() {
            next[j] = match w {
                b'*' => reach[j] || j > 0 && next[j - 1],
                b'?' => j > 0 && narrow[j - 1] != b'*' && reach[j - 1],
                _ => j > 0 && narrow[j - 1] == w && reach[j - 1],
            };
        }
        reach = next;
    }
    reach[narrow.len()]
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
    letters.sort_unstable();
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
    match (is_pattern(a), is_pattern(b)) {
        (false, false) => return a == b,
        (true, false) => return admits(a, b),
        (false, true) => return admits(b, a),
        (true, true) if a == "*" || b == "*" => return true,
        (true, true) => {}
    }
    let (a, b) = (a.as_bytes(), b.as_bytes());
    // Most pairs differ before their first wildcard, or after their last one.
    let literal = |byte: u8| !matches!(byte, b'*' | b'?');
    let differ = |(x, y): (&u8, &u8)| literal(*x) && literal(*y) && x != y;
    let both = |(x, y): &(&u8, &u8)| **x != b'*' && **y != b'*';
    let ends = || a.iter().rev().zip(b.iter().rev());
    if a.iter().zip(b).take_while(both).any(differ) || ends().take_while(both).any(differ) {
        return false;
    }
    let mut small = [false; 128];
    let mut large = Vec::new();
    // `reach[j]`: what of `a` was read meets `b[..j]`.
    let reach: &mut [bool] = if b.len() < small.len() {
        &mut small[..=b.len()]
    } else {
        large.resize(b.len() + 1, false);
        &mut large
    };
    reach[0] = true;
    for (j, &y) in b.iter().enumerate() {
        reach[j + 1] = reach[j] && y == b'*';
    }
    for &x in a {
        let mut left = reach[0];
        reach[0] = x == b'*' && left;
        for (j, &y) in b.iter().enumerate() {
            let above = reach[j + 1];
            reach[j + 1] =
                if x == b'*' || y == b'*' { reach[j] || above } else { left && (x == y || x == b'?' || y == b'?') };
            left = above;
        }
    }
    reach[b.len()]
}

/// The same pattern with each run of wildcards written as its `?` first and then at most one `*`.
fn normal(pattern: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(pattern.len());
    let mut star = false;
    for &byte in pattern.as_bytes() {
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
    out
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
