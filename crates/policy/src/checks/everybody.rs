//! Who a statement lets in: everybody, and which conditions keep others out. Not a check itself.

use crate::{
    arn::{self, Arn},
    condition::has_unknown_keys,
    context::Context,
    model::{ConditionKey, Operator, Principal, Statement, Value, Values},
    wildcard,
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

/// Whether strangers are kept out of what a statement allows: by a condition of its own, which may be known to a run only,
/// or by a deny beside it.
pub(super) fn is_fenced(cx: &Context<'_>, statement: &Statement) -> bool {
    let mut denies = cx.statements().iter().filter(|other| other.denies());
    has_unknown_keys(statement)
        || statement.condition_keys().any(|(operator, key)| is_fence(operator, key))
        || denies.any(|deny| spares_only_friends(deny) && takes_in(deny, statement))
}

/// Whether a deny meets everybody but those that it names: `StringNotEquals` on the organization, `NotPrincipal`.
fn spares_only_friends(deny: &Statement) -> bool {
    if let Some(spared) = &deny.not_principal {
        return deny.condition.is_empty() && everybody(spared).is_none();
    }
    let everybody = deny.principal.as_ref().is_some_and(|principal| everybody(principal).is_some());
    everybody && deny.condition_keys().all(|(operator, key)| spares_friends(operator, key))
}

/// Whether a condition of a deny leaves out nobody but those whom it names, or AWS's services.
fn spares_friends(operator: &Operator, key: &ConditionKey) -> bool {
    let name = key.name.text.to_ascii_lowercase();
    let wide = key.values.items.iter().any(|value| is_wide(&value.text));
    // Negated, it holds where the key is absent; with `ForAnyValue` it does not.
    let negated = operator.parts.base.contains("Not") && operator.parts.qualifier.as_deref() != Some("ForAnyValue");
    let person = matches!(&*name, "aws:principalisawsservice" | "aws:viaawsservice");
    person && operator.parts.base.eq_ignore_ascii_case("Bool") && key.values.items.iter().all(|value| value.is("false"))
        || negated && !wide && FENCES.contains(&&*name)
}

/// Whether one statement speaks of every action and resource of another.
fn takes_in(deny: &Statement, allow: &Statement) -> bool {
    let all = |wide: &Option<Values>, narrow: &Option<Values>, covers: &dyn Fn(&str, &str) -> bool| match (wide, narrow)
    {
        (Some(wide), Some(narrow)) => {
            narrow.items.iter().all(|one| wide.items.iter().any(|value| value.known && covers(&value.text, &one.text)))
        }
        (Some(wide), None) => wide.items.iter().any(|value| value.is("*")),
        (None, _) => false,
    };
    let action = |wide: &str, one: &str| wildcard::covers(&wide.to_ascii_lowercase(), &one.to_ascii_lowercase());
    let anywhere = deny.resource.is_none() && deny.not_resource.is_none();
    all(&deny.action, &allow.action, &action) && (anywhere || all(&deny.resource, &allow.resource, &arn::covers))
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
