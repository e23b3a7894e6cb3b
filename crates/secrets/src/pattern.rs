//! A rule's pattern: how far it reaches around its keyword, what of a token is public, and its compiled form, made on
//! first need. Not here: which texts are searched (`detect.rs`).

use std::{ops::Range, sync::OnceLock};

use keylint_rules::Measure;
use regex_automata::{
    Anchored, Input, PatternID,
    meta::{self, Regex},
    util::{captures::Captures, syntax},
};

/// A compiled pattern may take this much memory; the largest built-in one takes a tenth.
const MAX_NFA: usize = 4 << 20;

/// A pattern and what is known of it without compiling it.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    pub(crate) measure: Measure,
    compiled: OnceLock<Option<Compiled>>,
}

/// A pattern that was needed.
#[derive(Debug)]
struct Compiled {
    regex: Regex,
    group: Option<usize>,
}

/// Where a pattern matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// All of it.
    pub(crate) whole: Range<usize>,
    /// The secret: group `secret`, else all of it.
    pub(crate) secret: Range<usize>,
}

/// A worker's buffers for one pattern.
pub(crate) struct Cache {
    cache: meta::Cache,
    captures: Captures,
}

impl Pattern {
    /// A pattern that was measured when its rule file was read.
    pub(crate) fn new(source: &str, measure: Measure) -> Pattern {
        Pattern { source: source.into(), measure, compiled: OnceLock::new() }
    }

    /// A pattern that is searched in a text of its own, such as the secret that was found: `^` and `$` are its ends.
    pub(crate) fn within(source: &str) -> Pattern {
        Pattern::new(source, Measure::default())
    }

    /// Compiles now, to learn whether it can be.
    pub(crate) fn compile(&self) -> Result<Regex, String> {
        Regex::builder()
            .configure(
                Regex::config()
                    .utf8_empty(false)
                    .nfa_size_limit(Some(MAX_NFA))
                    .hybrid_cache_capacity(256 << 10)
                    .onepass_size_limit(Some(256 << 10)),
            )
            .syntax(options())
            .build(&self.source)
            .map_err(|error| error.to_string())
    }

    /// The compiled pattern. Built-in patterns are proved to compile by a test and user patterns by `Engine::new`;
    /// one that still does not can find nothing.
    fn compiled(&self) -> Option<&Compiled> {
        let compile = || {
            let regex = self.compile().ok()?;
            let group = regex.group_info().to_index(PatternID::ZERO, "secret");
            Some(Compiled { regex, group })
        };
        self.compiled.get_or_init(compile).as_ref()
    }

    /// The first match in `range` of `text`; `anchored` asks for one at its start. Bytes outside the range are seen by
    /// `\b` only.
    pub(crate) fn find(
        &self,
        cache: &mut Option<Box<Cache>>,
        text: &[u8],
        range: Range<usize>,
        anchored: bool,
    ) -> Option<Found> {
        let Compiled { regex, group } = self.compiled()?;
        let Cache { cache, captures } = &mut **cache
            .get_or_insert_with(|| Box::new(Cache { cache: regex.create_cache(), captures: regex.create_captures() }));
        let anchored = if anchored { Anchored::Yes } else { Anchored::No };
        let input = Input::new(text).range(range).anchored(anchored);
        let Some(group) = *group else {
            let found = regex.search_with(cache, &input)?;
            return Some(Found { whole: found.range(), secret: found.range() });
        };
        regex.search_captures_with(cache, &input, captures);
        let whole = captures.get_match()?.range();
        let secret = captures.get_group(group).map_or(whole.clone(), |span| span.range());
        Some(Found { whole, secret })
    }

    /// The pattern as a tree, for what can be said of its matches without searching.
    pub(crate) fn parsed(&self) -> Option<regex_syntax::hir::Hir> {
        regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(&self.source).ok()
    }

    /// Whether it ignores case somewhere.
    pub(crate) fn folds(&self) -> bool {
        self.source.contains("(?i")
    }

    /// Whether the pattern occurs anywhere in `text`.
    pub(crate) fn occurs_in(&self, text: &[u8]) -> bool {
        self.compiled().is_some_and(|compiled| compiled.regex.is_match(text))
    }
}

/// Bytes, not Unicode: `\w` means ASCII, and compiling costs an eightieth.
pub(crate) fn options() -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false)
}
