//! Values that only a provider's name nearby tells: from the name outward to the first token that fits.
//! Not here: names such as `password` that belong to no provider (`generic.rs`).

use std::ops::Range;

use crate::pattern::{Cache, Pattern};

/// How far from the name a value may stand: a long variable name, a type and an operator fit in it.
const REACH: usize = 120;
/// Starts tried per name, so that text full of short words costs little.
const MAX_STARTS: usize = 24;

/// Words that make a name speak of a credential, in lower case.
const CREDENTIAL: &[&str] = &[
    "key", "token", "secret", "pass", "pwd", "auth", "api", "access", "private", "cred", "pat", "sid", "client",
    "bearer", "admin", "app", "user", "account", "acct", "bot", "hook", "url", "org", "webhook", "sign", "login",
    "session", "cookie", "jwt", "cert", "license", "id",
];
/// Endings of keywords that speak of a credential.
const SPOKEN: &[&[u8]] = &[b"key", b"token", b"secret", b"auth", b"access", b"private", b"api", b"pass", b"client"];
/// Whose id a name that ends with `id` speaks of, where it is no credential.
const OWNERS: &[&str] = &[
    "account",
    "customer",
    "device",
    "event",
    "group",
    "message",
    "org",
    "organization",
    "project",
    "request",
    "site",
    "team",
    "tenant",
    "trace",
    "user",
    "workspace",
    "zone",
];
/// Words that speak of a credential where nothing else ties it to its value: `acme token 9f86…`, not `acme client 9f86…`.
const PLAINLY: &[&str] = &[
    "key", "token", "secret", "pass", "pwd", "auth", "access", "private", "cred", "pat", "bearer", "webhook", "sign",
    "session", "cookie", "jwt", "license",
];
/// Words that make the next value an identifier or a digest instead.
const HASHES: &[&str] = &[
    "sha1",
    "sha256",
    "sha384",
    "sha512",
    "sha-",
    " h1:",
    "md5",
    "checksum",
    "digest",
    "commit",
    "integrity",
    "revision",
    "etag",
    "sri",
    "site-verification",
    "site_verification",
];
/// Last words of a name that make its value something else than a key.
const NO_KEYS: &[&[u8]] =
    &[b"rev", b"ref", b"hash", b"sha", b"version", b"branch", b"fingerprint", b"resolution", b"resolved", b"nonce"];

/// Whether the rule `id` asks for an id: `acme-client-id`, and `acme-project-key` where the id of the project is the key.
pub(crate) fn identifies(id: &str) -> bool {
    id.ends_with("id") || id.split('-').any(|word| OWNERS.contains(&word))
}

/// The value that belongs to the keyword at `keyword`, if one does.
pub(crate) fn find(
    text: &[u8],
    keyword: Range<usize>,
    value: &Pattern,
    cache: &mut Option<Box<Cache>>,
    name: Option<&Pattern>,
    identifies: bool,
) -> Option<Range<usize>> {
    if !word_starts(text, keyword.start) || !word_goes_on(text, keyword.end) {
        return None;
    }
    if listed_digest(text, keyword.start) {
        return None;
    }
    let end = text.len().min(keyword.end + REACH);
    let mut starts = 0;
    let mut newlines = 0;
    let mut at = keyword.end;
    while at < end && starts < MAX_STARTS {
        if text[at] == b'\n' {
            newlines += 1;
            if newlines > 1 {
                return None;
            }
        }
        let run = run_length(&text[at..], value.measure.longest.into());
        if run == 0 {
            at += 1;
            continue;
        }
        if run >= usize::from(value.measure.shortest) && !matches!(text[at], b'=' | b':' | b'.' | b'@' | b'|') {
            starts += 1;
            let fits = value.find(cache, text, at..at + run, true).map(|found| found.secret);
            let between = &text[keyword.start..at];
            let whole = |found: &Range<usize>| {
                !inside_id(&text[keyword.end..at])
                    && !names_another(&text[keyword.end..found.start], identifies)
                    && !digest(&text[keyword.end..found.start], &text[found.clone()], &text[found.end..])
                    && ends_here(text, found.end)
                    && (memchr::memmem::find(between, b"==").is_some() || !names_more(&text[found.end..]))
                    && !holds_name(&text[keyword.end..found.end], at - keyword.end)
            };
            if let Some(found) =
                fits.filter(|found| whole(found) && bound(between, keyword.len(), &text[found.clone()]))
            {
                return name.is_none_or(|name| name.occurs_in(between)).then_some(found);
            }
        }
        // On to the next place where a token may start, which is not within a longer run of its bytes.
        at += text[at..end].iter().position(|&b| !is_word(b)).map_or(end - at, |stop| stop.max(1));
    }
    None
}

