//! The vocabulary of keylint: where something stands ([`Span`], [`Document`], [`LineIndex`]), what was found
//! ([`Diagnostic`], [`Evidence`], [`Fix`]) and how much of a secret may be shown ([`Mask`]).
//! Not here: how anything is found (`keylint-secrets`), or how it is printed (`keylint-report`).
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod diagnostic;
mod document;
mod fingerprint;
mod fix;
mod line_index;
mod map;
mod mask;
mod sort;
mod span;

pub use diagnostic::{
    Confidence, Diagnostic, Evidence, EvidenceKind, FailOn, Label, Origin, RuleId, Severity, Skip, SkipKind,
    Suppression, SuppressionKind,
};
pub use document::{Document, Encoding, not_text};
pub use fingerprint::Fingerprint;
pub use fix::{Applicability, Edit, Fix, Insert};
pub use line_index::{LineIndex, Position, Unit};
pub use map::Map;
pub use mask::{MASK, Mask};
pub use sort::{sort, sort_by, sort_by_key};
pub use span::Span;
