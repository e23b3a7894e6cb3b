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
        out.push(Problem::new(entry.values.span, message));
    }
}
