//! Rule `irrelevant-condition-key-in-policy`: the account of the resource, asked in the policy of the resource.

use crate::{
    PolicyKind, condition,
    context::{Context, Problem},
};

/// Keys that are the same for every request that the policy of a resource decides.
const KEYS: &[&str] = &["s3:ResourceAccount", "aws:ResourceAccount"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !matches!(cx.policy.kind, PolicyKind::Resource | PolicyKind::KmsKey | PolicyKind::Secret)
        || !cx.policy.kind_is_told
    {
        return;
    }
    for test in condition::tests(cx.statements()).filter(|test| test.is_any(KEYS)) {
        let name = &test.key.name;
        let message =
            format!("`{}` is the account of the resource itself, it belongs into policies of identities", name.text);
        out.push(Problem::new(name.span, message));
    }
}
