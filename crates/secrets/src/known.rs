//! What the provider rules say of a value that none of them reports: a token that was cut off, padded or mistyped.
//! Not here: the generic rule that asks (`generic.rs`), or the search for whole tokens (`pattern.rs`, `named.rs`).

use std::{ops::Range, sync::OnceLock};

use regex_syntax::hir::{Class, Hir, HirKind, literal::Extractor};

use crate::{
    compile::{Ready, Rules, Search},
    named,
};

/// The shortest prefix that says whose a token is, wherever it stands.
const PREFIX: usize = 4;
/// The shortest name of a provider that is looked for in other names: `ic_api_key` may be anybody's.
const NAME: usize = 4;
/// A value may exceed the longest token by this many bytes, and by a quarter of it, and still be that token with
/// something added; a longer one may be a new format.
const PADDING: usize = 8;
/// How far before the name the provider may stand: `acme key = …`.
const BEFORE: usize = 24;

/// Prefixes that are ordinary words too: a value that begins with one may be anything.
const WORDS: &[&str] = &[
    "api", "app", "client", "code", "dev", "key", "live", "preview", "private", "prod", "project", "public", "secret",
    "server", "service", "stage", "test", "token", "user", "web",
];

/// Words of a name that do not tell it apart from the plain name of the provider's credential.
const PLAIN: &[&str] = &[
    "access",
    "account",
    "admin",
    "agent",
    "api",
    "app",
    "auth",
    "authorization",
    "bearer",
    "bot",
    "client",
    "cloud",
    "credential",
    "dev",
    "developer",
    "env",
    "integration",
    "key",
    "live",
    "master",
    "my",
    "oauth",
    "pat",
    "personal",
    "prod",
    "production",
    "project",
    "search",
    "secret",
    "public",
    "read",
    "server",
    "service",
    "staging",
    "test",
    "token",
    "user",
    "value",
    "web",
    "write",
    "x",
];

/// What is known of the tokens of providers. Made on the first value that a generic rule would report.
pub(crate) struct Known {
    /// What tokens begin with, and the shortest and longest token that does, by prefix.
    prefixes: Vec<(Vec<u8>, usize, usize)>,
    /// Names of providers in lower case, and a rule for each, by name.
    names: Vec<(Vec<u8>, u16)>,
    /// For each rule, the forms of its tokens, made when its provider's name was met.
    forms: Vec<OnceLock<Vec<Form>>>,
}

/// What the tokens of a rule have in common, or those of one alternative where the rule has several.
struct Form {
    head: Vec<u8>,
    /// A bit for each byte that may occur.
    alphabet: [u64; 4],
    shortest: usize,
    longest: usize,
}

