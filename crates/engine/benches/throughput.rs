//! How fast the engine is on one thread: bytes a second for each kind of text, and what building it costs.
//! Not here: reading files, threads, real folders (`cargo xtask bench FOLDER`).
#![allow(missing_docs, unreachable_pub, clippy::disallowed_methods)]

mod corpus;

use std::fmt;

use corpus::{KINDS, Kind};
use divan::{Bencher, black_box, counter::BytesCount};
use keylint_diagnostics::Document;
use keylint_engine::{Config, Engine};

const SIZE: usize = 4 << 20;

fn main() {
    divan::main();
}

struct Named(&'static Kind);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

fn engine() -> Engine {
    Engine::new(Config::default()).expect("the built-in rules build")
}

/// Text with a secret in every 64 KiB.
#[divan::bench(args = KINDS.iter().map(Named), sample_count = 20)]
fn scan(bencher: Bencher<'_, '_>, kind: &Named) {
    let (engine, text) = (engine(), kind.0.text(SIZE));
    let mut scanner = engine.scanner();
    bencher
        .counter(BytesCount::of_slice(&text))
        .bench_local(|| scanner.scan(black_box(&Document::new(kind.0.path, &text))));
}

/// The same in pieces of 64 KiB.
#[divan::bench(sample_count = 20)]
fn stream(bencher: Bencher<'_, '_>) {
    let (engine, text) = (engine(), KINDS[0].text(3 * SIZE));
    let mut scanner = engine.scanner();
    bencher.counter(BytesCount::of_slice(&text)).bench_local(|| {
        let mut stream = scanner.stream(KINDS[0].path);
        let found: usize = text.chunks(64 << 10).map(|piece| stream.push(black_box(piece)).len()).sum();
        found + stream.finish().diagnostics.len()
    });
}

/// What every run pays before it reads anything.
#[divan::bench]
fn build() -> Engine {
    engine()
}

/// A small file with nothing in it, and a scanner of its own: what a commit hook pays beside the start.
#[divan::bench]
fn small_file(bencher: Bencher<'_, '_>) {
    let engine = engine();
    bencher
        .bench_local(|| engine.scanner().scan(&Document::new("small.py", black_box(b"import os\n\nTIMEOUT = 30\n"))));
}
