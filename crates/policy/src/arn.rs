//! Amazon Resource Names: their six parts, and how one pattern of them stands to another.
//! Not here: which ARNs a service has (`catalogue`).

use crate::wildcard;

/// `arn:partition:service:region:account:resource`, each part as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: &'a str,
    /// `s3`.
    pub service: &'a str,
    /// `eu-west-1`; empty for global resources.
    pub region: &'a str,
    /// Twelve digits; empty where the resource has none.
    pub account: &'a str,
    /// All the rest, colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes `text` apart; `None` where it does not begin with `arn:` or has fewer than six parts.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut rest = text.strip_prefix("arn:")?;
        let mut part = || {
            let (part, after) = rest.split_at(rest.bytes().position(|byte| byte == b':')?);
            rest = &after[1..];
            Some(part)
        };
        let (partition, service, region, account) = (part()?, part()?, part()?, part()?);
        Some(Arn { partition, service, region, account, resource: rest })
    }

    /// The five parts after `arn`, in their order.
    pub fn parts(&self) -> [&'a str; 5] {
        [self.partition, self.service, self.region, self.account, self.resource]
    }
}

/// Whether the resource pattern `wide` admits all that `narrow` admits. A `*` stays within its part of the ARN up to the
/// fifth colon; `*` alone admits everything.
pub fn covers(wide: &str, narrow: &str) -> bool {
    if wide == "*" {
        return true;
    }
    match (Arn::parse(wide), Arn::parse(narrow)) {
        (Some(wide), Some(narrow)) => {
            wide.parts().iter().zip(narrow.parts()).all(|(wide, narrow)| wildcard::covers(wide, narrow))
        }
        (None, None) => wildcard::covers(wide, narrow),
        _ => false,
    }
}

/// Whether some resource is admitted by both patterns.
pub fn meet(a: &str, b: &str) -> bool {
    if a == "*" || b == "*" {
        return true;
    }
    match (Arn::parse(a), Arn::parse(b)) {
        (Some(a), Some(b)) => a.parts().iter().zip(b.parts()).all(|(a, b)| wildcard::meet(a, b)),
        (None, None) => wildcard::meet(a, b),
        _ => false,
    }
}
