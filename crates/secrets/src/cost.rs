//! What a rule costs, as counts that are the same on every machine. Not a measurement of time.

use keylint_rules::{Secret, ended};
use regex_automata::nfa::thompson::{NFA, WhichCaptures};

use crate::pattern::options;

/// What a rule costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// States of the pattern's automaton: compiling it, and at worst each byte of a window, costs in proportion.
    pub states: usize,
    /// Bytes of memory that the automaton takes.
    pub memory: usize,
    /// The longest text searched around one keyword, in bytes.
    pub window: usize,
    /// Length of the shortest keyword: each byte less makes it some thirty times as frequent in text.
    pub keyword: usize,
}

impl Cost {
    /// The cost of `secret`.
    pub fn of(secret: &Secret) -> Result<Cost, String> {
        let source = match (&secret.pattern, &secret.value) {
            (Some(pattern), _) => pattern.clone(),
            (None, value) => ended(value.as_deref().unwrap_or_default()),
        };
        let nfa = NFA::compiler()
            .configure(NFA::config().which_captures(WhichCaptures::None).utf8(false))
            .syntax(options())
            .build(&source)
            .map_err(|error| error.to_string())?;
        Ok(Cost {
            states: nfa.states().len(),
            memory: nfa.memory_usage(),
            window: usize::from(secret.measure.before) + usize::from(secret.measure.longest),
            keyword: secret.keywords.iter().map(String::len).min().unwrap_or(0),
        })
    }
}
