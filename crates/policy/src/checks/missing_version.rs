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

/// Puts the version before the first element, in the way that the element is written.
fn fix(cx: &Context<'_>) -> Option<Fix> {
    let first = cx.policy.node.entries()[0].key_span;
    let at = Span { start: first.start, end: first.start };
    let (before, behind) = (cx.text.get(..first.start as usize)?, cx.text.get(first.end as usize..)?);
    let (key, value) = match first.of(cx.text).first()? {
        b'"' => ("\"Version\"", "\"2012-10-17\""),
        b'\'' => ("'Version'", "'2012-10-17'"),
        b'S' | b'I' => ("Version", "\"2012-10-17\""),
        _ => return None,
    };
    let equals = match behind.trim_ascii_start().first()? {
        b':' => ": ",
        b'=' => " = ",
        _ => return None,
    };
    let indentation = before.iter().rev().take_while(|byte| **byte == b' ').count();
    let on_own_line = before[..before.len() - indentation].last().is_none_or(|byte| *byte == b'\n');
    // In braces a comma follows; in a block of YAML the next line.
    let end = match before.trim_ascii_end().last() {
        Some(b'{') => ", ".to_string(),
        _ if on_own_line && equals == ": " => format!("\n{}", " ".repeat(indentation)),
        _ => return None,
    };
    Some(cx.replace(at, &format!("{key}{equals}{value}{end}"), "add the version".into(), Applicability::Unsafe))
}