/// Whether a name starts here: not in the middle of a word, unless a capital starts a new one.
pub(crate) fn word_starts(text: &[u8], start: usize) -> bool {
    let Some(&before) = start.checked_sub(1).and_then(|at| text.get(at)) else { return true };
    !before.is_ascii_alphabetic() || before.is_ascii_lowercase() && text[start].is_ascii_uppercase()
}

/// Whether the name ends here, or goes on with a word that fits: `linearKey`, `linear_key`, `lineartoken`, not `linearize`.
fn word_goes_on(text: &[u8], end: usize) -> bool {
    let rest = &text[end..text.len().min(end + 12)];
    let rest = &rest[..rest.iter().take_while(|b| b.is_ascii_lowercase()).count()];
    if rest.is_empty() || text[end - 1].is_ascii_uppercase() {
        return true;
    }
    CREDENTIAL.iter().any(|word| rest.starts_with(word.as_bytes())) || rest.len() <= 8 && !INFLECTIONS.contains(&rest)
}

/// Endings that make a name an ordinary word: `linearize`, `notionally`, `boxes`.
const INFLECTIONS: &[&[u8]] = &[
    b"ing", b"ed", b"er", b"ers", b"ize", b"ized", b"izes", b"ise", b"ised", b"ly", b"ally", b"ity", b"ness", b"able",
    b"ment", b"ation", b"al", b"ary", b"es", b"ation", b"ful", b"ings", b"or", b"ors", b"ive", b"ous",
];

/// Whether what was taken for a value at `start`, with an `=` in it, is the rest of the name, the operator and the value.
fn holds_name(text: &[u8], start: usize) -> bool {
    let (before, value) = text.split_at(start);
    let equals = value.iter().position(|&b| b == b'=').unwrap_or(0);
    let name = value[..equals].to_ascii_lowercase();
    before.iter().all(|&b| is_word(b) || matches!(b, b'-' | b'.'))
        && CREDENTIAL.iter().any(|word| memchr::memmem::find(&name, word.as_bytes()).is_some())
}

/// Algorithms that a line of checksums may begin with: `SHA256 (acme-1.0.zip) = 9f86…`.
const ALGORITHMS: &[&str] = &["MD5 (", "SHA1 (", "SHA224 (", "SHA256 (", "SHA384 (", "SHA512 (", "BLAKE2b ("];

/// Whether the line begins as one of a list of checksums, with the name of a file next, or puts the name into a table of
/// them: `hashMap.set('acme', …)`.
fn listed_digest(text: &[u8], name: usize) -> bool {
    let near = &text[name.saturating_sub(REACH)..name];
    let line = memchr::memrchr(b'\n', near).map_or(near, |at| &near[at + 1..]);
    let table = || {
        let call = line.strip_suffix(b"'").or(line.strip_suffix(b"\"")).and_then(|rest| rest.strip_suffix(b"("));
        let call = call.unwrap_or_default();
        let start = call.iter().rposition(|b| !is_word(*b) && *b != b'.').map_or(0, |last| last + 1);
        let callee = call[start..].to_ascii_lowercase();
        [b"hash".as_slice(), b"digest", b"checksum"].iter().any(|word| memchr::memmem::find(&callee, word).is_some())
    };
    ALGORITHMS.iter().any(|start| line.starts_with(start.as_bytes())) || table()
}

/// Endings of files whose digests are listed; a host or a file of settings may name a credential instead.
const FILES: &[&str] = &[
    "apk", "bin", "bz2", "c", "cjs", "cpp", "crate", "cs", "css", "deb", "dll", "dmg", "egg", "exe", "gem", "go", "gz",
    "h", "html", "ico", "img", "iso", "jar", "java", "jpg", "js", "jsx", "kt", "lock", "map", "md", "mjs", "msi",
    "nupkg", "pdf", "php", "pkg", "png", "pom", "py", "rb", "rpm", "rs", "so", "svg", "swift", "tar", "tgz", "ts",
    "tsx", "vsix", "war", "wasm", "whl", "woff", "woff2", "xz", "zip", "zst",
];

