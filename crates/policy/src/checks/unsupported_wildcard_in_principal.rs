//! Rule `unsupported-wildcard-in-principal`: a pattern where a principal has to be named in full.

use crate::{
    PolicyKind,
    context::{Context, Problem},
    wildcard,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !cx.policy.kind.is_resource() {
        return;
    }
    // A `*` alone in the trust policy of a role has a rule of its own.
    let trust = cx.policy.kind == PolicyKind::Trust;
    for entry in cx.statements().iter().flat_map(|s| s.principals()).flat_map(|principal| &principal.entries) {
        let all = entry.name.is("AWS");
        for value in entry.values.items.iter().filter(|value| wildcard::is_pattern(&value.text)) {
            if value.is("*") && (all || trust) {
                continue;
            }
            let message = match (all, value.is("*")) {
                (_, true) => format!("`*` does not stand for every principal of the kind `{}`", entry.name.text),
                (true, _) => "a principal is named in full or is `*`: a pattern in it matches nobody, use the condition key `aws:PrincipalArn`".into(),
                _ => format!("a principal of the kind `{}` is named in full: a pattern matches nobody", entry.name.text),
            };
            out.push(Problem::new(value.span, message));
        }
    }
}
