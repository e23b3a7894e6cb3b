//! Redaction: the way a text comes makes no difference, secrets go, all other bytes stay.
//! Not here: which texts are secrets; the rules' examples say that.
#![allow(clippy::disallowed_methods)]

use keylint_diagnostics::Confidence;
use keylint_engine::{Config, Engine};
use keylint_rules::expand::{self, Random};
use keylint_secrets::Checksum;

fn token(seed: u64) -> String {
    let checksum = |name: &str, head: &[u8]| String::from_utf8(Checksum::named(name)?.compute(head)?).ok();
    expand::template("«ghp_{alnum:30}{checksum:github}»", seed, &checksum).text
}

fn fill(template: &str, seed: u64) -> String {
    expand::template(template, seed, &|_, _| None).text
}

fn engine() -> Engine {
    Engine::new(Config::default()).expect("the built-in rules build")
}

fn redacted(engine: &Engine, path: &str, pieces: &[&[u8]]) -> Vec<u8> {
    let mut redactor = engine.redactor(path, Confidence::Medium);
    let mut out = Vec::new();
    pieces.iter().for_each(|piece| redactor.push(piece, &mut out));
    redactor.finish(&mut out);
    out
}

fn private_key(lines: usize) -> String {
    let body: Vec<String> = (0..lines).map(|line| fill("{base64:64}", line as u64 + 1)).collect();
    format!("-----BEGIN {0}-----\n{1}\n-----END {0}-----", "RSA PRIVATE KEY", body.join("\n"))
}

/// A log with secrets of every shape, long lines and odd bytes; and the secrets.
fn log(seed: u64) -> (Vec<u8>, Vec<String>) {
    let mut random = Random(seed + 1);
    let mut out = Vec::new();
    let mut secrets = Vec::new();
    for line in 0..40 {
        let (template, secret) = match random.below(12) {
            0 => ("GET /?token={} HTTP/1.1 200\n".to_string(), token(seed * 100 + line)),
            1 => ("  db_password = \"{}\"\r\n".to_string(), fill("{alnum:10}#{alnum:6}", line)),
            2 => ("STRIPE={}\n".to_string(), fill("sk_live_{alnum:24}", line)),
            3 => ("{}\n".to_string(), private_key(24)),
            4 => {
                (format!("{}{{}} {}\n", "filler text ".repeat(9_000), "more ".repeat(20_000)), token(seed * 100 + line))
            }
            5 => ("-----BEGIN CERTIFICATE-----\nnot a key\n".to_string(), String::new()),
            6 => ("api_token = \"{}\"\n".to_string(), fill("{alnum:32}", line)),
            7 => ("é😀 \u{1b}[31mred\u{1b}[0m\n".to_string(), String::new()),
            _ => ("2024-01-01T00:00:00Z INFO request handled in 12 ms\n".to_string(), String::new()),
        };
        out.extend_from_slice(template.replace("{}", &secret).as_bytes());
        if random.below(5) == 0 {
            out.extend_from_slice(b"\xff\x00\xc3 odd\n");
        }
        if !secret.is_empty() {
            secrets.push(secret);
        }
    }
    out.extend_from_slice(b"no line end");
    (out, secrets)
}

#[test]
fn the_split_does_not_matter() {
    let engine = engine();
    for seed in 0..4 {
        let (text, _) = log(seed);
        let whole = redacted(&engine, "app.log", &[&text]);
        let mut random = Random(seed + 77);
        for most in [7, 300, 70_000] {
            let mut pieces = Vec::new();
            let mut rest = &text[..];
            while !rest.is_empty() {
                let (piece, more) = rest.split_at((1 + random.below(most)).min(rest.len()));
                pieces.push(piece);
                rest = more;
            }
            assert!(redacted(&engine, "app.log", &pieces) == whole, "seed {seed}, pieces of at most {most}");
        }
    }
}

