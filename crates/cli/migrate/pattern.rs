//! Makes patterns of gitleaks' rules fit keylint: bounded, without anchors, the secret in a group of that name; and finds
//! the literals that every match contains. Not here: whole rules (`gitleaks.rs`).

use std::ops::Range;

use regex_syntax::{
    ast::{AssertionKind, Ast, GroupKind, RepetitionKind, RepetitionRange, parse::Parser},
    hir::{Class, Hir, HirKind},
};

/// A repetition without an end gets this one, or a smaller one where the whole would grow too long.
pub(super) const BOUNDS: [u32; 5] = [256, 128, 64, 32, 16];
/// A repetition of white space gets a smaller end: it separates, it does not hold secrets.
const SPACE: u32 = 16;
/// A repetition that goes over lines gets an end so many times as far: key files are long.
const LINES: u32 = 16;
/// A shorter literal leads to too many windows, and the engine refuses those of two.
const MIN_KEYWORD: usize = 3;
/// A longer one finds no less.
const MAX_KEYWORD: usize = 24;
/// More alternatives than this are a dictionary, not a prefix.
const MAX_KEYWORDS: usize = 64;

/// A pattern made to fit, and what had to be changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fitted {
    /// The pattern.
    pub(super) source: String,
    /// What it says now that it did not before.
    pub(super) notes: Vec<String>,
}

/// Makes `source` fit; `group` is the number of the group that holds the secret, 0 for the first one if there is any.
/// Repetitions without an end get `bound`.
pub(super) fn fit(source: &str, group: u32, bound: u32) -> Result<Fitted, String> {
    let ast = Parser::new().parse(source).map_err(|error| error.kind().to_string())?;
    let mut walk = Walk { source, group: group.max(1), bound, edits: Vec::new(), notes: Vec::new() };
    walk.visit(&ast);
    walk.edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(source.len() + 32);
    let mut from = 0;
    for (range, text) in &walk.edits {
        out.push_str(source.get(from..range.start).unwrap_or_default());
        out.push_str(text);
        from = range.end;
    }
    out.push_str(source.get(from..).unwrap_or_default());
    walk.notes.dedup();
    Ok(Fitted { source: out, notes: walk.notes })
}

struct Walk<'s> {
    source: &'s str,
    group: u32,
    bound: u32,
    edits: Vec<(Range<usize>, String)>,
    notes: Vec<String>,
}

impl Walk<'_> {
    fn visit(&mut self, ast: &Ast) {
        let range = |span: &regex_syntax::ast::Span| span.start.offset..span.end.offset;
        match ast {
            Ast::Repetition(repetition) => {
                self.visit(&repetition.ast);
                let least = match &repetition.op.kind {
                    RepetitionKind::ZeroOrMore => 0,
                    RepetitionKind::OneOrMore => 1,
                    RepetitionKind::Range(RepetitionRange::AtLeast(least)) => *least,
                    RepetitionKind::ZeroOrOne | RepetitionKind::Range(_) => return,
                };
                let bound = match () {
                    () if is_space(&repetition.ast, self.source) => SPACE,
                    () if goes_over_lines(&repetition.ast, self.source) => self.bound * LINES,
                    () => self.bound,
                };
                let lazy = if repetition.greedy { "" } else { "?" };
                self.edits.push((range(&repetition.op.span), format!("{{{least},{}}}{lazy}", bound.max(least))));
                if bound != SPACE {
                    self.notes.push(format!("a repetition without an end ends after {}", bound.max(least)));
                }
            }
            Ast::Assertion(assertion) => {
                let text = match assertion.kind {
                    AssertionKind::StartLine | AssertionKind::StartText => r"\b{start-half}",
                    AssertionKind::EndLine | AssertionKind::EndText => r"\b{end-half}",
                    // These are the characters themselves in Go.
                    AssertionKind::WordBoundaryStartAngle => "<",
                    AssertionKind::WordBoundaryEndAngle => ">",
                    _ => return,
                };
                if text.starts_with('\\') {
                    let anchor = self.source.get(range(&assertion.span)).unwrap_or_default();
                    self.notes.push(format!("`{anchor}` became a word boundary"));
                }
                self.edits.push((range(&assertion.span), text.into()));
            }
            Ast::Group(group) => {
                let index = group.capture_index();
                let opening = group.span.start.offset..group.ast.span().start.offset;
                if index == Some(self.group) {
                    self.edits.push((opening, "(?<secret>".into()));
                } else if matches!(&group.kind, GroupKind::CaptureName { name, .. } if name.name == "secret") {
                    self.edits.push((opening, "(?:".into()));
                }
                self.visit(&group.ast);
            }
            Ast::Alternation(alternation) => alternation.asts.iter().for_each(|ast| self.visit(ast)),
            Ast::Concat(concat) => concat.asts.iter().for_each(|ast| self.visit(ast)),
            _ => {}
        }
    }
}

