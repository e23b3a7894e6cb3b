//! Globs over `/`-separated paths, with the meaning that globset gives them (a test compares): a walk over their steps for
//! each byte of a path, which costs a fiftieth of the bytes of its regexes. Not here: ignore files (`ignored.rs`).

mod parse;

/// A glob.
#[derive(Clone, Debug)]
pub struct Glob {
    steps: Vec<Step>,
    /// What a path must end with: most globs are told by that.
    end: String,
}

/// Several globs of which one has to fit.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    globs: Vec<Glob>,
}

/// What a glob may ask for next; the next step is the one behind it.
#[derive(Clone, Debug)]
enum Step {
    /// This byte.
    Byte(u8),
    /// Any byte, a `/` only where that is said.
    Any { slash: bool },
    /// One of these bytes, or one of the others.
    Class { negated: bool, ranges: Vec<(u8, u8)> },
    /// Goes on at both places.
    Fork(usize, usize),
    /// Goes on elsewhere.
    Jump(usize),
    /// The end of the path.
    End,
}

impl Glob {
    /// Reads a glob; `crossing` says that `*` and `?` admit a `/`. Gives what is wrong with it.
    pub fn new(pattern: &str, crossing: bool) -> Result<Glob, String> {
        Ok(Glob::of(&parse::tokens(pattern, false)?, crossing))
    }

    /// As `new`, for a line of an ignore file, where a `[` that nothing closes stands for itself.
    pub(crate) fn lenient(pattern: &str) -> Result<Glob, String> {
        Ok(Glob::of(&parse::tokens(pattern, true)?, false))
    }

    fn of(tokens: &[Token], crossing: bool) -> Glob {
        let literal = |token: &Token| if let Token::Literal(letter) = token { Some(*letter) } else { None };
        let end: Vec<char> = tokens.iter().rev().map_while(literal).collect();
        Glob { steps: steps(tokens, crossing), end: end.into_iter().rev().collect() }
    }

    /// Whether it fits the whole of a path.
    pub fn fits(&self, path: &str) -> bool {
        if !path.ends_with(&self.end) {
            return false;
        }
        let mut now = Places::new(self.steps.len());
        let mut then = Places::new(self.steps.len());
        self.reach(0, &mut now);
        for &byte in path.as_bytes() {
            for place in now.list.drain(..) {
                let takes = match &self.steps[place] {
                    Step::Byte(own) => *own == byte,
                    Step::Any { slash } => *slash || byte != b'/',
                    Step::Class { negated, ranges } => {
                        ranges.iter().any(|(first, last)| (first..=last).contains(&&byte)) != *negated
                    }
                    Step::Fork(..) | Step::Jump(_) | Step::End => false,
                };
                if takes {
                    self.reach(place + 1, &mut then);
                }
            }
            now.known.fill(false);
            std::mem::swap(&mut now, &mut then);
        }
        now.list.iter().any(|&place| matches!(self.steps[place], Step::End))
    }

    /// Adds the place `from` and those that it leads to without a byte.
    fn reach(&self, from: usize, places: &mut Places) {
        let mut open = vec![from];
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut places.known[place], true) {
                match self.steps[place] {
                    Step::Fork(one, other) => open.extend([one, other]),
                    Step::Jump(to) => open.push(to),
                    _ => places.list.push(place),
                }
            }
        }
    }
}

/// Places in a glob.
struct Places {
    list: Vec<usize>,
    known: Vec<bool>,
}

impl Places {
    fn new(count: usize) -> Places {
        Places { list: Vec::new(), known: vec![false; count] }
    }
}

impl Globs {
    /// Adds one.
    pub fn add(&mut self, glob: Glob) {
        self.globs.push(glob);
    }

    /// Whether one of them fits the whole of a path.
    pub fn fit(&self, path: &str) -> bool {
        self.globs.iter().any(|glob| glob.fits(path))
    }
}

/// A part of a glob as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// `?`
    Any,
    /// `*`
    Many,
    /// `**/` at the start.
    AnyFolders,
    /// `/**` at the end.
    Inside,
    /// `/**/`
    Between,
    /// `[…]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// `{…,…}`
    Either(Vec<Vec<Token>>),
}

fn steps(tokens: &[Token], crossing: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    if tokens == [Token::AnyFolders] {
        many(true, &mut steps);
    } else {
        sequence(tokens, crossing, &mut steps);
    }
    steps.push(Step::End);
    steps
}

