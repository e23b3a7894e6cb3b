//! Policy variables, `${aws:username}`: where they stand in a text and what is wrong with how they are written.
//! Not here: which of them exist (`catalogue`).

use std::ops::Range;

/// One `${…}`, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'t> {
    /// From `$` to `}`, or to the end of the text.
    pub range: Range<usize>,
    /// What stands between the braces.
    pub inner: &'t str,
    /// Whether the closing brace is there.
    pub closed: bool,
}

impl Variable<'_> {
    /// Whether it stands for a character and not for a value: `${*}`, `${?}`, `${$}`.
    pub fn is_escape(&self) -> bool {
        matches!(self.inner, "*" | "?" | "$")
    }

    /// The default value with its quotes as written, `'all'` in `${aws:PrincipalTag/team, 'all'}`.
    pub fn default(&self) -> Option<&str> {
        self.inner.split_once(',').map(|(_, default)| default.trim())
    }
}

/// The variables of a text, in their order.
pub fn variables(text: &str) -> impl Iterator<Item = Variable<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find("${")?;
        let rest = &text[start + 2..];
        let (length, closed) = rest.find('}').map_or((rest.len(), false), |at| (at, true));
        let end = start + 2 + length + usize::from(closed);
        from = end;
        Some(Variable { range: start..end, inner: &rest[..length], closed })
    })
}
