//! Services that a resource admits, and whether the statement says for whom they call. Not a check itself.
//! Not here: which service principals there are (`callers`).

use crate::{
    PolicyKind,
    condition::{self, has_unknown_keys},
    context::Context,
    model::Statement,
};

/// Keys that say for whom a service calls.
const SOURCES: &[&str] = &[
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "kms:CallerAccount",
    "aws:SourceOwner",
];

/// Keys that say it, too, and less well.
pub(super) const LESSER: &[&str] = &["aws:Referer", "aws:UserAgent", "aws:SourceIp", "aws:PrincipalOrgID"];

/// The statements that admit services without saying for whom they call.
pub(super) fn statements<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Statement> {
    let kind = cx.policy.kind;
    let of_resource = matches!(kind, PolicyKind::Resource | PolicyKind::KmsKey | PolicyKind::Secret);
    let statements = cx.statements().iter().filter(move |statement| of_resource && statement.allows());
    statements.filter(|statement| {
        statement.principals_of("Service").next().is_some()
            && !has_unknown_keys(statement)
            && !condition::of(statement)
                .any(|test| test.needs_key() && (test.is_any(SOURCES) || test.starts_with("kms:EncryptionContext:")))
    })
}
