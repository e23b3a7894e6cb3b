//! Plants hundreds of random secrets and searches everything that any format prints for a piece of their hidden parts.
//! Not here: how much a mask may show, which is tested where masks are made.

use std::collections::BTreeSet;

use keylint_diagnostics::{Diagnostic, Encoding, Mask, Origin, Position, Severity, Span, Suppression, SuppressionKind};
use keylint_report::{Format, Options, View, sink};

use crate::sample::{self, Found, Paper};

/// So many bytes of a hidden part in a row count as shown.
const WINDOW: usize = 8;
const SECRETS: usize = 500;

/// Xorshift: the values only have to look random, the same ones each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % bound
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}

const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ANY: &str = "abcdefghijkmnopqrstuvwxyz0123456789!#$&()*+-./:;<=>?@[]^_{|}~éß😀";

/// A secret, how much of it may be shown, and the part that must not.
fn secret(random: &mut Random) -> (String, Mask, String) {
    match random.below(4) {
        0 => {
            let length = 20 + random.below(60);
            let (prefix, body) = ("demo_", random.text(ALNUM, length));
            let shown = if body.len() >= 24 { body.len() - 4 } else { body.len() };
            (format!("{prefix}{body}"), Mask::token(prefix.len()), body[..shown].into())
        }
        1 => {
            let length = 8 + random.below(30);
            let password = random.text(ANY, length);
            (password.clone(), Mask::HIDDEN, password)
        }
        2 => {
            let lines: Vec<String> = (0..2 + random.below(6)).map(|_| random.text(ALNUM, 64)).collect();
            let key = lines.join(if random.below(2) == 0 { "\n" } else { "\r\n" });
            (key.clone(), Mask::HIDDEN, key)
        }
        _ => {
            let length = 400 + random.below(4000);
            let long = random.text(ALNUM, length);
            (format!("demo_{long}"), Mask::token(5), long[..long.len() - 4].into())
        }
    }
}

struct Planted {
    found: Vec<Found>,
    hidden: BTreeSet<Vec<u8>>,
}

/// Documents with one to six secrets each: on one line or several, between short text or long, in three encodings.
fn plant(random: &mut Random) -> Planted {
    let mut planted = Planted { found: Vec::new(), hidden: BTreeSet::new() };
    let mut left = SECRETS;
    while left > 0 {
        let count = (1 + random.below(6)).min(left);
        left -= count;
        let encode: fn(&str) -> Vec<u8> = match random.below(4) {
            0 => |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            1 => |text| text.chars().map(u32::from).flat_map(u32::to_be_bytes).collect(),
            _ => |text| text.as_bytes().to_vec(),
        };
        let mut text = encode("# über 😀 alles, ein langer erster Satz in ASCII, damit die Kodierung erkannt wird\n");
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for _ in 0..count {
            let (value, mask, hidden) = secret(random);
            planted.hidden.extend(hidden.as_bytes().windows(WINDOW).map(<[u8]>::to_vec));
            let filler = ["", " \t", "x = ", "\n", "\r\n\tlet y: &str = "][random.below(5)];
            text.extend(encode(filler));
            text.extend(encode(&"f(x);".repeat([0, 3, 500][random.below(3)])));
            text.extend(encode("name=\""));
            let start = text.len();
            text.extend(encode(&value));
            let span = Span::new(start..text.len());
            text.extend(encode("\"; "));
            let mut label = sample::label(b"x", b"x", "", Some(mask));
            label.span = span;
            if random.below(4) == 0 && !diagnostics.is_empty() {
                let last = diagnostics.len() - 1;
                diagnostics[last].related.push(label);
                continue;
            }
            let mut found = sample::finding("demo-token", label);
            found.severity = Severity::ALL[random.below(5)];
            if random.below(5) == 0 {
                let kind = SuppressionKind::ALL[random.below(3)];
                found.suppressed = Some(Suppression { kind, reason: None, owner: None, until: None });
            }
            if random.below(6) == 0 {
                // Another rule sees more or less of it, and thinks that its beginning is public.
                let mut part = found.clone();
                part.rule = "demo-password".into();
                match random.below(2) {
                    0 => part.primary.span.start += (span.len() / 8 * 4) as u32,
                    _ => part.primary.span.start -= 8,
                }
                part.primary.mask = Some(Mask::token(40));
                diagnostics.push(part);
            }
            diagnostics.push(found);
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
        planted.found.push(Found::new(&format!("{left}.txt"), text, diagnostics));
    }
    planted
}

/// Whether any hidden window stands in `text`, as it is or as the formats spell what they escape.
fn shown(text: &str, hidden: &BTreeSet<Vec<u8>>) -> Option<String> {
    let commands = text.replace("%25", "%").replace("%AZP25", "%").replace("%0A", "\n").replace("%0D", "\r");
    let commands = commands.replace("%3B", ";").replace("%5D", "]");
    let mut markup = text.replace("<mark>", "").replace("</mark>", "").replace("\"\"", "\"");
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")] {
        markup = markup.replace(entity, character);
    }
    // In a code element of Markdown every mark is a number.
    for code in 33..127_u8 {
        markup = markup.replace(&format!("&#{code};"), &char::from(code).to_string());
    }
    markup = markup.replace("&amp;", "&").replace("@<!-- -->", "@").replace("<span>$</span>", "$");
    let bare = markup.replace('\\', "");
    [text, &commands, &markup, &bare].into_iter().find_map(|text| {
        let window = text.as_bytes().windows(WINDOW).find(|window| hidden.contains(*window))?;
        Some(String::from_utf8_lossy(window).into_owned())
    })
}

