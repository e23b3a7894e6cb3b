//! Rule `kms-action-without-effect-across-accounts`: a key policy that gives another account what KMS lets no other
//! account do.

use super::everybody::{account, is_account};
use crate::{
    PolicyKind,
    context::{Context, Problem},
    model::Value,
};

/// What works from another account:
/// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
const ACROSS: &[&str] = &[
    "createcustomkeystore",
    "creategrant",
    "decrypt",
    "derivesharedsecret",
    "describekey",
    "encrypt",
    "generatedatakey",
    "generatedatakeypair",
    "generatedatakeypairwithoutplaintext",
    "generatedatakeywithoutplaintext",
    "generatemac",
    "getkeyrotationstatus",
    "getpublickey",
    "listgrants",
    "reencryptfrom",
    "reencryptto",
    "retiregrant",
    "revokegrant",
    "sign",
    "verify",
    "verifymac",
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::KmsKey {
        return;
    }
    // The account of the key is the one that is given everything.
    let owners = cx.statements().iter().filter(|statement| {
        statement.allows() && statement.action.iter().flat_map(|values| &values.items).any(|value| value.is("kms:*"))
    });
    let mut owners = owners.flat_map(|statement| statement.principals_of("AWS")).filter_map(Value::known);
    let (Some(owner), None) =
        (owners.find(|name| is_account(name)).and_then(account), owners.find(|name| is_account(name)))
    else {
        return;
    };
    for statement in cx.statements().iter().filter(|statement| statement.allows()) {
        let foreign = |value: &&Value| value.known().and_then(account).is_some_and(|account| account != owner);
        let Some(stranger) = statement.principals_of("AWS").find(foreign) else { continue };
        if !statement.principals_of("AWS").all(|value| foreign(&value)) {
            continue;
        }
        for (value, text) in statement.action.iter().flat_map(|values| values.known()) {
            let Some(("kms", name)) = text.split_once(':') else { continue };
            let name = name.to_ascii_lowercase();
            if !name.contains(['*', '?']) && !ACROSS.contains(&&*name) {
                let message =
                    format!("`{text}` has no effect for another account: KMS takes it from the key's own account only");
                out.push(Problem::new(value.span, message).related(stranger.span, "another account"));
            }
        }
    }
}
