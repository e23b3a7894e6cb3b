//! Rule `missing-action-for-condition-key`: a condition on what a session brings along, without the action that lets it.

use crate::{
    PolicyKind, condition,
    context::{Context, Problem},
    wildcard,
};

/// Keys that are filled when a role is assumed, and the action that it takes to fill them.
const NEEDS: &[(&str, &str)] = &[
    ("sts:SourceIdentity", "sts:SetSourceIdentity"),
    ("sts:TransitiveTagKeys", "sts:TagSession"),
    ("aws:RequestTag/", "sts:TagSession"),
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Trust {
        return;
    }
    for test in condition::tests(cx.statements()).filter(|test| test.statement.allows() && test.needs_key()) {
        let Some(values) = test.statement.action.as_ref().filter(|values| values.complete) else { continue };
        let Some((_, action)) = NEEDS.iter().find(|(key, _)| test.starts_with(key)) else { continue };
        let lower = action.to_ascii_lowercase();
        if !values.known().any(|(_, text)| wildcard::admits(&text.to_ascii_lowercase(), &lower)) {
            let name = &test.key.name;
            let message = format!("nobody can bring `{}` along without `{action}` in the list of actions", name.text);
            out.push(Problem::new(name.span, message).related(values.span, "the actions"));
        }
    }
}
