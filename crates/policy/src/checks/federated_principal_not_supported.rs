//! Rule `federated-principal-not-supported`: an identity provider as principal of something other than a role.

use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if !cx.policy.kind.is_resource() || cx.policy.kind == PolicyKind::Trust {
        return;
    }
    let entries = cx.statements().iter().flat_map(|s| s.principals()).flat_map(|principal| &principal.entries);
    for entry in entries.filter(|entry| entry.name.is("Federated")) {
        let message = "only the trust policy of a role takes an identity provider: name the role that its users assume";
        let spans = entry.values.items.iter().map(|value| value.span);
        // The value of an expression that only a run knows has no items.
        let whole = entry.values.items.is_empty().then_some(entry.values.span);
        out.extend(spans.chain(whole).map(|span| Problem::new(span, message)));
    }
}
