//! Keys that name an account, an organization, a user or a subject, and what their values must not leave open.
//! Not here: wildcards and variables themselves (`wildcard`, `variable`).

use crate::{condition::Test, model::UNKNOWN};

/// How many letters a subject needs before a part that is left open.
pub(super) const LETTERS: usize = 6;

/// Keys whose values have nothing in common that a pattern could say.
const SENSITIVE: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
];

/// What a key's values must not leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anything.
    Nothing,
    /// What comes before the first [`LETTERS`] letters.
    AfterLetters,
    /// The id on the left of the colon, unless all of it is open.
    RightOfColon,
}

/// What the values of a condition's key must not leave open, where that is a question.
pub(super) fn of(test: &Test<'_>) -> Option<Reach> {
    if test.info.negated {
        return None;
    }
    if test.is_any(SENSITIVE) {
        return Some(Reach::Nothing);
    }
    if test.is("aws:userid") {
        return Some(Reach::RightOfColon);
    }
    let name = test.name()?;
    let subject = name.strip_suffix(":sub").is_some_and(|host| host.contains('.'));
    subject.then_some(Reach::AfterLetters)
}

/// Whether the open parts of a value, each a range of it, leave more open than the key should.
pub(super) fn is_too_far(reach: Reach, text: &str, open: &[std::ops::Range<usize>]) -> bool {
    if text.contains(UNKNOWN) {
        return false;
    }
    match reach {
        Reach::Nothing => !open.is_empty(),
        Reach::AfterLetters => {
            let mut from = 0;
            open.iter().any(|part| {
                let short = part.start - from < LETTERS;
                from = part.end;
                short
            })
        }
        Reach::RightOfColon => {
            let colon =
                (0..text.len()).find(|at| text.as_bytes()[*at] == b':' && !open.iter().any(|part| part.contains(at)));
            let end = colon.unwrap_or(text.len());
            open.iter().any(|part| part.start < end && !(colon.is_some() && *part == (0..end)))
        }
    }
}