/// Whether the name that the value is tied to says that it is no key: `acme_hash`, `acme_account_id` unless the rule asks
/// for ids (`identifies`), the path of another host.
fn names_another(gap: &[u8], identifies: bool) -> bool {
    if gap.last() == Some(&b'/') && memchr::memmem::find(gap, b"://").is_some() {
        return true;
    }
    let end = gap.iter().rposition(|b| b.is_ascii_alphanumeric()).map_or(0, |last| last + 1);
    let tie = &gap[end..];
    let tied = tie.iter().any(|b| matches!(b, b'=' | b':')) && !tie.contains(&b'/');
    let word = gap[..end].iter().rposition(|b| !b.is_ascii_alphabetic()).map_or(0, |last| last + 1);
    let word = gap[word..end].to_ascii_lowercase();
    // What is called the id of a client or of a key is often the key itself.
    let whose = || {
        let owner = gap[..end - word.len()].to_ascii_lowercase();
        let owner = owner.strip_suffix(b"_").or(owner.strip_suffix(b"-")).unwrap_or(owner.trim_ascii_end());
        OWNERS.iter().any(|known| owner.ends_with(known.as_bytes()))
    };
    tied && (NO_KEYS.contains(&word.as_slice()) || !identifies && word == b"id" && whose())
}

/// Whether `value` is the digest of something or names a version of it: `acme.zip: 9f86…`, `acme.js?v=9f86…`,
/// `uses: acme/setup@9f86…`, `9f86…  acme.zip`. Providers have such names too, and their keys are often of that form.
fn digest(gap: &[u8], value: &[u8], behind: &[u8]) -> bool {
    let labelled = |label: &&str| {
        let rest = value.strip_prefix(label.as_bytes()).unwrap_or_default();
        matches!(rest.first(), Some(b'=' | b'-' | b':'))
    };
    if value.starts_with(b"h1:") || HASHES.iter().any(labelled) {
        return true;
    }
    if !value.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    // The blobs of a diff: `index 9f86…..7d65… 100644`.
    if behind.starts_with(b"..") {
        return true;
    }
    // `HEX  FILE` and `HEX *FILE`, the lines of `sha256sum`.
    let line_starts = gap.last() == Some(&b'\n');
    if line_starts && (behind.starts_with(b"  ") || behind.starts_with(b" *")) {
        return true;
    }
    // A commit that something is pinned to, or an image was made from: `acme/api:9f86…`.
    if matches!(gap.last(), Some(b'@' | b'#')) {
        return true;
    }
    if let [head @ .., b':'] = gap
        && matches!(value.len(), 40 | 64)
        && head.iter().rev().find(|b| !is_word(**b) && **b != b'-') == Some(&b'/')
    {
        return true;
    }
    let mut named = gap;
    while let [
        head @ ..,
        b' ' | b'\t' | b'"' | b'\'' | b'`' | b':' | b'=' | b'(' | b')' | b'[' | b'{' | b'|' | b',' | b'>',
    ] = named
    {
        named = head;
    }
    let named = named.strip_suffix(b"?v").or(named.strip_suffix(b"?")).unwrap_or(named);
    let ending = named.iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    let (stem, ending) = named.split_at(named.len() - ending);
    stem.last() == Some(&b'.') && FILES.iter().any(|known| known.as_bytes() == ending)
}

/// Whether what was taken for a value is the name of another, as its colon tells: `'0bb2…'?: string`, `"acme_id": "x"`.
fn names_more(behind: &[u8]) -> bool {
    let quoted = behind.strip_prefix(b"'").or(behind.strip_prefix(b"\""));
    quoted.is_some_and(|rest| rest.starts_with(b":") || rest.starts_with(b"?:"))
}

