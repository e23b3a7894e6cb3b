//! Who a statement lets in: everybody, and which conditions keep others out. Not a check itself.

use crate::{
    arn::Arn,
    model::{ConditionKey, Operator, Principal, Statement, Value},
};

/// Keys that say who calls, or from where, so that a condition on them is a fence. Sources: the global and service
/// condition keys of the IAM user guide, and what Access Analyzer takes for not public.
const FENCES: &[&str] = &[
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceip",
    "aws:vpcsourceip",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:userid",
    "aws:username",
    "aws:federatedprovider",
    "aws:principalisawsservice",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "sns:endpoint",
    "elasticfilesystem:accessedviamounttarget",
    "elasticfilesystem:accesspointarn",
    "lambda:eventsourcetoken",
];

/// The value that means everybody, `"*"` or `{"AWS": "*"}`.
pub(super) fn everybody(principal: &Principal) -> Option<&Value> {
    let star = |value: &&Value| value.is("*");
    let listed = principal.entries.iter().filter(|entry| entry.name.is("AWS")).flat_map(|entry| &entry.values.items);
    principal.bare.iter().chain(listed).find(star)
}

/// Whether some condition of a statement keeps strangers out.
pub(super) fn is_fenced(statement: &Statement) -> bool {
    statement.condition_keys().any(|(operator, key)| is_fence(operator, key))
}

/// Whether one condition does.
pub(super) fn is_fence(operator: &Operator, key: &ConditionKey) -> bool {
    let name = key.name.text.to_ascii_lowercase();
    let base = operator.parts.base.to_ascii_lowercase();
    // What also holds where the key is absent, or for everything but the values named, lets strangers in.
    let open = operator.parts.if_exists
        || base.contains("not")
        || base == "null"
        || operator.parts.qualifier.as_deref() == Some("ForAllValues");
    let claims = name.ends_with(":sub") || name.ends_with(":aud");
    let wide = key.values.items.iter().any(|value| is_wide(&value.text));
    !open && !wide && (FENCES.contains(&&*name) || claims)
}

/// Whether a value of a condition admits all there is.
fn is_wide(text: &str) -> bool {
    let all = |text: &str| text.bytes().all(|byte| matches!(byte, b'*' | b'?'));
    let account = Arn::parse(text).is_some_and(|arn| all(arn.account) && !arn.account.is_empty() && all(arn.resource));
    text.is_empty()
        || all(text)
        || text == "false"
        || account
        || matches!(text, "0.0.0.0/0" | "::/0" | "0.0.0.0/1" | "128.0.0.0/1")
}

/// The account of a principal: of its ARN, or written alone.
pub(super) fn account(principal: &str) -> Option<&str> {
    let digits = |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    Some(principal).filter(digits).or_else(|| Arn::parse(principal).map(|arn| arn.account).filter(digits))
}

/// Whether a principal stands for a whole account.
pub(super) fn is_account(principal: &str) -> bool {
    account(principal).is_some() && (principal.len() == 12 || principal.ends_with(":root"))
}
