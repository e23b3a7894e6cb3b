//! Rule `missing-version`: a policy without `Version` is read by the grammar of 2008, in which variables are plain text.

use keylint_diagnostics::{Applicability, Fix, Span};

use crate::context::{Context, Problem};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let node = &cx.policy.node;
    if node.get("Version").is_some() || node.entries().is_empty() {
        return;
    }
    let message = "the policy does not say which version of the policy language it is in";
    out.push(Problem::new(node.span, message).fix(fix(cx)));
}

/// Puts the version before the first element, in the way that the element is written. In a template of YAML the text
/// before it is its indentation.
fn fix(cx: &Context<'_>) -> Option<Fix> {
    let first = cx.policy.node.entries()[0].key_span;
    let at = Span { start: first.start, end: first.start };
    let before = &cx.text[..first.start as usize];
    let line = &before[before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1)..];
    let text = match cx.text.get(first.start as usize)? {
        b'"' => "\"Version\": \"2012-10-17\", ".to_string(),
        b'S' | b'I' if line.iter().all(|&byte| byte == b' ') => {
            format!("Version: \"2012-10-17\"\n{}", " ".repeat(line.len()))
        }
        _ => return None,
    };
    Some(cx.replace(at, &text, "add the version".into(), Applicability::Unsafe))
}