/// Taking the placeholders out again must leave the text without its secrets: in order, and nothing else.
#[test]
fn other_bytes_stay() {
    let engine = engine();
    for seed in 0..4 {
        let (text, secrets) = log(seed);
        let out = redacted(&engine, "app.log", &[&text]);
        for secret in &secrets {
            assert!(!contains(&out, secret.as_bytes()), "seed {seed}: a secret of {} bytes is left", secret.len());
        }
        let (mut left, mut right) = (&text[..], &out[..]);
        while let Some(at) = find(right, b"<secret:") {
            assert!(left.starts_with(&right[..at]), "seed {seed}: bytes before a placeholder changed");
            left = &left[at..];
            right = &right[at..];
            let end = find(right, b">").expect("placeholders end") + 1;
            right = &right[end..];
            let secret =
                secrets.iter().filter(|secret| left.starts_with(secret.as_bytes())).max_by_key(|secret| secret.len());
            left = &left[secret.expect("only secrets are replaced").len()..];
        }
        assert!(left == right, "seed {seed}: the end changed");
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    find(text, part).is_some()
}

#[test]
fn utf_16_stays_utf_16() {
    let engine = engine();
    let text = format!("set token = {}\r\nend\r\n", token(1));
    let wide =
        |text: &str| [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let stored = wide(&text);
    let out = redacted(&engine, "a.ps1", &[&stored]);
    let units: Vec<u16> = out.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    let read = String::from_utf16(&units).expect("UTF-16");
    assert!(read.contains("token = <secret:github-personal-access-token:") && read.ends_with("\r\nend\r\n"), "{read}");
    for size in [1, 3, 7] {
        let pieces: Vec<&[u8]> = stored.chunks(size).collect();
        assert_eq!(redacted(&engine, "a.ps1", &pieces), out, "pieces of {size}");
    }
}

#[test]
fn private_keys_are_caught_whole_and_cut() {
    let engine = engine();
    for (key, rest) in [(private_key(24), "\nafter\n"), (private_key(24), ""), (private_key(300), "\nafter\n")] {
        let out =
            String::from_utf8(redacted(&engine, "log", &[format!("before\n{key}{rest}").as_bytes()])).expect("UTF-8");
        assert!(out.starts_with("before\n<secret:"), "{out}");
        assert!(out.ends_with(&format!(">{rest}")) && out.lines().count() < 4, "{out}");
    }
    let whole = private_key(24);
    let cut: String = whole.lines().take(10).map(|line| format!("{line}\n")).collect();
    let out = String::from_utf8(redacted(&engine, "log", &[cut.as_bytes(), b"the log goes on\n"])).expect("UTF-8");
    assert!(!out.contains(whole.lines().nth(3).expect("a line")) && out.ends_with("the log goes on\n"), "{out}");
}

#[test]
fn the_lines_before_tell_what_a_value_is() {
    let engine = engine();
    let secret = fill("{alnum:32}", 4);
    let key = fill("aws_access_key_id = AKIAQ{base32:15}\naws_secret_access_key = {base64:40}", 9);
    for (path, text) in [
        ("a.yaml", format!("api_token: |\n  {secret}\nrest: 1\n")),
        ("a.yaml", format!("- name: API_TOKEN\n  value: {secret}\nrest: 1\n")),
        ("credentials", format!("{key}\nrest: 1\n")),
    ] {
        let scan = engine.scanner().scan(&keylint_diagnostics::Document::new(path, text.as_bytes()));
        assert_eq!(scan.diagnostics.len(), 1, "{text}");
        let lines: Vec<&[u8]> = text.as_bytes().split_inclusive(|&b| b == b'\n').collect();
        let out = String::from_utf8(redacted(&engine, path, &lines)).expect("UTF-8");
        assert!(!out.contains(&secret) && !out.contains(&key[key.len() - 40..]), "{out}");
        assert!(out.contains("<secret:") && out.ends_with("rest: 1\n"), "{out}");
    }
}

#[test]
fn certificates_and_odd_marks_are_not_held_back() {
    let engine = engine();
    let mut redactor = engine.redactor("log", Confidence::Medium);
    let mut out = Vec::new();
    redactor.push(b"-----BEGIN CERTIFICATE-----\nMIIB\n", &mut out);
    assert_eq!(out, b"-----BEGIN CERTIFICATE-----\nMIIB\n");
    redactor.push(b"-----BEGIN RSA PRIVATE KEY----- is what a key begins with\nnext line: x\n", &mut out);
    assert!(out.ends_with(b"next line: x\n"), "{}", String::from_utf8_lossy(&out));
}
