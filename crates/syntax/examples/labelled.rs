//! Measures bindings against labelled lines: `zcat labelled-lines.jsonl.gz | cargo run --example labelled -p keylint-syntax`.
//! Not a test: it prints counts, and with a category as argument its misses.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::io::{BufRead, stdin};

use keylint_syntax::{Binding, FileKind, ValueKind, binding_at, further_values};
use serde_json::Value;

const KEYWORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "pwd",
    "pass",
    "secret",
    "token",
    "key",
    "auth",
    "cred",
    "nonce",
    "salt",
    "bearer",
    "basic",
    "jwt",
    "cookie",
    "session",
    "identified",
    "signature",
    "login",
    "pw",
];

#[derive(Default)]
struct Count {
    labels: usize,
    equal: usize,
    near: usize,
    bound: usize,
}

fn main() {
    let wanted = std::env::args().nth(1);
    let label = std::env::args().nth(2).unwrap_or_else(|| "T".into());
    let mut counts: BTreeMap<(String, String), Count> = BTreeMap::new();
    for line in stdin().lock().lines().map_while(Result::ok) {
        let Ok(row) = serde_json::from_str::<Value>(&line) else { continue };
        let text = row["text"].as_str().unwrap_or_default();
        let path = row["path"].as_str().unwrap_or_default();
        let kind = FileKind::of(path, text.as_bytes());
        let bindings = bindings(text.as_bytes(), kind);
        for entry in row["labels"].as_array().into_iter().flatten() {
            if entry["core"] != true {
                continue;
            }
            let category = entry["category"].as_str().unwrap_or_default().split(':').next().unwrap_or_default();
            let Some((start, end, whole)) = span(text, entry) else { continue };
            let count =
                counts.entry((entry["label"].as_str().unwrap_or_default().into(), category.into())).or_default();
            count.labels += 1;
            let places = |b: &&Binding| (b.value.span.start as usize, b.value.span.end as usize);
            let equal = bindings.iter().find(|b| places(b) == (start, end));
            let near = bindings.iter().find(|b| places(b).0 < end && start < places(b).1);
            let literal = near.is_some_and(|b| b.value.kind == ValueKind::Literal);
            count.equal += usize::from(equal.is_some());
            count.near += usize::from(near.is_some());
            count.bound += usize::from(literal);
            let unsure = near.is_some() && !literal && wanted.as_deref() == Some("kinds") && entry["label"] == "T";
            let shown = unsure
                || wanted.as_deref().is_some_and(|w| w == category || w == "all") && entry["label"] == label.as_str();
            if shown && (unsure || label != "T" && literal || label == "T" && equal.is_none()) {
                let line = text.lines().nth(whole).unwrap_or_default();
                let got = near.map(|b| {
                    format!(
                        "{:?} {:?} {}",
                        b.operator,
                        b.value.kind,
                        String::from_utf8_lossy(b.value.span.of(text.as_bytes()))
                    )
                });
                let value = text.get(start..end).unwrap_or_default();
                let head: String = value.chars().take(60).collect();
                println!("{path} {kind:?} [{head}] got {got:?}\n    {}", crop(line, value));
            }
        }
    }
    println!("{:3} {:34} {:>6} {:>6} {:>6} {:>6}", "", "category", "labels", "equal", "near", "liter");
    for ((label, category), count) in &counts {
        println!("{label:3} {category:34} {:6} {:6} {:6} {:6}", count.labels, count.equal, count.near, count.bound);
    }
}

fn crop(line: &str, value: &str) -> String {
    let at = line.find(value).unwrap_or(0).saturating_sub(110);
    line.chars().skip(at).take(240).collect()
}

/// Every binding of every keyword.
fn bindings(text: &[u8], kind: FileKind) -> Vec<Binding> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for keyword in KEYWORDS {
        let mut at = 0;
        while let Some(next) = lower[at..].windows(keyword.len()).position(|w| w == keyword.as_bytes()) {
            let start = at + next;
            if let Some(binding) = binding_at(text, start..start + keyword.len(), kind) {
                let further = further_values(text, &binding, kind);
                found.extend(further.into_iter().map(|value| Binding { value, ..binding.clone() }));
                found.push(binding);
            }
            at = start + keyword.len();
        }
    }
    found
}

/// The bytes of a label.
fn span(text: &str, entry: &Value) -> Option<(usize, usize, usize)> {
    let number = |key: &str| entry[key].as_u64().map(|n| n as usize);
    let first = number("line")?.checked_sub(1)?;
    let place = |line: usize, column: usize| {
        let start: usize = text.split('\n').take(line).map(|l| l.len() + 1).sum();
        let chars: usize = text.get(start..)?.chars().take(column).map(char::len_utf8).sum();
        Some(start + chars)
    };
    let last = number("line_end")?.checked_sub(1)?;
    Some((place(first, number("start")?)?, place(last, number("end")?)?, first))
}
