//! Streaming in any split gives what one piece gives, and no bytes make a scan panic.
//! Not here: what is found (`rules.rs` of keylint-secrets).
#![allow(clippy::disallowed_methods)]

use keylint_diagnostics::{Diagnostic, Document};
use keylint_engine::{Config, Engine};
use keylint_rules::expand::{self, Random};

/// Where a stream settles what it has read: secrets are planted around its multiples.
const BLOCK: usize = 4 << 20;

/// Secrets of every shape: a token, a name and a value, a pair, lines that belong together, one in an address.
const PLANTS: &[&str] = &[
    "GITHUB_TOKEN=ghp_{alnum:36}",
    "DB_PASSWORD = \"{alnum:10}#{alnum:6}\"",
    "aws_access_key_id = AKIA{base32:16}\naws_secret_access_key = {base64:40}",
    "api_token: |\n  {hex:40}",
    "DATABASE_URL=postgres://app:{alnum:16}@db.internal:5432/app",
    "STRIPE = \"sk_live_{alnum:24}\"  # keylint: ignore",
    "token = \"{alnum:20}\" +\n        \"{alnum:20}\"",
];

fn engine() -> Engine {
    Engine::new(Config::default()).expect("the built-in rules build")
}

fn private_key() -> String {
    let body: Vec<String> = (0..24).map(|line| expand::template("{base64:64}", line + 1, &|_, _| None).text).collect();
    format!("-----BEGIN {0}-----\n{1}\n-----END {0}-----", "RSA PRIVATE KEY", body.join("\n"))
}

/// A document of a little over two blocks with a secret on, before and behind each edge.
fn document(seed: u64, filler: &str) -> Vec<u8> {
    let mut random = Random(seed);
    let mut out = String::new();
    for edge in [BLOCK, 2 * BLOCK] {
        // A margin's width around the edge is where a block could see too little.
        for distance in [70_000, 3_000, 200, 40, 0] {
            let place = edge - distance - random.below(30);
            while out.len() + filler.len() < place {
                out.push_str(filler);
            }
            out.extend(std::iter::repeat_n(' ', place.saturating_sub(out.len() + 1)));
            out.push('\n');
            let plant = PLANTS[random.below(PLANTS.len())];
            out.push_str(&expand::template(plant, random.below(1 << 20) as u64, &|_, _| None).text);
            out.push('\n');
        }
        out.push_str(&private_key());
        out.push('\n');
    }
    out.push_str("password = \"");
    out.into_bytes()
}

fn streamed(engine: &Engine, path: &str, text: &[u8], mut size: impl FnMut() -> usize) -> Vec<Diagnostic> {
    let mut scanner = engine.scanner();
    let mut stream = scanner.stream(path);
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(size().clamp(1, rest.len()));
        found.extend(stream.push(piece));
        rest = more;
    }
    let end = stream.finish();
    assert_eq!(end.skipped, []);
    found.extend(end.diagnostics);
    found
}

fn check(path: &str, text: &[u8], least: usize) {
    let engine = engine();
    let whole = engine.scanner().scan(&Document::new(path, text)).diagnostics;
    assert!(whole.len() >= least, "only {} findings in {path}", whole.len());
    let mut random = Random(7);
    let cut = |diagnostics: &[Diagnostic]| -> Vec<_> {
        diagnostics
            .iter()
            .map(|d| {
                (
                    d.primary.span,
                    d.rule.to_string(),
                    d.confidence,
                    d.fingerprint,
                    d.suppressed.is_some(),
                    d.related.len(),
                )
            })
            .collect()
    };
    let same = |got: Vec<Diagnostic>, how: &str| assert_eq!(cut(&got), cut(&whole), "{path} in {how}");
    same(streamed(&engine, path, text, || usize::MAX), "one piece");
    same(streamed(&engine, path, text, || 1 + random.below(BLOCK)), "pieces of any size");
    same(streamed(&engine, path, text, || 4093), "pieces of 4093 bytes");
}

#[test]
fn the_split_does_not_matter() {
    check("logs/app.txt", &document(3, "2024-01-01 request handled in 12 ms\n"), 10);
    check("src/app.py", &document(11, "    value = compute(value, 12)\n"), 10);
}

#[test]
fn the_split_does_not_matter_in_utf_16() {
    let text = document(5, "set the name of the key to a value\r\n");
    // Half of it: in two bytes a character, the edges lie at half the distance.
    let from = text.len() / 2 + 1_000;
    let units = std::str::from_utf8(&text[from..]).expect("ASCII").encode_utf16();
    let wide: Vec<u8> = [0xfeff].into_iter().chain(units).flat_map(u16::to_le_bytes).collect();
    check("setup.ps1", &wide, 4);
}

/// Seeds of texts that are then damaged: scanners see more of a text that begins well.
#[test]
fn no_bytes_make_it_panic() {
    let engine = engine();
    let mut scanner = engine.scanner();
    let mut random = Random(99);
    for round in 0..2_000 {
        let mut text: Vec<u8> = if round % 2 == 0 {
            (0..random.below(600)).map(|_| random.below(256) as u8).collect()
        } else {
            let plant = PLANTS[random.below(PLANTS.len())];
            expand::template(plant, round, &|_, _| None).text.into_bytes()
        };
        if round % 3 == 0 {
            let wide: Vec<u8> = text.iter().flat_map(|&byte| [byte, 0]).collect();
            text = [&b"\xff\xfe"[..], &wide].concat();
            text.truncate(text.len() - random.below(text.len().min(8)));
        }
        for _ in 0..random.below(6) {
            let place = random.below(text.len());
            if let Some(byte) = text.get_mut(place) {
                *byte = random.below(256) as u8;
            }
        }
        let scan = scanner.scan(&Document::new(["a.py", "b.json", "c.yaml", "d.txt"][round as usize % 4], &text));
        for diagnostic in &scan.diagnostics {
            let span = diagnostic.primary.span;
            assert!(
                span.start < span.end && span.end as usize <= text.len(),
                "{}: {span:?} in {} bytes",
                diagnostic.rule,
                text.len()
            );
        }
    }
}
