//! `primaryLocationLineHash`, by which GitHub knows an alert again after lines have moved.
//! Not here: anything else of SARIF. The algorithm is that of `github/codeql-action`, `src/fingerprints.ts`.

use keylint_diagnostics::{Diagnostic, Map, Origin, Unit};

use crate::View;

/// GitHub's hashes of the lines that the findings of a document begin on. Only the whole document tells them, so a host
/// that keeps pieces computes them while it has all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineHashes(Map<u32, String>);

impl LineHashes {
    /// Hashes the lines of `text`, a whole document, that the primary labels of `diagnostics` begin on.
    pub fn new(text: &[u8], diagnostics: &[Diagnostic]) -> LineHashes {
        let lines = View::whole("", Origin::default(), text).lines();
        let line = |diagnostic: &Diagnostic| lines.position(diagnostic.primary.span.start, Unit::Byte).line;
        LineHashes(line_hashes(text, &diagnostics.iter().map(|found| (line(found), ())).collect()))
    }

    /// The hash of a line, from 1, if a finding begins on it.
    pub fn of(&self, line: u32) -> Option<&str> {
        self.0.get(&line).map(String::as_str)
    }
}

/// The hash of a line covers so many characters from its beginning, over line ends too.
const BLOCK: usize = 100;
const FACTOR: u64 = 37;
/// Stands for the end of the file.
const END: u16 = u16::MAX;

/// The hashes of the lines in `wanted` (from 1), as `hash:n`, where `n` counts lines of the same hash. The upload
/// action reads every file as UTF-8 and numbers lines by what it reads, whatever the encoding is, and so do we.
fn line_hashes(text: &[u8], wanted: &Map<u32, ()>) -> Map<u32, String> {
    let Some((&last, ())) = wanted.iter().next_back() else { return Map::new() };
    // A first pass finds the hashes, a second counts these and no others: a count for each line of a large document
    // would cost more than the document.
    let mut hashes = Map::new();
    each_line(text, last, |line, hash| {
        if wanted.contains_key(&line) {
            hashes.insert(line, hash);
        }
    });
    let mut counts: Map<u64, u32> = hashes.iter().map(|(_, &hash)| (hash, 0)).collect();
    let mut numbered = Map::new();
    each_line(text, last, |line, hash| {
        if let Some(count) = counts.get_mut(&hash) {
            *count += 1;
            if hashes.contains_key(&line) {
                numbered.insert(line, format!("{hash:x}:{count}"));
            }
        }
    });
    numbered
}

/// Calls `found` with every line up to `last` and its hash.
fn each_line(text: &[u8], last: u32, mut found: impl FnMut(u32, u64)) {
    let mut rolling = Rolling::default();
    let (mut line_start, mut after_return) = (true, false);
    // Whether more is needed.
    let mut feed = |unit: u16| {
        let line_feed = unit == u16::from(b'\n');
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || (after_return && line_feed) {
            after_return = false;
            return true;
        }
        after_return = unit == u16::from(b'\r');
        let unit = if after_return { u16::from(b'\n') } else { unit };
        let line = rolling.push(unit, line_start, &mut found);
        line_start = unit == u16::from(b'\n');
        line < last
    };
    for chunk in text.utf8_chunks() {
        for unit in chunk.valid().encode_utf16() {
            if !feed(unit) {
                return;
            }
        }
        if !chunk.invalid().is_empty() && !feed(0xfffd) {
            return;
        }
    }
    feed(END);
    for _ in 0..BLOCK {
        rolling.push(0, false, &mut found);
    }
}

/// A rolling hash over the last [`BLOCK`] characters, and which of them begin a line.
struct Rolling {
    window: [u16; BLOCK],
    /// The line that begins at each place of the window, else 0.
    lines: [u32; BLOCK],
    index: usize,
    hash: u64,
    /// Lines begun, and the last that was given out.
    line: u32,
    given: u32,
}

impl Default for Rolling {
    fn default() -> Rolling {
        Rolling { window: [0; BLOCK], lines: [0; BLOCK], index: 0, hash: 0, line: 0, given: 0 }
    }
}

/// What a character weighs when it leaves the window.
const LEAVING: u64 = FACTOR.wrapping_pow(BLOCK as u32);

impl Rolling {
    /// Takes a character. If the one that leaves the window for it begins a line, the hash of that line is complete.
    /// Gives the last line that is.
    fn push(&mut self, unit: u16, line_start: bool, found: &mut impl FnMut(u32, u64)) -> u32 {
        let complete = std::mem::take(&mut self.lines[self.index]);
        if complete != 0 {
            found(complete, self.hash);
            self.given = complete;
        }
        if line_start {
            self.line += 1;
            self.lines[self.index] = self.line;
        }
        let gone = std::mem::replace(&mut self.window[self.index], unit);
        let leaving = LEAVING.wrapping_mul(u64::from(gone));
        self.hash = FACTOR.wrapping_mul(self.hash).wrapping_add(u64::from(unit)).wrapping_sub(leaving);
        self.index = (self.index + 1) % BLOCK;
        self.given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of `github/codeql-action`, `src/fingerprints.test.ts`.
    fn check(text: &str, want: &[&str]) {
        let wanted = (1..=want.len() as u32 + 1).map(|line| (line, ())).collect();
        let hashes: Vec<_> = line_hashes(text.as_bytes(), &wanted).iter().map(|(_, hash)| hash.clone()).collect();
        assert_eq!(hashes, want, "{text:?}");
    }

    #[test]
    fn equals_the_upload_action() {
        check("", &["c129715d7a2bc9a3:1"]);
        check(
            " a\nb\n  \t\tc\n d",
            &["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        );
        check(
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            &[
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ],
        );
        let ended = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        check(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", &ended);
        check(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", &ended);
        check(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", &ended);
        check(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", &ended);
        check(
            &"Lorem ipsum dolor sit amet.\n".repeat(10),
            &[
                "a7f2ff13bc495cf2:1",
                "a7f2ff13bc495cf2:2",
                "a7f2ff13bc495cf2:3",
                "a7f2ff13bc495cf2:4",
                "a7f2ff13bc495cf2:5",
                "a7f2ff13bc495cf2:6",
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        );
    }

    #[test]
    fn stops_at_the_last_wanted_line() {
        let text = "a\n".repeat(1000);
        let hashes = line_hashes(text.as_bytes(), &Map::from_iter([(3, ())]));
        assert_eq!(hashes.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3]);
    }
}
