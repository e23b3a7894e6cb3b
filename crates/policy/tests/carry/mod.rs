//! Carries the JSON examples of the policy rules into every host where such a policy can stand.
//! Not here: what is compared (`carried.rs`).

pub(crate) mod document;
pub(crate) mod excused;
pub(crate) mod hosts;
pub(crate) mod places;
pub(crate) mod text;
pub(crate) mod tree;
pub(crate) mod written;