/// Whether the text from the name to the value binds the two.
fn bound(between: &[u8], keyword: usize, value: &[u8]) -> bool {
    let lower = between.to_ascii_lowercase();
    let has =
        |words: &[&str], text: &[u8]| words.iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some());
    let gap = spoken_of(&lower[keyword..]);
    if has(HASHES, gap) {
        return false;
    }
    let operators = gap.iter().filter(|b| matches!(b, b'=' | b':' | b',' | b'(' | b'>')).count();
    let quoted = gap.ends_with(b"\"") || gap.ends_with(b"'");
    // A semicolon inside a connection string parts its keys; before white space it ends a statement.
    let ended = gap.windows(2).any(|pair| {
        pair[0] == b'}'
            || pair[0] == b';' && pair[1].is_ascii_whitespace()
            || matches!(pair[0], b'"' | b'\'' | b'`') && pair[1] == b';'
    });
    // `acme 9f86…` alone may be a commit or an id; letters beyond `f` together with digits are what an issuer makes.
    let issued = || {
        value.iter().any(u8::is_ascii_digit)
            && value.iter().filter(|b| matches!(b, b'g'..=b'z' | b'G'..=b'Z')).count() >= 4
    };
    // A keyword such as `box_secret` holds the word itself.
    let spoken = || SPOKEN.iter().any(|word| lower[..keyword].ends_with(word));
    let loose = operators == 0 && !quoted && !issued();
    !ended
        && !goes_on(gap)
        && (has(if loose { PLAINLY } else { CREDENTIAL }, gap)
            || spoken()
            || (1..=3).contains(&operators)
            || operators == 0 && (quoted || gap == b" " && issued()))
}

/// What stands behind the command in `acme apps:info 9f86…`, which names the kind of what follows: its colon binds nothing.
fn spoken_of(gap: &[u8]) -> &[u8] {
    let Some(command) = gap.strip_prefix(b" ") else { return gap };
    let topic = command.iter().take_while(|b| b.is_ascii_lowercase()).count();
    let Some(verb) = command[topic..].strip_prefix(b":").filter(|_| topic > 1) else { return gap };
    let end = verb.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'-').count();
    if end > 1 && verb.get(end) == Some(&b' ') { &verb[end + 1..] } else { gap }
}

/// Whether the value's line begins with an operator, and so goes on with the last word of the line before it, and that
/// word speaks of no credential: `acme says what is in the data\n = '0123abcd'`. `gap` starts behind the provider's name.
fn goes_on(gap: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', gap) else { return false };
    let (before, line) = (gap[..end].trim_ascii_end(), gap[end..].trim_ascii_start());
    let operator = line.starts_with(b"=") || line.starts_with(b":");
    let word = before.iter().rposition(|b| !is_word(*b)).map_or(before, |last| &before[last + 1..]);
    let credential = || CREDENTIAL.iter().any(|known| memchr::memmem::find(word, known.as_bytes()).is_some());
    operator && word.len() < before.len() && !credential()
}

/// Bytes of tokens; what stands beside a value must not be one of them.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// How many bytes from here could belong to one value, at most `limit`. An `=` may pad it or stand within it; where it is
/// an operator, the name before it does not fit, and the next start is behind it.
fn run_length(text: &[u8], limit: usize) -> usize {
    let text = &text[..text.len().min(limit)];
    let inside = |at: usize| match text[at] {
        b'=' => at > 0 || matches!(text.get(at + 1), Some(b'=' | b':')),
        b => {
            b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'-' | b'.' | b'+' | b'/' | b'~' | b':' | b'!' | b'@' | b'$' | b'%' | b'|')
        }
    };
    (0..text.len()).find(|&at| !inside(at)).unwrap_or(text.len())
}

/// Whether what stands before a value makes it a part of a longer id: `40040137-` does, `secret-` does not.
fn inside_id(before: &[u8]) -> bool {
    let Some((b'-', rest)) = before.split_last() else { return false };
    rest.iter().rev().take_while(|b| is_word(**b)).any(u8::is_ascii_digit)
}

