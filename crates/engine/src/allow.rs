//! The allow-list of the configuration, made ready: which findings are known not to be leaks.
//! Not here: comments in documents (`suppression.rs`).

use keylint_rules::Rule;
use regex_automata::{meta::Regex, util::syntax};

use crate::{
    BuildError,
    config::Allow,
    glob::{Glob, Globs},
    select,
};

/// A pattern of a user may take this much memory once compiled.
const MAX_NFA: usize = 4 << 20;

/// An entry that has everything compiled.
pub(crate) struct Allowed {
    rules: Vec<String>,
    paths: Option<Globs>,
    path_patterns: Vec<Regex>,
    patterns: Vec<Regex>,
    words: Vec<String>,
    pub(crate) reason: Option<String>,
}

impl Allowed {
    /// Compiles entry number `index`.
    pub(crate) fn new(allow: &Allow, index: usize) -> Result<Allowed, BuildError> {
        let refuse = |reason: String| BuildError::Pattern { place: format!("allow entry {}", index + 1), reason };
        let compile = |source: &String| {
            Regex::builder()
                .configure(Regex::config().utf8_empty(false).nfa_size_limit(Some(MAX_NFA)))
                .syntax(syntax::Config::new().unicode(false).utf8(false))
                .build(source)
                .map_err(|error| refuse(format!("`{source}`: {error}")))
        };
        Ok(Allowed {
            rules: allow.rules.clone(),
            paths: (!allow.paths.is_empty()).then(|| globs(&allow.paths)).transpose().map_err(refuse)?,
            path_patterns: allow.path_patterns.iter().map(compile).collect::<Result<_, _>>()?,
            patterns: allow.patterns.iter().map(compile).collect::<Result<_, _>>()?,
            words: allow.words.iter().map(|word| word.to_ascii_lowercase()).collect(),
            reason: allow.reason.clone(),
        })
    }

    /// Whether everything that the entry asks for holds.
    pub(crate) fn fits(&self, rule: &Rule, path: &str, secret: &[u8]) -> bool {
        let ruled = self.rules.is_empty() || self.rules.iter().any(|name| select::names(name, rule));
        let placed = self.paths.is_none() && self.path_patterns.is_empty()
            || self.paths.as_ref().is_some_and(|globs| globs.fit(path))
            || self.path_patterns.iter().any(|pattern| pattern.is_match(path.as_bytes()));
        let worded = || {
            let lower = secret.to_ascii_lowercase();
            self.words.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
        };
        ruled
            && placed
            && (self.patterns.is_empty() || self.patterns.iter().any(|pattern| pattern.is_match(secret)))
            && (self.words.is_empty() || worded())
    }
}

/// A set of globs over `/`-separated paths, with the meaning they have in `.gitignore`: without a slash, anywhere.
fn globs(patterns: &[String]) -> Result<Globs, String> {
    let mut set = Globs::default();
    for pattern in patterns {
        if pattern.trim_matches('/').is_empty() {
            return Err(format!("the glob `{pattern}` names no path; `**` names all"));
        }
        set.add(Glob::new(pattern, true)?);
        if !pattern.starts_with("**") {
            set.add(Glob::new(&format!("**/{}", pattern.trim_start_matches('/')), true)?);
        }
        set.add(Glob::new(&format!("{}/**", pattern.trim_end_matches('/')), true)?);
    }
    Ok(set)
}