fn check(name: &str, text: &str, hidden: &BTreeSet<Vec<u8>>) {
    assert_eq!(shown(text, hidden), None, "{name} shows a piece of a secret");
}

#[test]
fn no_format_shows_a_hidden_part() {
    let mut planted = plant(&mut Random(0x5eed));
    // What fails and what does not is printed in different ways.
    for found in planted.found.iter_mut().step_by(2) {
        found.gate.fail_on = None;
    }
    assert!(planted.hidden.len() > 10_000);
    let plain = Options { width: 60, verbose: true, ..Options::default() };
    let colored = Options { color: true, hyperlinks: true, width: 10, ascii: true, ..Options::default() };
    let wide = Options { width: 5000, ..Options::default() };
    for options in [plain, colored, wide] {
        for &format in Format::ALL {
            check(format.as_str(), &sample::print(format, &options, &planted.found), &planted.hidden);
        }
    }
}

/// A streamed document comes in pieces that may hold secrets of earlier findings, and of findings that come later.
#[test]
fn no_piece_shows_a_hidden_part() {
    let planted = plant(&mut Random(0xca5e));
    let options = Options { width: 5000, ..Options::default() };
    for &format in Format::ALL {
        let paper = Paper::default();
        let rules = sample::rules();
        let mut sink = sink(format, &rules, options.clone(), Box::new(paper.clone()));
        for found in &planted.found {
            let encoding = Encoding::detect(&found.text);
            // What overlaps is settled together.
            for diagnostics in found.diagnostics.chunk_by(|a, b| a.primary.span.overlaps(b.primary.span)) {
                // The piece reaches far to both sides, over whatever stands there.
                let base = diagnostics[0].primary.span.start.saturating_sub(4000) & !3;
                let labels = diagnostics.iter().flat_map(|d| std::iter::once(&d.primary).chain(&d.related));
                let last = labels.map(|label| label.span.end).max().unwrap_or(0);
                let end = (last as usize + 4000).min(found.text.len());
                let text = &found.text[base as usize..end];
                let first = Position { line: 1, column: 1 };
                let view = View::piece(&found.path, Origin::Worktree, text, encoding, base, first);
                sink.document(&view, diagnostics).expect("paper takes everything");
            }
        }
        sink.finish(&sample::summary(Default::default())).expect("paper takes everything");
        check(format.as_str(), &paper.text(), &planted.hidden);
    }
}

#[test]
fn show_secrets_is_the_only_way_out() {
    let found = sample::documents();
    let open = Options { show_secrets: true, ..Options::default() };
    for &format in Format::ALL {
        let masked = sample::print(format, &Options::default(), &found);
        assert!(!masked.contains(&sample::token('a')), "{format}");
        let printed = sample::print(format, &open, &found);
        let may = matches!(format, Format::Text | Format::Json | Format::Jsonl);
        assert_eq!(printed.contains(&sample::token('a')), may, "{format}");
    }
}