fn sequence(tokens: &[Token], crossing: bool, out: &mut Vec<Step>) {
    for token in tokens {
        match token {
            Token::Literal(letter) => out.extend(letter.encode_utf8(&mut [0; 4]).bytes().map(Step::Byte)),
            Token::Any => out.push(Step::Any { slash: crossing }),
            Token::Many => many(crossing, out),
            Token::AnyFolders => either(
                &[&|_| {}, &|out| out.push(Step::Byte(b'/')), &|out| {
                    many(true, out);
                    out.push(Step::Byte(b'/'));
                }],
                out,
            ),
            Token::Inside => {
                out.push(Step::Byte(b'/'));
                many(true, out);
            }
            Token::Between => {
                out.push(Step::Byte(b'/'));
                let inner = |out: &mut Vec<Step>| {
                    many(true, out);
                    out.push(Step::Byte(b'/'));
                };
                either(&[&|_| {}, &inner], out);
            }
            Token::Class { negated, ranges } => out.push(Step::Class { negated: *negated, ranges: bytes(ranges) }),
            Token::Either(parts) => {
                let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).collect();
                let parts: Vec<_> =
                    parts.iter().map(|part| |out: &mut Vec<Step>| sequence(part, crossing, out)).collect();
                let parts: Vec<&Write<'_>> = parts.iter().map(|part| part as _).collect();
                either(&parts, out);
            }
        }
    }
}

/// Any number of any bytes.
fn many(slash: bool, out: &mut Vec<Step>) {
    let start = out.len();
    out.extend([Step::Fork(start + 1, start + 3), Step::Any { slash }, Step::Jump(start)]);
}

/// Writes the steps of a part.
type Write<'p> = dyn Fn(&mut Vec<Step>) + 'p;

/// One of these parts.
fn either(parts: &[&Write<'_>], out: &mut Vec<Step>) {
    let mut ends = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let fork = out.len();
        let last = index + 1 == parts.len();
        if !last {
            out.push(Step::Fork(fork + 1, 0));
        }
        part(out);
        if !last {
            ends.push(out.len());
            out.push(Step::Jump(0));
            out[fork] = Step::Fork(fork + 1, out.len());
        }
    }
    let end = out.len();
    ends.into_iter().for_each(|place| out[place] = Step::Jump(end));
}

/// The ranges byte by byte, as a regex without Unicode reads them.
fn bytes(ranges: &[(char, char)]) -> Vec<(u8, u8)> {
    let mut out = Vec::new();
    for &(first, last) in ranges {
        let mut buffer = [0; 4];
        let mut all = first.encode_utf8(&mut buffer).as_bytes().to_vec();
        let from = all.pop().unwrap_or_default();
        out.extend(all.into_iter().map(|byte| (byte, byte)));
        if first == last {
            out.push((from, from));
            continue;
        }
        let mut rest = last.encode_utf8(&mut buffer).bytes();
        out.push((from, rest.next().unwrap_or(from)));
        out.extend(rest.map(|byte| (byte, byte)));
    }
    out
}

#[cfg(test)]
mod tests {
    use globset::GlobBuilder;

    use super::*;

    const PATTERNS: &[&str] = &[
        "",
        "a",
        "*",
        "**",
        "***",
        "?",
        "a*",
        "*a",
        "*.rs",
        "**/a",
        "a/**",
        "a/**/b",
        "**/a/**",
        "/a",
        "/**",
        "/**/",
        "**/",
        "a**",
        "**a",
        "a/**b",
        "a/b**/c",
        "{a,b}",
        "{a,b}/c",
        "a{,b}",
        "{}",
        "{,}",
        "{a/**,b}",
        "{**/a,c}",
        "x/{**/a,c}",
        "[ab]",
        "[a-c]x",
        "[!a]",
        "[^/]",
        "[]]",
        "[]-a]",
        "[a-]",
        "[-a]",
        "\\*",
        "\\a",
        "a\\",
        "[",
        "[a",
        "{a",
        "a}",
        "a,b",
        "{a,{b,c}}",
        "**/{a,b}/*.x",
        "a/**/**/b",
        "**/**/a",
        "a/**/**",
        "é",
        "[é]",
        "?é",
        "a/*/b",
        "a?b",
        "*/",
        "[z-a]",
        "{*.a,b*}c",
        "*.{js,ts}",
        "/a/*",
        "./a",
        "{a}b",
        "a//b",
        "[[]",
        "{[,],a}",
    ];
    const PATHS: &[&str] = &[
        "", "a", "b", "c", "ab", "abc", "a/b", "a/b/c", "a/x/b", "a/x/y/b", "/a", "/", "//", "a/", "a//b", "x/a",
        "x/a/b", "x/y/a", "a.rs", "x/a.rs", "é", "aé", "x", "ax", "bx", "]", "-", "*", "\\", "[", "[a", "{a", "a}",
        "a,b", "a/b.x", "q/a/w.x", ".js", "a.js", "d/a.ts", "x.ac", "bc", "bzc", "./a", "a\nb", "\n", "a*", "a/xb",
        "a/bz/c",
    ];

    #[test]
    fn fits_what_globset_fits() {
        for pattern in PATTERNS {
            for crossing in [false, true] {
                let want = GlobBuilder::new(pattern).literal_separator(!crossing).backslash_escape(true).build();
                let got = Glob::new(pattern, crossing);
                assert_eq!(got.is_ok(), want.is_ok(), "`{pattern}`: {:?}", got.err());
                let (Ok(got), Ok(want)) = (got, want) else { continue };
                let want = want.compile_matcher();
                for path in PATHS {
                    assert_eq!(got.fits(path), want.is_match(path), "`{pattern}` and {path:?}");
                }
            }
        }
    }
}
