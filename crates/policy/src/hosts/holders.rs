//! Who holds which policy of a document: policies attached to principals, boundaries, users in groups.
//! Not here: how a format says so.

use keylint_diagnostics::Map;

use super::{Found, Hosted};
use crate::PolicyKind;

/// So many principals are named in all beyond one for each policy. A large account has some thousand attachments; what a
/// hostile document says of groups alone would fill the memory.
const MAX_NAMES: usize = 20_000;

/// Names of policies and principals are those of the format; all that matters is that they are equal.
#[derive(Clone, Debug)]
pub(super) struct Holders {
    /// The principals that a policy is attached to.
    attached: Map<String, Vec<String>>,
    /// The principals that a policy is the boundary of.
    bounded: Map<String, Vec<String>>,
    /// The users of a group, which have its policies too.
    members: Map<String, Vec<String>>,
    /// How many more names may be given out.
    left: usize,
}

impl Default for Holders {
    fn default() -> Holders {
        let (attached, bounded, members) = Default::default();
        Holders { attached, bounded, members, left: MAX_NAMES }
    }
}

impl Holders {
    /// A policy is attached to a principal.
    pub(super) fn attach(&mut self, policy: &str, principal: &str) {
        self.attached.get_or_insert_with(policy.into(), Vec::new).push(principal.into());
    }

    /// A policy is the boundary of a principal.
    pub(super) fn bound(&mut self, policy: &str, principal: &str) {
        self.bounded.get_or_insert_with(policy.into(), Vec::new).push(principal.into());
    }

    /// A user is in a group.
    pub(super) fn join(&mut self, group: &str, user: &str) {
        self.members.get_or_insert_with(group.into(), Vec::new).push(user.into());
    }

    /// Adds a policy that stands alone under `name` and says itself to be attached to `principals`. Where it is a boundary
    /// too, it is there twice.
    pub(super) fn place(&mut self, name: &str, principals: &[String], found: Found, out: &mut Hosted) {
        if found.kind.is_some_and(|kind| kind != PolicyKind::Identity) {
            out.policies.push(Found { attached: vec![name.into()], ..found });
            return;
        }
        let attached = self.all(self.names(name, principals));
        let bounded = self.bounded.get(name).cloned();
        let is_bounded = bounded.is_some();
        if let Some(bounded) = bounded {
            let attached = self.all(bounded);
            out.policies.push(Found { kind: Some(PolicyKind::Boundary), attached, ..found.clone() });
        }
        if !attached.is_empty() {
            out.policies.push(Found { attached, ..found });
        } else if !is_bounded {
            out.policies.push(Found { attached: vec![name.into()], ..found });
        }
    }

    /// The principals of a policy that stands under `name`: those that it says itself, and those that it is attached to.
    pub(super) fn names(&self, name: &str, principals: &[String]) -> Vec<String> {
        let listed = self.attached.get(name).into_iter().flatten();
        principals.iter().chain(listed).take(self.left + 1).cloned().collect()
    }

    /// The principals, and the users of those that are groups, each once.
    pub(super) fn all(&mut self, principals: Vec<String>) -> Vec<Box<str>> {
        let with_members = principals
            .iter()
            .flat_map(|principal| std::iter::once(principal).chain(self.members.get(principal).into_iter().flatten()));
        let mut out: Vec<Box<str>> = with_members.take(self.left + 1).map(|name| name.as_str().into()).collect();
        self.left -= out.len().saturating_sub(1);
        keylint_diagnostics::sort(&mut out);
        out.dedup();
        out
    }
}