/// Whether everything repeats, line ends too.
fn goes_over_lines(ast: &Ast, source: &str) -> bool {
    let span = ast.span();
    let text = source.get(span.start.offset..span.end.offset).unwrap_or_default();
    [["\\s", "\\S"], ["\\w", "\\W"], ["\\d", "\\D"]].iter().any(|[a, b]| text.contains(a) && text.contains(b))
}

/// Whether only white space repeats.
fn is_space(ast: &Ast, source: &str) -> bool {
    let span = ast.span();
    let text = source.get(span.start.offset..span.end.offset).unwrap_or_default();
    let inner = text.trim_start_matches("(?:").trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    !inner.is_empty()
        && inner.replace("\\s", "").replace("\\t", "").replace("\\n", "").replace("\\r", "").trim().is_empty()
}

/// The same pattern without white space and comments for readers, where its first flags allow these; flags that fold case
/// stand first, where the engine looks for them. The pattern itself, if the two would not take the same texts.
pub(super) fn plain(source: &str) -> String {
    let (mut flags, mut rest) = (String::new(), source.trim_start());
    while let Some((own, after)) = rest.strip_prefix("(?").and_then(|rest| rest.split_once(')'))
        && !own.is_empty()
        && own.bytes().all(|flag| flag.is_ascii_alphabetic())
    {
        flags.push_str(own);
        rest = after;
        if flags.contains('x') {
            rest = rest.trim_start();
        }
    }
    if !flags.contains('x') {
        return source.into();
    }
    let kept: String = ['i', 's', 'm', 'U'].into_iter().filter(|flag| flags.contains(*flag)).collect();
    let head = if kept.is_empty() { String::new() } else { format!("(?{kept})") };
    let plain = head + &without_remarks(rest);
    let hir = |source: &str| regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(source).ok();
    if hir(&plain).is_some_and(|same| Some(same) == hir(source)) { plain } else { source.into() }
}

/// Leaves out white space and comments, but for what is escaped.
fn without_remarks(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(' ') => out.push_str(r"\x20"),
                escaped => out.extend([c].into_iter().chain(escaped)),
            },
            '#' => drop(chars.by_ref().find(|&c| c == '\n')),
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// The number of the group with this name.
pub(super) fn group(source: &str, name: &str) -> Option<u32> {
    fn find(ast: &Ast, wanted: &str) -> Option<u32> {
        match ast {
            Ast::Group(group) => match &group.kind {
                GroupKind::CaptureName { name, .. } if name.name == wanted => Some(name.index),
                _ => find(&group.ast, wanted),
            },
            Ast::Repetition(repetition) => find(&repetition.ast, wanted),
            Ast::Alternation(alternation) => alternation.asts.iter().find_map(|ast| find(ast, wanted)),
            Ast::Concat(concat) => concat.asts.iter().find_map(|ast| find(ast, wanted)),
            _ => None,
        }
    }
    find(&Parser::new().parse(source).ok()?, name)
}

/// Literals of which one stands in every match of `source`; `None` where there are none that are long enough.
pub(super) fn keywords(source: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(source).ok()?;
    // The engine finds keywords in any case where the pattern has a part that does.
    let fold = source.contains("(?i");
    let mut words = required(&hir, fold)?;
    for word in &mut words {
        word.truncate(MAX_KEYWORD);
        if fold {
            word.make_ascii_lowercase();
        }
    }
    words.sort();
    words.dedup();
    // A word that holds another one is found with it.
    let all = words.clone();
    words.retain(|word| !all.iter().any(|other| other != word && word.contains(other.as_str())));
    Some(words)
}

/// How good a set of keywords is: long ones first, then few.
fn worth(words: &[String]) -> (usize, std::cmp::Reverse<usize>) {
    (words.iter().map(String::len).min().unwrap_or(0).min(8), std::cmp::Reverse(words.len()))
}

