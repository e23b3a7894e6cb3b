//! The forms of the ARNs of each service, ready to be compared with what a policy writes, and the ARNs that it writes.
//! Not here: what a check says of them.

use keylint_diagnostics::Map;
use std::{borrow::Cow, sync::OnceLock};

use crate::{
    arn::Arn,
    catalogue::Catalogue,
    context::Context,
    model::{UNKNOWN, Value},
    wildcard,
};

/// The form of the ARNs of one type of resources. Region and account are empty, a text, or `?*` for any.
#[derive(Debug)]
pub(super) struct Form {
    region: Box<str>,
    account: Box<str>,
    resource: Box<str>,
}

/// The forms by the service that stands in the ARN, which need not be the prefix of its actions.
static FORMS: OnceLock<Map<Box<str>, Vec<Form>>> = OnceLock::new();

fn forms() -> &'static Map<Box<str>, Vec<Form>> {
    FORMS.get_or_init(|| {
        let mut forms: Map<Box<str>, Vec<Form>> = Map::new();
        for resource in Catalogue::get().services().flat_map(|service| service.resource_types()) {
            let pattern = resource.arn_pattern();
            let Some(arn) = Arn::parse(&pattern) else { continue };
            let any = |part: &str| if part == "*" { "?*".into() } else { part.into() };
            let form = Form { region: any(arn.region), account: any(arn.account), resource: arn.resource.into() };
            forms.get_or_insert_with(arn.service.into(), Vec::new).push(form);
        }
        forms
    })
}

/// The service of an ARN, as far as the catalogue knows it.
pub(super) fn is_service(cx: &Context<'_>, service: &str) -> bool {
    wildcard::is_pattern(service) || cx.catalogue.service(service).is_some() || forms().contains_key(service)
}

/// Whether a part of an ARN stands there to be filled in by whoever copies it: `<region>`, `ACCOUNT-ID`.
pub(super) fn is_placeholder(part: &str) -> bool {
    let lower = part.to_ascii_lowercase();
    part.contains(['<', '[', '{']) || ["account", "region", "example", "your"].iter().any(|word| lower.contains(word))
}

/// What AWS shares with all accounts under an ARN without one, though the documented form has it.
const SHARED: &[(&str, &str)] = &[
    ("resource-explorer-2", "view/AWSServiceView*"),
    ("ssm", "automation-definition/*"),
    ("ssm", "document/*"),
    ("ssm", "parameter/aws/*"),
];

/// Services whose ARNs are all of the documented forms. Those of others are more than AWS documents.
const WELL_KNOWN: &[&str] = &["dynamodb", "ec2", "ecs", "iam", "lambda", "rds"];

/// A resource that a policy writes as an ARN, or what should be one.
#[derive(Debug)]
pub(super) struct Written<'a> {
    /// The value.
    pub(super) value: &'a Value,
    /// Its text; what is filled in later, by a run or by AWS, is a `*`.
    pub(super) text: Cow<'a, str>,
}

/// The values of `Resource` and `NotResource` that are not `*` alone.
pub(super) fn written<'a>(cx: &Context<'a>) -> impl Iterator<Item = Written<'a>> {
    let values = cx.statements().iter().flat_map(|statement| statement.resource.iter().chain(&statement.not_resource));
    values
        .flat_map(|values| &values.items)
        .map(|value| Written { value, text: filled(&value.text) })
        .filter(|written| !written.text.is_empty() && !written.text.bytes().all(|byte| byte == b'*'))
}

/// The text with `*` for each part that is not known yet.
fn filled(text: &str) -> Cow<'_, str> {
    if !text.contains("${") && !text.contains(UNKNOWN) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        out.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    Cow::Owned(out.replace(UNKNOWN, "*"))
}

/// What does not fit the forms of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// No form of the service has such a resource.
    Resource,
    /// The forms of the resource have a region, and there is none.
    NoRegion,
    /// The forms of the resource have no region, and there is one.
    Region,
    /// The forms of the resource have an account, and there is none.
    NoAccount,
    /// The forms of the resource have no account, and there is one.
    Account,
}

/// How an ARN does not fit the forms of its service; `None` where it does, or where they are not known.
pub(super) fn misfit(arn: &Arn<'_>) -> Option<Misfit> {
    let forms = forms().get(arn.service)?;
    let fits = |form: &&Form| wildcard::meet(&form.resource, arn.resource);
    let of_region = |form: &&Form| wildcard::meet(&form.region, arn.region);
    let of_account = |form: &&Form| wildcard::meet(&form.account, arn.account);
    // Nearly all ARNs are right, and five checks ask.
    if forms.iter().any(|form| of_region(&form) && of_account(&form) && fits(&form)) && !arn.resource.is_empty() {
        return None;
    }
    let mut fitting = forms.iter().filter(fits).peekable();
    if fitting.peek().is_none() || arn.resource.is_empty() {
        return is_foreign(arn, forms).then_some(Misfit::Resource);
    }
    let all: Vec<&Form> = fitting.collect();
    if all.iter().any(|form| of_region(form) && of_account(form)) {
        return None;
    }
    if !all.iter().any(of_region) {
        return Some(if arn.region.is_empty() { Misfit::NoRegion } else { Misfit::Region });
    }
    let shared = |&(service, resource): &(&str, &str)| service == arn.service && wildcard::meet(resource, arn.resource);
    if !arn.account.is_empty() {
        return Some(Misfit::Account);
    }
    (!SHARED.iter().any(shared)).then_some(Misfit::NoAccount)
}

/// Whether a resource that has none of the forms is surely wrong: empty, of a service whose forms are all known, or with
/// a type that is a misspelling of one that is known.
fn is_foreign(arn: &Arn<'_>, forms: &[Form]) -> bool {
    let kind = |resource: &str| resource.split(['/', ':']).next().unwrap_or_default().to_string();
    let own = kind(arn.resource);
    if arn.resource.is_empty() {
        return true;
    }
    if wildcard::is_pattern(&own) || own.len() == arn.resource.len() {
        return WELL_KNOWN.contains(&arn.service) && !wildcard::is_pattern(&own);
    }
    WELL_KNOWN.contains(&arn.service) || forms.iter().any(|form| is_one_edit(&own, &kind(&form.resource)))
}

/// Whether two words differ by one letter that is added, left out or replaced; hyphens and case are spelling.
fn is_one_edit(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.to_ascii_lowercase().replace('-', "").into_bytes();
    let (a, b) = (letters(a), letters(b));
    if a == b || a.len().abs_diff(b.len()) > 1 || a.len().min(b.len()) < 4 || b.contains(&b'*') {
        return false;
    }
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    front + back + 1 >= a.len().max(b.len())
}
