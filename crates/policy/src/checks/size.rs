//! How many characters a policy has once it is written as JSON without white space, which is what AWS counts.
//! Not here: how many it may have (`policy_size_exceeds_*`).

use keylint_syntax::tree::{Kind, Node, Part, Template};

use crate::context::{Context, Problem};

/// Reports a policy of more than `quota` characters; `what` is what it is, `limit` whose limit that is.
pub(super) fn report(cx: &Context<'_>, out: &mut Vec<Problem>, quota: usize, what: &str) {
    // A JSON policy cannot be longer than its text; most are far below.
    let size = length(&cx.policy.node);
    if size > quota {
        let message = format!("the {what} has {size} characters without white space, and AWS takes at most {quota}");
        out.push(Problem::new(cx.policy.node.span, message));
    }
}

/// The length of a tree as JSON. What only a run knows counts as nothing, so that the sum is never too large.
fn length(node: &Node) -> usize {
    match &node.kind {
        Kind::Null => 4,
        Kind::Bool(value) => 5 - usize::from(*value),
        Kind::Number(text) => text.len(),
        Kind::String(template) => string(template),
        Kind::List(elements) => 2 + commas(elements.len()) + elements.iter().map(length).sum::<usize>(),
        Kind::Map(entries) => {
            let own = |entry: &keylint_syntax::tree::Entry| string(&entry.key) + 1 + length(&entry.value);
            2 + commas(entries.len()) + entries.iter().map(own).sum::<usize>()
        }
        Kind::Expression(_) => 0,
    }
}

fn commas(elements: usize) -> usize {
    elements.saturating_sub(1)
}

/// With its quotes; a quote, a backslash or a control character in it takes two.
fn string(template: &Template) -> usize {
    let part = |part: &Part| match part {
        Part::Text(text) => text
            .bytes
            .iter()
            .map(|&byte| match byte {
                // The further bytes of a character.
                0x80..=0xbf => 0,
                b'"' | b'\\' | 0..=0x1f => 2,
                _ => 1,
            })
            .sum(),
        Part::Unknown(_) => 0,
    };
    2 + template.parts.iter().map(part).sum::<usize>()
}
