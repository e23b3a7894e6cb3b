//! Texts that repeat one short piece: the worst that a small file can do to a scanner whose cost is not linear.
//! Not random: mutation finds such texts too, but only now and then.

use std::time::Instant;

use anyhow::bail;
use keylint_xtask::targets::{Target, WIDEST};

use super::SLOW;

/// Bytes of each text. Linear work on it takes milliseconds even in a debug build, quadratic work minutes.
const LENGTH: usize = 256 << 10;

/// What is repeated. Each has a keyword, or opens something that never closes.
const PIECES: &[&str] = &[
    "I_TOKEN=",
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
    "key\r",
    "|key|",
    "a,password,",
    "$key",
    "--token ",
];

/// Runs `target` over each text; refuses the ones that take too long.
pub(super) fn run(target: &Target) -> anyhow::Result<usize> {
    let mut slow = Vec::new();
    for piece in PIECES {
        // The path decides how a text is read; a language, a data format and none.
        for path in WIDEST {
            let mut data = vec![*path];
            data.extend_from_slice(piece.repeat(LENGTH / piece.len()).as_bytes());
            let start = Instant::now();
            (target.run)(&data);
            if start.elapsed() > SLOW {
                slow.push(format!("`{}` repeated takes {:.1} s", piece.escape_debug(), start.elapsed().as_secs_f64()));
                break;
            }
        }
    }
    if !slow.is_empty() {
        bail!("{} of {} bytes\n{}", target.name, LENGTH, slow.join("\n"));
    }
    Ok(PIECES.len())
}
