//! Changes inputs at random from a seed: the same seed gives the same inputs. Not guided by coverage.

use keylint_rules::expand::Random;

/// The largest input: inputs are many and small, the worst cost of a large text has tests of its own.
pub(crate) const LARGEST: usize = 64 << 10;

/// Pieces that scanners and parsers stumble over.
const WORDS: &[&[u8]] = &[
    b"\"",
    b"'",
    b"`",
    b"\"\"\"",
    b"'''",
    b"=",
    b":=",
    b": ",
    b"=>",
    b"??=",
    b"+=",
    b"\\",
    b"\\\"",
    b"\\u0041",
    b"\\x41",
    b"\\n",
    b"${",
    b"}",
    b"{{",
    b"}}",
    b"$(",
    b"#{",
    b"%41",
    b"&#x41;",
    b"&amp;",
    b"<",
    b"/>",
    b"-----BEGIN ",
    b"PRIVATE KEY-----",
    b"-----END ",
    b"://",
    b"@",
    b"user:",
    b"password",
    b"PASSWORD=",
    b"secret",
    b"api_key",
    b"token: ",
    b"Bearer ",
    b"Basic ",
    b"eyJ",
    b"keylint: ignore",
    b"keylint: ignore-file",
    b"<<EOF\n",
    b"EOF\n",
    b"|\n  ",
    b"\" + \"",
    b"\"\n\"",
    b"\r\n",
    b"\r",
    b"\n\n",
    b"\0",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe\0\0",
    b"\xf0\x9f\x98\x80",
    b"\xc3",
    b"\xed\xa0\x80",
    b"==",
    b"0000000000",
];

/// Makes inputs from seeds.
pub(crate) struct Mutator<'a> {
    seeds: &'a [Vec<u8>],
    random: Random,
}

impl<'a> Mutator<'a> {
    /// A mutator over `seeds`, which are not empty.
    pub(crate) fn new(seeds: &'a [Vec<u8>], seed: u64) -> Mutator<'a> {
        let mut mutator = Mutator { seeds, random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1) };
        // The first numbers of near seeds are near each other.
        for _ in 0..8 {
            mutator.random.below(2);
        }
        mutator
    }

    /// The next input.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed().to_vec();
        let changes = 1 + self.random.below(8) * self.random.below(4);
        for _ in 0..changes {
            self.change(&mut input);
        }
        input.truncate(LARGEST);
        input
    }

    fn seed(&mut self) -> &'a [u8] {
        let place = self.random.below(self.seeds.len());
        &self.seeds[place]
    }

    /// A range of `input`, mostly short.
    fn range(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let start = self.random.below(input.len() + 1);
        let most = if self.random.below(4) == 0 { input.len() } else { 16 };
        let length = self.random.below(most.min(input.len() - start) + 1);
        start..start + length
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let place = self.random.below(input.len() + 1);
        match self.random.below(12) {
            0 if place < input.len() => input[place] ^= 1 << self.random.below(8),
            1 if place < input.len() => input[place] = self.random.below(256) as u8,
            2 | 3 => {
                let word = WORDS[self.random.below(WORDS.len())];
                input.splice(place..place, word.iter().copied());
            }
            4 => {
                let word = WORDS[self.random.below(WORDS.len())];
                let range = self.range(input);
                input.splice(range, word.iter().copied());
            }
            5 => drop(input.drain(self.range(input))),
            6 => {
                let piece = input[self.range(input)].to_vec();
                input.splice(place..place, piece);
            }
            7 => {
                let other = self.seed();
                let piece = other[self.range(other)].to_vec();
                input.splice(place..place, piece);
            }
            8 => input.truncate(place),
            9 => {
                // Repetition is what makes slow scanners slow.
                let piece = input[self.range(input)].to_vec();
                let most = 1 << self.random.below(12);
                let times = self.random.below(most);
                let room = LARGEST.saturating_sub(input.len()) / piece.len().max(1);
                input.splice(place..place, piece.repeat(times.min(room)));
            }
            10 if self.random.below(8) == 0 => {
                let wide: Vec<u8> = input.iter().flat_map(|&byte| [byte, 0]).collect();
                *input = if self.random.below(2) == 0 { [&b"\xff\xfe"[..], &wide].concat() } else { wide };
            }
            _ => {
                let random: Vec<u8> = (0..self.random.below(24)).map(|_| b'!' + self.random.below(94) as u8).collect();
                input.splice(place..place, random);
            }
        }
    }
}
