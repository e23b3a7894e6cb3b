//! Texts that repeat one short piece: the worst that a small file can do to a scanner whose cost is not linear.
//! Not random: mutation finds such texts too, but only now and then.

use std::time::{Duration, Instant};

use keylint_xtask::targets::{Target, WIDEST};

use super::SLOW;

/// Bytes of each text: linear work on it takes milliseconds, also in a debug build.
const LENGTH: usize = 64 << 10;
/// How much longer a text of this length may take than one of a quarter; four times is linear.
const GROWTH: f64 = 9.0;
/// Below this nothing is measured: the first run of a rule compiles its pattern.
const QUICK: Duration = Duration::from_millis(300);

/// What is repeated. Each has a keyword, or opens something that never closes.
const PIECES: &[&str] = &[
    "I_TOKEN=",
    "token=A",
    "rello.token=A",
    "token ",
    "password: \"",
    "password='",
    "secret=\\\"",
    "key(",
    "key[",
    "{\"key\":",
    "\"token\" + ",
    "token = \"a\" +\n",
    "api_key\n",
    "token:\n",
    "token: |\n ",
    "<key>",
    "<a key=\"",
    "token = <<EOF\n",
    "${token",
    "{{key",
    "https://user:",
    "://token@",
    "?key=&",
    "Bearer ",
    "Basic ",
    "eyJ",
    "eyJ.",
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----\n",
    "AKIA",
    "aws_secret_access_key",
    "ghp_",
    "sk_live_",
    "xox",
    "\\u0041",
    "%41",
    "QUJD",
    "41",
    "&#65;",
    "// token ",
    "# password ",
    "/* key ",
    "'''key",
    "\"\"\"key",
    "`key",
    "keylint: ignore ",
    "# keylint: ignore[abcdefgh]\n",
    "key\r",
    "|key|",
    "a,password,",
    "$key",
    "--token ",
];

/// Runs `target` over each text and says which was the slowest, and which look worse than linear. Says only: a clock on a
/// busy machine proves nothing, so no time fails the gate.
pub(super) fn run(target: &Target) {
    let mut slow = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for piece in PIECES {
        // The path decides how a text is read; a language, a data format and none.
        for path in WIDEST {
            let time = |length: usize| {
                let mut data = vec![*path];
                data.extend_from_slice(piece.repeat(length / piece.len()).as_bytes());
                let start = Instant::now();
                (target.run)(&data);
                start.elapsed()
            };
            let (quarter, whole) = (time(LENGTH / 4), time(LENGTH));
            slowest = slowest.max((whole, piece));
            let growth = whole.as_secs_f64() / quarter.as_secs_f64().max(1e-6);
            if whole > SLOW || whole > QUICK && growth > GROWTH {
                slow.push(format!(
                    "`{}` repeated takes {:.1} s, {growth:.0} times as long as a quarter of it",
                    piece.escape_debug(),
                    whole.as_secs_f64()
                ));
                break;
            }
        }
    }
    slow.iter().for_each(|line| println!("look: {} on {LENGTH} bytes: {line}", target.name));
    println!(
        "{:<8} {:>3} texts of {LENGTH} bytes that repeat one piece; the slowest, `{}`, takes {:.1} s",
        target.name,
        PIECES.len(),
        slowest.1.escape_debug(),
        slowest.0.as_secs_f64()
    );
}