impl Known {
    pub(crate) fn new(rules: &Rules) -> Known {
        let mut prefixes: Vec<(Vec<u8>, usize, usize)> = Vec::new();
        let mut names = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            match &rule.search {
                Search::Pattern(pattern) if !pattern.measure.place => {
                    let (shortest, longest) = (pattern.measure.shortest.into(), pattern.measure.longest.into());
                    if !pattern.folds() {
                        let telling = rule.keywords.iter().filter(|keyword| tells(keyword));
                        prefixes.extend(telling.map(|keyword| (keyword.clone(), shortest, longest)));
                    }
                    let slug = rule.id.as_str().split('-').next().unwrap_or_default();
                    if slug.len() >= NAME {
                        names.push((slug.as_bytes().to_vec(), index as u16));
                    }
                }
                Search::Value { .. } => {
                    names.extend(
                        rule.keywords
                            .iter()
                            .filter(|keyword| first_word(keyword) >= NAME && whose(keyword))
                            .map(|keyword| (keyword.to_ascii_lowercase(), index as u16)),
                    );
                }
                Search::Pattern(_) | Search::Binding(_) => {}
            }
        }
        keylint_diagnostics::sort(&mut prefixes);
        // A prefix of two rules has the range of both.
        prefixes.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.min(next.1);
                kept.2 = kept.2.max(next.2);
            }
            same
        });
        keylint_diagnostics::sort(&mut names);
        Known { prefixes, names, forms: std::iter::repeat_with(OnceLock::new).take(rules.len()).collect() }
    }

    /// Whether `value` is a malformed token of a known provider. It is asked about values that no rule of a provider
    /// reports, so that one of these holds:
    ///
    /// - The value begins with the public prefix of a provider's tokens (`ghp_`, `xkeysib-`) and is no such token:
    ///   samples and tests cut or mistype tokens, and nobody else's secrets begin so.
    /// - The name is that of a provider's credential and nothing more (`acme_api_key`), and the value begins like that
    ///   provider's tokens or is of their alphabet, but shorter than any of them or longer by a little.
    ///
    /// A value that has nothing in common with the provider's tokens is not judged: formats change, and then the
    /// generic rule is all there is. Neither is one that is much longer, for the same reason.
    pub(crate) fn malformed(&self, rules: &Rules, text: &[u8], name: Range<usize>, value: &[u8]) -> bool {
        self.has_prefix(value) || self.has_name(rules, text, name, value)
    }

    fn has_prefix(&self, value: &[u8]) -> bool {
        let longest = self.prefixes.iter().map(|(prefix, ..)| prefix.len()).max().unwrap_or(0);
        (PREFIX..=longest.min(value.len())).any(|length| {
            let found = self.prefixes.binary_search_by(|(prefix, ..)| prefix.as_slice().cmp(&value[..length]));
            found.is_ok_and(|at| value.len() <= padded(self.prefixes[at].2))
        })
    }

    fn has_name(&self, rules: &Rules, text: &[u8], name: Range<usize>, value: &[u8]) -> bool {
        let mut start = name.start;
        while start > 0
            && name.start - start < BEFORE
            && (text[start - 1].is_ascii_alphanumeric() || matches!(text[start - 1], b' ' | b'_' | b'-' | b'.'))
        {
            start -= 1;
        }
        let lower = text[start..name.end].to_ascii_lowercase();
        let mut alike = Vec::new();
        let mut headed = false;
        for at in 0..lower.len() {
            if !named::word_starts(&text[start..name.end], at) {
                continue;
            }
            for (known, rule) in self.starting_like(&lower[at..]) {
                let from = at.min(name.start - start);
                if !lower[at..].starts_with(known) || !plain(&lower[from..at], &lower[at + known.len()..]) {
                    continue;
                }
                let rule = usize::from(*rule);
                // A secret is not the cut token of the same provider.
                let secret = |name: &[u8]| memchr::memmem::find(name, b"secret").is_some();
                if secret(&lower[from..]) && !secret(rules[rule].id.as_str().as_bytes()) {
                    continue;
                }
                for form in self.forms[rule].get_or_init(|| Form::all(&rules[rule])) {
                    let marked = form.begins(value) || holds_mark(&rules[rule], value);
                    if marked || form.nearly_begins(value) {
                        headed |= value.len() <= padded(form.longest);
                    } else if form.head.is_empty() && form.spells(value) {
                        alike.push((form.shortest, form.longest));
                    }
                }
            }
        }
        let fits = alike.iter().any(|&(shortest, longest)| (shortest..=longest).contains(&value.len()));
        let cut = !alike.is_empty() && alike.iter().all(|&(shortest, _)| value.len() < shortest);
        // Between two lengths, a little is missing from the longer, or too much for the shorter.
        let near = alike
            .iter()
            .any(|&(shortest, longest)| (shortest - padding(shortest)..=padded(longest)).contains(&value.len()));
        headed || !fits && (cut || near)
    }

    /// The names that share their first bytes with `text`.
    fn starting_like<'a>(&'a self, text: &[u8]) -> impl Iterator<Item = &'a (Vec<u8>, u16)> {
        let head: Vec<u8> = text.iter().take(NAME).copied().collect();
        let from = self.names.partition_point(|(name, _)| name[..NAME] < head[..]);
        self.names[from..].iter().take_while(move |(name, _)| name[..NAME] == head[..])
    }
}

impl Form {
    fn all(rule: &Ready) -> Vec<Form> {
        let (Search::Pattern(pattern) | Search::Value { value: pattern, .. }) = &rule.search else { return Vec::new() };
        let Some(hir) = pattern.parsed() else { return Vec::new() };
        let mut alternatives = Vec::new();
        part(&hir, &mut alternatives);
        let form = |hir: &&Hir| {
            let length = |known: Option<usize>, measured: u16| known.unwrap_or(measured.into());
            let mut alphabet = [0; 4];
            spell(hir, &mut alphabet);
            Form {
                head: Extractor::new().extract(hir).longest_common_prefix().unwrap_or_default().to_vec(),
                alphabet,
                shortest: length(hir.properties().minimum_len(), pattern.measure.shortest),
                longest: length(hir.properties().maximum_len(), pattern.measure.longest),
            }
        };
        alternatives.iter().map(form).collect()
    }

