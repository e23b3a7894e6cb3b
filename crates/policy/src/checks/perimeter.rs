//! Conditions of resource control policies that reach services as well as people. Not a check itself.
//! Not here: what a resource control policy may hold.

use crate::{
    PolicyKind,
    condition::{self, Family, Test, has_unknown_keys},
    context::Context,
    model::Statement,
};

/// Says whether the caller is a service.
pub(super) const IS_SERVICE: &str = "aws:PrincipalIsAWSService";
/// Properties of callers that are no services.
pub(super) const PRINCIPAL: &[&str] =
    &["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn"];
/// Properties of what a service calls for.
pub(super) const SOURCE: &[&str] = &["aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceAccount"];

/// The first condition on one of `keys` in each statement of a resource control policy that denies.
pub(super) fn first<'a>(cx: &Context<'a>, keys: &'static [&'static str]) -> impl Iterator<Item = Test<'a>> {
    let own = cx.policy.kind == PolicyKind::Rcp;
    let statements = cx.statements().iter().filter(move |statement| own && statement.denies());
    let known = statements.filter(|statement| !has_unknown_keys(statement));
    known.filter_map(|statement| {
        condition::of(statement).find(|test| test.info.family != Family::Null && test.is_any(keys))
    })
}

/// Whether the statement asks for the key in any way.
pub(super) fn asks(statement: &Statement, key: &str) -> bool {
    condition::of(statement).any(|test| test.is(key))
}
