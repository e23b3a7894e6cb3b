//! What the written name of an action is: known, misspelt, taken away, of no service that is known.
//! Not here: what a check says of it.

use keylint_diagnostics::{Applicability, Severity};

use crate::{
    catalogue::Action,
    context::{Context, Problem},
    model::Value,
    wildcard,
};

/// What a name of an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// It admits an action, or nobody can know whether it does.
    Known,
    /// There is no colon in it, so it names no service.
    Bare,
    /// Its service is a pattern.
    AnyService,
    /// Its service is not known.
    UnknownService,
    /// Its service is known, and has no such action.
    UnknownAction,
}

/// The values of `Action` and `NotAction`, statement by statement, as far as they are known.
pub(super) fn actions<'a>(cx: &Context<'a>) -> impl Iterator<Item = (&'a Value, &'a str)> {
    cx.statements()
        .iter()
        .flat_map(|statement| statement.action.iter().chain(&statement.not_action).flat_map(|values| values.known()))
}

/// Actions that AWS wrote into policies of its own making and never listed: the first policy of every SNS topic had them.
const OLD: &[&str] = &["sns:receive"];

/// What the name of an action is.
pub(super) fn judge(cx: &Context<'_>, text: &str) -> Name {
    of_service(cx, text).unwrap_or_else(|| of_action(cx, text))
}

/// What the name of an action is, where what stands before its colon says so.
pub(super) fn of_service(cx: &Context<'_>, text: &str) -> Option<Name> {
    if matches!(text, "*" | "**") {
        return Some(Name::Known);
    }
    let Some((prefix, _)) = text.split_once(':') else { return Some(Name::Bare) };
    if wildcard::is_pattern(prefix) {
        return Some(Name::AnyService);
    }
    if cx.catalogue.service(prefix).is_none() {
        // AWS goes on accepting the actions of most services that it took away, and Access Analyzer with it.
        let seen = cx.catalogue.retired(prefix).is_some()
            || cx.catalogue.undocumented(prefix).is_some()
            || cx.catalogue.undocumented(text).is_some();
        return Some(if seen { Name::Known } else { Name::UnknownService });
    }
    None
}

/// What the name of an action of a known service is.
fn of_action(cx: &Context<'_>, text: &str) -> Name {
    let name = text.split_once(':').map_or(text, |(_, name)| name);
    let known = name == "*"
        || if wildcard::is_pattern(name) {
            cx.catalogue.admits_action(text)
        } else {
            cx.catalogue.action(text).is_some()
        };
    let seen = || OLD.iter().any(|old| old.eq_ignore_ascii_case(text)) || cx.catalogue.undocumented(text).is_some();
    if known || seen() || is_just_gone(cx, text) { Name::Known } else { Name::UnknownAction }
}

/// Whether AWS took an action away within a year before the catalogue's day: such a name is not wrong yet.
fn is_just_gone(cx: &Context<'_>, text: &str) -> bool {
    let year = |date: &str| date.get(..4).and_then(|year| year.parse::<u32>().ok()).unwrap_or_default();
    let (today, retired) = (cx.catalogue.date(), cx.catalogue.retired(text));
    retired.is_some_and(|retired| {
        let passed = year(today).saturating_sub(year(retired.date));
        passed == 0 || passed == 1 && retired.date.get(4..) > today.get(4..)
    })
}

/// Says what is wrong with an unknown name: taken away, misspelt, or only unknown, which may as well be news.
pub(super) fn problem(cx: &Context<'_>, value: &Value, text: &str, what: String) -> Problem {
    if let Some(retired) = cx.catalogue.retired(text) {
        let note = if retired.note.is_empty() { "no longer listed by AWS" } else { retired.note };
        let message = format!("{what}: AWS took it away ({note}, {})", retired.date);
        return Problem::new(value.span, message).severity(Severity::Low).as_of(cx.catalogue);
    }
    match cx.catalogue.nearest_action(text) {
        Some(action) => {
            let applicability = if is_slip(text, &action) { Applicability::Safe } else { Applicability::Unsafe };
            let fix = cx.rewrite(value, &action.to_string(), applicability);
            let problem =
                Problem::new(value.span, format!("{what}, did you mean `{action}`?")).fix(fix).as_of(cx.catalogue);
            // The only action of that name, but another service's: less of a misspelling than of a guess.
            let prefix = text.split(':').next().unwrap_or_default();
            let other = cx.catalogue.service(prefix).is_some_and(|service| service != action.service());
            if other { problem.severity(Severity::Medium) } else { problem }
        }
        None => Problem::new(value.span, what).severity(Severity::Low).as_of(cx.catalogue),
    }
}

/// Whether an unknown name is a misspelling of an action of the same service that leaves its verb alone, and not another
/// name for it.
fn is_slip(text: &str, action: &Action<'_>) -> bool {
    let Some((prefix, name)) = text.split_once(':') else { return false };
    let known = action.name();
    let ends = |name: &str| {
        let name = name.as_bytes();
        (name.first().map(u8::to_ascii_lowercase), name.len())
    };
    let ((first, len), (known_first, known_len)) = (ends(name), ends(known));
    prefix.eq_ignore_ascii_case(action.service().prefix())
        && !wildcard::is_pattern(text)
        && first == known_first
        && len.abs_diff(known_len) <= 2
}
