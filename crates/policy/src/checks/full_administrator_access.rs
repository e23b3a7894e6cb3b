//! Rule `full-administrator-access`: every action on every resource, with nothing to hold it back.

use crate::{
    PolicyKind,
    context::{Context, Problem},
    escalation::Grants,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Identity {
        return;
    }
    let denies = cx.peers().filter(|policy| !std::ptr::eq(*policy, cx.policy));
    // A deny of a peer and a boundary count, an allow of a peer is reported there.
    let own = Grants::new(std::iter::once(cx.policy), cx.catalogue);
    let Some(granted) = own.everything() else { return };
    if Grants::new(denies.chain([cx.policy]), cx.catalogue).everything().is_none() {
        return;
    }
    let (Some(action), Some(resource)) = (granted.action, granted.resource) else { return };
    let message = "every action on every resource is allowed: whoever holds this owns the account";
    out.push(
        Problem::new(action.span, message).related(resource.span, "on every resource").witness("iam:CreateUser on *"),
    );
}
