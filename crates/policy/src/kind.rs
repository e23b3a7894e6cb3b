//! What a policy is attached to, which decides what may stand in it and what its parts mean.
//! Not here: how the kind is found out (`hosts`), or what follows from it (`checks`).

/// The kinds of policy that AWS knows, as far as their rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyKind {
    /// Attached to a user, group or role.
    Identity,
    /// Attached to a resource other than those below: a bucket, a queue, a topic …
    Resource,
    /// The key policy of a KMS key.
    KmsKey,
    /// The resource policy of a Secrets Manager secret.
    Secret,
    /// Who may assume a role.
    Trust,
    /// A service control policy of an organization.
    Scp,
    /// A resource control policy of an organization.
    Rcp,
    /// The policy of a VPC endpoint.
    VpcEndpoint,
    /// A permissions boundary.
    Boundary,
    /// Passed when a session begins.
    Session,
}

impl PolicyKind {
    /// All kinds, with the words of `--policy-type`.
    pub const ALL: &[(&str, PolicyKind)] = &[
        ("identity", PolicyKind::Identity),
        ("resource", PolicyKind::Resource),
        ("kms-key", PolicyKind::KmsKey),
        ("secret", PolicyKind::Secret),
        ("trust", PolicyKind::Trust),
        ("scp", PolicyKind::Scp),
        ("rcp", PolicyKind::Rcp),
        ("vpc-endpoint", PolicyKind::VpcEndpoint),
        ("boundary", PolicyKind::Boundary),
        ("session", PolicyKind::Session),
    ];

    /// The word of `--policy-type`.
    pub fn as_str(self) -> &'static str {
        PolicyKind::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// Whether it grants to whom it is attached, and so has no `Principal`.
    pub fn is_identity(self) -> bool {
        matches!(self, PolicyKind::Identity | PolicyKind::Boundary | PolicyKind::Session)
    }

    /// Whether it is attached to what it grants access to, and so names a `Principal`.
    pub fn is_resource(self) -> bool {
        matches!(
            self,
            PolicyKind::Resource
                | PolicyKind::KmsKey
                | PolicyKind::Secret
                | PolicyKind::Trust
                | PolicyKind::VpcEndpoint
        )
    }

    /// Whether it belongs to an organization and only limits.
    pub fn is_organization(self) -> bool {
        matches!(self, PolicyKind::Scp | PolicyKind::Rcp)
    }
}

impl std::str::FromStr for PolicyKind {
    type Err = ();

    fn from_str(word: &str) -> Result<PolicyKind, ()> {
        PolicyKind::ALL.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind).ok_or(())
    }
}
