//! Who holds which policy of a document: policies attached to principals, boundaries, users in groups.
//! Not here: how a format says so.

use std::collections::BTreeMap;

use super::{Found, Hosted};
use crate::PolicyKind;

/// Names of policies and principals are those of the format; all that matters is that they are equal.
#[derive(Clone, Debug, Default)]
pub(super) struct Holders {
    /// The principals that a policy is attached to.
    attached: BTreeMap<String, Vec<String>>,
    /// The principals that a policy is the boundary of.
    bounded: BTreeMap<String, Vec<String>>,
    /// The users of a group, which have its policies too.
    members: BTreeMap<String, Vec<String>>,
}

impl Holders {
    /// A policy is attached to a principal.
    pub(super) fn attach(&mut self, policy: &str, principal: &str) {
        self.attached.entry(policy.into()).or_default().push(principal.into());
    }

    /// A policy is the boundary of a principal.
    pub(super) fn bound(&mut self, policy: &str, principal: &str) {
        self.bounded.entry(policy.into()).or_default().push(principal.into());
    }

    /// A user is in a group.
    pub(super) fn join(&mut self, group: &str, user: &str) {
        self.members.entry(group.into()).or_default().push(user.into());
    }

    /// Adds a policy that stands alone under `name` and says itself to be attached to `principals`. Where it is a boundary
    /// too, it is there twice.
    pub(super) fn place(&self, name: &str, principals: &[String], found: Found, out: &mut Hosted) {
        if found.kind.is_some_and(|kind| kind != PolicyKind::Identity) {
            out.policies.push(Found { attached: vec![name.into()], ..found });
            return;
        }
        let listed = self.attached.get(name).map_or(&[][..], Vec::as_slice);
        let attached = self.all(principals.iter().chain(listed));
        let bounded = self.bounded.get(name);
        if let Some(bounded) = bounded {
            let attached = self.all(bounded.iter());
            out.policies.push(Found { kind: Some(PolicyKind::Boundary), attached, ..found.clone() });
        }
        if !attached.is_empty() {
            out.policies.push(Found { attached, ..found });
        } else if bounded.is_none() {
            out.policies.push(Found { attached: vec![name.into()], ..found });
        }
    }

    /// The principals of a policy that stands under `name`: those that it says itself, and those that it is attached to.
    pub(super) fn names(&self, name: &str, principals: &[String]) -> Vec<String> {
        principals.iter().chain(self.attached.get(name).into_iter().flatten()).cloned().collect()
    }

    /// The principals, and the users of those that are groups, each once.
    pub(super) fn all<'s>(&'s self, principals: impl Iterator<Item = &'s String>) -> Vec<Box<str>> {
        let with_members = principals
            .flat_map(|principal| std::iter::once(principal).chain(self.members.get(principal).into_iter().flatten()));
        let mut out: Vec<Box<str>> = with_members.map(|name| name.as_str().into()).collect();
        keylint_diagnostics::sort(&mut out);
        out.dedup();
        out
    }
}
