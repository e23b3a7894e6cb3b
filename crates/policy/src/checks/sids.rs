//! `Sid`s that stand more than once. Not a check itself: whether they may is another matter for each kind of policy.

use crate::{
    context::{Context, Problem},
    model::Value,
};

/// A finding for each text that several statements have as their `Sid`.
pub(super) fn repeated(cx: &Context<'_>, message: &str, out: &mut Vec<Problem>) {
    let mut sids: Vec<&Value> = cx.statements().iter().filter_map(|statement| statement.sid.as_ref()).collect();
    sids.retain(|sid| sid.known && !sid.text.is_empty());
    keylint_diagnostics::sort_by(&mut sids, |a, b| (&a.text, a.span).cmp(&(&b.text, b.span)));
    for group in sids.chunk_by(|a, b| a.text == b.text).filter(|group| group.len() > 1) {
        let first = Problem::new(group[0].span, format!("`{}` {message}", group[0].text));
        out.push(group[1..].iter().fold(first, |problem, sid| problem.related(sid.span, "the same again")));
    }
}
