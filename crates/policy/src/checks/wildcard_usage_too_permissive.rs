//! Rule `wildcard-usage-too-permissive`: a wildcard that admits accounts, users or subjects of others.

use super::reach::{self, LETTERS, Reach};
use crate::{
    condition::{self, Compared},
    context::{Context, Problem},
    variable::variables,
    wildcard::is_pattern,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()).filter(|test| test.info.compared == Compared::Pattern) {
        let Some(reach) = reach::of(&test) else { continue };
        for (value, text) in test.key.values.known().filter(|(_, text)| is_pattern(text)) {
            let inside = |at: usize| variables(text).any(|variable| variable.range.contains(&at));
            let wildcards = text.match_indices(['*', '?']).filter(|(at, _)| !inside(*at));
            let open: Vec<_> = wildcards.map(|(at, _)| at..at + 1).collect();
            if reach::is_too_far(reach, text, &open) {
                let name = &test.key.name.text;
                let message = match reach {
                    Reach::Nothing => format!("a wildcard in `{name}` admits values that belong to others"),
                    Reach::AfterLetters => {
                        format!("fewer than {LETTERS} letters stand before a wildcard in `{name}`, which admits others")
                    }
                    Reach::RightOfColon => {
                        format!("a wildcard in `{name}` admits other identities than those of one role")
                    }
                };
                out.push(Problem::new(value.span, message));
            }
        }
    }
}