    fn begins(&self, value: &[u8]) -> bool {
        !self.head.is_empty() && value.get(..self.head.len()).is_some_and(|head| head.eq_ignore_ascii_case(&self.head))
    }

    /// Whether the value begins with the head mistyped in one letter or with one left out, and goes on as tokens do.
    fn nearly_begins(&self, value: &[u8]) -> bool {
        let Some((&end, word)) = self.head.split_last() else { return false };
        if end.is_ascii_alphanumeric() || word.len() < 2 {
            return false;
        }
        let Some(at) = value.iter().take(self.head.len()).position(|&byte| byte == end) else { return false };
        let (typed, rest) = value.split_at(at);
        let differ = word.iter().zip(typed).filter(|(a, b)| !a.eq_ignore_ascii_case(b)).count();
        let left_out = || (0..word.len()).any(|gap| [&word[..gap], &word[gap + 1..]].concat() == typed);
        let near = typed.len() == word.len() && differ == 1 || typed.len() + 1 == word.len() && left_out();
        near && self.spells(rest) && (self.shortest..=padded(self.longest)).contains(&(value.len() + word.len() - at))
    }

    fn spells(&self, value: &[u8]) -> bool {
        value.iter().all(|&byte| self.alphabet[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1)
    }
}

/// Parts a pattern that is a choice, but for what it wants around it, into its alternatives.
fn part<'h>(hir: &'h Hir, out: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Capture(capture) => part(&capture.sub, out),
        HirKind::Alternation(parts) => parts.iter().for_each(|alternative| part(alternative, out)),
        HirKind::Concat(parts) => {
            let mut seen = parts.iter().filter(|part| !matches!(part.kind(), HirKind::Look(_)));
            match (seen.next(), seen.next()) {
                (Some(only), None) => part(only, out),
                _ => out.push(hir),
            }
        }
        _ => out.push(hir),
    }
}

/// Whether a fixed part of the tokens of `rule` stands in the value.
fn holds_mark(rule: &Ready, value: &[u8]) -> bool {
    let marks = || rule.keywords.iter().filter(|mark| mark.len() >= PREFIX);
    matches!(rule.search, Search::Pattern(_)) && marks().any(|mark| memchr::memmem::find(value, mark).is_some())
}

/// Adds the bytes that may occur in a match.
fn spell(hir: &Hir, alphabet: &mut [u64; 4]) {
    let mut add = |byte: u8| alphabet[usize::from(byte >> 6)] |= 1 << (byte & 63);
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().for_each(|&byte| add(byte)),
        HirKind::Class(Class::Bytes(class)) => class.iter().flat_map(|range| range.start()..=range.end()).for_each(add),
        HirKind::Repetition(repetition) => spell(&repetition.sub, alphabet),
        HirKind::Capture(capture) => spell(&capture.sub, alphabet),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| spell(part, alphabet)),
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Unicode(_)) => {}
    }
}

/// Whether a prefix tells whose a token is: long enough, and no word that other values may begin with.
fn tells(prefix: &[u8]) -> bool {
    let word = prefix.strip_suffix(b"_").or(prefix.strip_suffix(b"-")).or(prefix.strip_suffix(b":")).unwrap_or(prefix);
    let ended = word.len() < prefix.len();
    prefix.len() >= PREFIX
        && !WORDS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
        // Without a separator, lower-case letters alone may begin a word, and digits a hash.
        && (ended || !prefix.iter().all(u8::is_ascii_lowercase) && !prefix.iter().all(u8::is_ascii_hexdigit))
}

/// The longest value that may be a token of up to `longest` bytes with something added.
fn padded(longest: usize) -> usize {
    longest + padding(longest)
}

fn padding(length: usize) -> usize {
    PADDING.min(length / 4)
}

/// Words that belong to many providers' credentials, beside the plain ones.
const SHARED: &[&str] = &[
    "consumer",
    "hmac",
    "hook",
    "hub",
    "id",
    "login",
    "private",
    "run",
    "session",
    "shared",
    "sid",
    "sign",
    "signing",
    "storage",
    "subscription",
];