fn ends_here(text: &[u8], end: usize) -> bool {
    match text.get(end) {
        None => true,
        Some(&next) if is_word(next) => false,
        // `abc-def`, `abc+def` and `abc.png` go on; `abc-` at the end of a sentence does not.
        Some(b'-' | b'+' | b'/' | b'.') => !text.get(end + 1).is_some_and(|&after| is_word(after)),
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use keylint_rules::Measure;

    use super::*;

    fn check(text: &str, keyword: &str, value: &str, want: Option<&str>) {
        let at = text.to_ascii_lowercase().find(keyword).expect(text);
        let value = keylint_rules::ended(value);
        let pattern = Pattern::new(&value, Measure::new(&value, &[]).expect(&value));
        let found = find(text.as_bytes(), at..at + keyword.len(), &pattern, &mut None, None, false);
        assert_eq!(found.map(|range| &text[range]), want, "{text}");
    }

    #[test]
    fn finds_the_value_that_a_name_tells() {
        let hex = "[a-f0-9]{8}";
        check("ACME_KEY=0123abcd", "acme", hex, Some("0123abcd"));
        check("acme secret 0123abcd!", "acme", hex, Some("0123abcd"));
        check("<acmeToken>\n  0123abcd\n</acmeToken>", "acme", hex, Some("0123abcd"));
        check(r#"{"name":"acme","value":"0123abcd"}"#, "acme", hex, Some("0123abcd"));
        check("https://acme.io/?access_key=0123abcd&x", "acme", hex, Some("0123abcd"));
        check("ACME_KEY=0=23ab_d", "acme", "[a-z0-9=_]{8}", Some("0=23ab_d"));
        check("ACME_KEY=0=23ab_d", "acme", "[A-Za-z0-9=_]{8,20}", Some("0=23ab_d"));
        check("acme gh12jk34", "acme", "[a-z0-9]{8}", Some("gh12jk34"));
        check("acme 0123abcd", "acme", hex, None);
        check("ACME_KEY=0123abcde", "acme", hex, None);
        check("ACME_KEY=0123abcd-ef", "acme", hex, None);
        check("acme version sha256 0123abcd", "acme", hex, None);
        check("acme\n\nkey = 0123abcd", "acme", hex, None);
        check("acme says what is in the key and the data\n = 0123abcd", "acme", hex, None);
        check("acme\n  = 0123abcd", "acme", hex, Some("0123abcd"));
        check("the acme api key\n  = 0123abcd", "acme", hex, Some("0123abcd"));
        check("ACME_KEY=0123abcd.png", "acme", hex, None);
        check("acme-key-12-0123abcd", "acme", hex, None);
        check("acme-key-0123abcd.", "acme", hex, Some("0123abcd"));
        check(r#"u="https://acme.io/api";f(0123abcd)"#, "acme", hex, None);
        check("pacmeman = 0123abcd", "acme", hex, None);
        check("acme/api.py,sha256=0123abcd,12", "acme", "[a-z0-9=]{15}", None);
        check("github.com/acme/api v1.0 h1:0123abcd", "acme", hex, None);
        check("uses: acme/api@0123abcd", "acme", hex, None);
        check("acme-api.tgz#0123abcd", "acme", hex, None);
        check(r#""https://acme.io/api/mod.ts": "0123abcd""#, "acme", hex, None);
        check("<script src=/acme/api.js?v=0123abcd>", "acme", hex, None);
        check("SHA256 (acme-api.zip) = 0123abcd", "acme", hex, None);
        check("0123abce  acme-api.zip\n0123abcd  b.zip", "acme", hex, None);
        check("ACME_KEY=0123abcd0123abcd", "acme", hex, None);
        check(r#"{"acme-api": {"hash": "0123abcd"}}"#, "acme", hex, None);
        check("acme_account_id = 0123abcd", "acme", hex, None);
        check("acme_client_id = 0123abcd", "acme", hex, Some("0123abcd"));
        check("Subproject acme-client 0123abcd", "acme", hex, None);
        check("[acme client](https://x.io/0123abcd)", "acme", hex, None);
        check(r#"{"api.acme.io": "0123abcd"}"#, "acme", hex, Some("0123abcd"));
        check("acmeize = 0123abcd", "acme", hex, None);
        check("hashMap.set('acme', '0123abcd')", "acme", hex, None);
        check("acme = { '0123abcd'?: string }", "acme", hex, None);
        check("$ acme apps:info 0123abcd", "acme", hex, None);
        check("acme apps:token --key 0123abcd", "acme", hex, Some("0123abcd"));
    }
}