fn required(hir: &Hir, fold: bool) -> Option<Vec<String>> {
    let found = match hir.kind() {
        HirKind::Literal(literal) => vec![String::from_utf8(literal.0.to_vec()).ok()?],
        HirKind::Capture(capture) => required(&capture.sub, fold)?,
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub, fold)?,
        HirKind::Alternation(branches) => {
            let branches: Option<Vec<_>> = branches.iter().map(|branch| required(branch, fold)).collect();
            branches?.concat()
        }
        HirKind::Concat(parts) => {
            let mut sets: Vec<Vec<String>> = parts.iter().filter_map(|part| required(part, fold)).collect();
            sets.extend(spelled(parts, fold).into_iter().map(|word| vec![word]));
            sets.into_iter().max_by_key(|set| worth(set))?
        }
        _ => return None,
    };
    let good = |word: &String| word.len() >= MIN_KEYWORD && word.is_ascii();
    (!found.is_empty() && found.len() <= MAX_KEYWORDS && found.iter().all(good)).then_some(found)
}

/// The texts that neighbouring parts spell together; `[Aa]` is a letter where case does not matter.
fn spelled(parts: &[Hir], fold: bool) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = Vec::new();
    for part in parts {
        match part.kind() {
            HirKind::Literal(literal) => word.extend_from_slice(&literal.0),
            HirKind::Class(Class::Bytes(class)) if fold && letter(class).is_some() => word.extend(letter(class)),
            HirKind::Look(_) | HirKind::Empty => {}
            _ => words.push(std::mem::take(&mut word)),
        }
    }
    words.push(word);
    words.into_iter().filter_map(|word| String::from_utf8(word).ok()).filter(|word| word.len() >= MIN_KEYWORD).collect()
}

/// The lower-case letter of a class that holds just the two cases of one.
fn letter(class: &regex_syntax::hir::ClassBytes) -> Option<u8> {
    let letters: Vec<u8> = class.iter().flat_map(|range| range.start()..=range.end()).take(3).collect();
    match letters[..] {
        [upper, lower] if upper.is_ascii_uppercase() && upper.to_ascii_lowercase() == lower => Some(lower),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_made_to_fit() {
        let check = |source: &str, group: u32, want: &str| {
            let fitted = fit(source, group, 64).map(|fitted| fitted.source);
            assert_eq!(fitted.as_deref(), Ok(want), "{source}");
        };
        check(r"acme_[a-z]+", 0, r"acme_[a-z]{1,64}");
        check(r"key\s*=\s*([a-z]{8,})", 0, r"key\s{0,16}=\s{0,16}(?<secret>[a-z]{8,64})");
        check(r"(key|token)=(?P<value>x*?)", 2, r"(key|token)=(?<secret>x{0,64}?)");
        check(r"a[\s\S-]{64,}?b", 0, r"a[\s\S-]{64,1024}?b");
        check(r"^a(?:$|b)", 0, r"\b{start-half}a(?:\b{end-half}|b)");
        assert!(fit(r"a(?=b)", 0, 64).is_err_and(|error| error.contains("look-around")));
        assert_eq!(fit("a+", 0, 64).map(|fitted| fitted.notes.len()), Ok(1));
    }

    #[test]
    fn remarks_for_readers_are_left_out() {
        let check = |source: &str, want: &str| assert_eq!(plain(source), want, "{source}");
        check("(?x)(?i)\n  acme # the name\n  _ [ a-f ]{4} \\ b\\#", r"(?i)acme_[a-f]{4}\x20b\#");
        check("(?xi) a b", "(?i)ab");
        check("(?i) a b", "(?i) a b");
        check("a b", "a b");
        // What begins in the middle is left as it is.
        check("a(?x: b )", "a(?x: b )");
        assert_eq!(group("(?:(a)|(?P<TOKEN>b)+)", "TOKEN"), Some(2));
        assert_eq!(group("(a)", "TOKEN"), None);
    }

    #[test]
    fn keywords_stand_in_every_match() {
        let check = |source: &str, want: &[&str]| {
            assert_eq!(keywords(source).unwrap_or_default(), want, "{source}");
        };
        check(r"\bacme_[a-z]{4}", &["acme_"]);
        check(r"(?i)acme[a-z]{0,4}=(?<secret>[0-9]{4})", &["acme"]);
        check(r"(?:foo_|barr)[a-z]{4}x", &["barr", "foo_"]);
        check(r"[a-f0-9]{32}", &[]);
        check(r"(?:foo_|[a-z]{2})[0-9]{4}", &[]);
        check(r"x[0-9]_secret-", &["_secret-"]);
    }
}