/// Software that many run on their own, with keys of their own choice: its name says nothing of a key's form.
const OWN: &[&str] = &[
    "couchbase",
    "elastic",
    "grafana",
    "influx",
    "jenkins",
    "kafka",
    "keycloak",
    "kibana",
    "minio",
    "mongo",
    "mysql",
    "nexus",
    "postgres",
    "rabbit",
    "redis",
    "sonar",
    "wordpress",
];

/// The length of the first word of a keyword.
fn first_word(keyword: &[u8]) -> usize {
    keyword.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

/// Whether a keyword says whose the credential is: `client_secret` alone does not.
fn whose(keyword: &[u8]) -> bool {
    if OWN.iter().any(|name| keyword.starts_with(name.as_bytes())) {
        return false;
    }
    let mut rest = keyword;
    while !rest.is_empty() {
        let word =
            PLAIN.iter().chain(SHARED).filter(|word| rest.starts_with(word.as_bytes())).map(|word| word.len()).max();
        match word {
            Some(length) => rest = &rest[length..],
            None if rest[0].is_ascii_alphabetic() => return true,
            None => rest = &rest[1..],
        }
    }
    false
}

/// Whether a name is that of the provider's credential and of nothing else, but for three letters.
fn plain(before: &[u8], after: &[u8]) -> bool {
    let odd = |mut rest: &[u8]| {
        let mut letters = 0;
        while let Some((first, tail)) = rest.split_first() {
            let word = PLAIN.iter().filter(|word| rest.starts_with(word.as_bytes())).map(|word| word.len()).max();
            letters += usize::from(word.is_none() && first.is_ascii_alphabetic());
            rest = word.map_or(tail, |word| &rest[word..]);
        }
        letters
    };
    odd(before) + odd(after) <= 3
}

#[cfg(test)]
mod tests {
    use keylint_rules::Rule;

    use super::*;
    use crate::compile::Ruleset;

    fn check(text: &str, want: bool) {
        let ruleset = Ruleset::new(
            &keylint_rules::builtin().iter().filter(|rule| rule.secret.is_some()).cloned().collect::<Vec<Rule>>(),
        )
        .expect("rules");
        let known = Known::new(&ruleset.rules);
        let (name, value) = text.split_once('=').expect("a binding");
        let found = known.malformed(&ruleset.rules, text.as_bytes(), 0..name.len(), value.as_bytes());
        assert_eq!(found, want, "{text}");
    }

    #[test]
    fn cut_and_padded_tokens_are_no_secrets() {
        let hex = |length: usize| "9f86d081884c7d65".repeat(length.div_ceil(16))[..length].to_string();
        check(&format!("token=xkeysib-{}", hex(40)), true);
        check(&format!("token=xkeysib-{}", hex(400)), false);
        check(&format!("bitly_token={}", hex(39)), true);
        check(&format!("bitly_token={}", hex(42)), true);
        check(&format!("bitly_token={}", hex(80)), false);
        // Of two lengths, the shorter lies far below and the longer not far above.
        check(&format!("webflow_token={}", hex(63)), true);
        check(&format!("webflow_token={}", hex(48)), false);
        check(&format!("webflow_token={}", hex(32)), false);
        check(&format!("token={}", hex(39)), false);
        check(&format!("bitly_database_replica_token={}", hex(39)), false);
        check(&format!("deepseek_key=sk-{}", hex(20)), true);
        check(&format!("deepseek_key=tok-{}", hex(20)), false);
        check(&format!("elevenlabs_key=ak_{}", hex(48)), true);
        check(&format!("elevenlabs_key=ak_{}", hex(90)), false);
        check(&format!("elevenlabs_key=tok_{}", hex(48)), false);
        check(&format!("test_{}={}", "key", hex(32)), false);
        // In the middle of another word, or too short to be one provider's.
        check(&format!("SONIC_API_KEY={}", hex(40)), false);
        check(&format!("IC_API_KEY={}", hex(40)), false);
        check(&format!("myBitlyToken={}", hex(39)), true);
        check(&format!("MY_BITLY_TOKEN={}", hex(39)), true);
        check(&format!("kafka_client_secret={}", hex(32)), false);
        // The keyword of a rule that says nothing of its provider.
        check(&format!("client_secret={}", hex(32)), false);
    }
}
