//! Scans a document that is too large for memory, piece by piece, and keeps the lines around its findings.
//! Not here: how pieces are scanned (`keylint-engine`).

use std::io::{self, Read};

use keylint_diagnostics::Skip;
use keylint_engine::Stream;

use crate::{
    pieces::{Piece, Tail},
    read,
};

/// How much is read at a time.
pub(crate) const PIECE: usize = 1 << 20;

/// What a document gave.
#[derive(Debug, Default)]
pub(crate) struct Streamed {
    /// The findings with the text around them.
    pub(crate) pieces: Vec<Piece>,
    /// What of it was not scanned.
    pub(crate) skipped: Vec<Skip>,
    /// How many bytes came.
    pub(crate) length: u64,
    /// Why it ended before its end.
    pub(crate) failure: Option<io::Error>,
}

/// Scans what comes from `input`.
pub(crate) fn scan(mut stream: Stream<'_, '_>, input: &mut impl Read) -> Streamed {
    let mut streamed = Streamed::default();
    let mut tail = Tail::new();
    let mut buffer = vec![0; PIECE];
    loop {
        let piece = match read::piece(input, &mut buffer) {
            Ok(0) => break,
            Ok(length) => &buffer[..length],
            Err(error) => {
                streamed.failure = Some(error);
                break;
            }
        };
        if streamed.length + piece.len() as u64 > read::MAX_SIZE {
            streamed.failure = Some(io::Error::other(read::TOO_LARGE));
            break;
        }
        streamed.length += piece.len() as u64;
        tail.push(piece);
        let settled = stream.push(piece);
        if !settled.is_empty() {
            streamed.pieces.extend(tail.text().cut(settled, false));
        }
    }
    let scan = stream.finish();
    if !scan.diagnostics.is_empty() {
        streamed.pieces.extend(tail.text().cut(scan.diagnostics, false));
    }
    streamed.skipped = scan.skipped;
    streamed
}
