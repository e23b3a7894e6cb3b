//! Finds credentials in text: a keyword prefilter opens windows, patterns and bindings fill them, evidence judges them.
//! Not here: policies, configuration, suppressions (`keylint-engine`).
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod checksum;
mod claim;
mod compile;
mod cost;
mod detect;
mod encoded;
mod form;
mod generic;
mod judge;
mod known;
pub mod model;
mod named;
mod overlap;
#[cfg(test)]
mod pack;
mod pattern;
mod prefilter;
mod samples;
mod soundness;
mod structure;
mod table;

pub use checksum::Checksum;
pub use compile::BuildError;
pub use cost::Cost;
pub use detect::{Detector, MAX_DIAGNOSTICS, Scanner};
pub use structure::public_half;

/// A text that the pattern of `secret` matches though it holds none of its keywords, so that the prefilter would miss
/// it; `None` when there is none. Exact, but slow: for tests and `keylint rules test`.
pub fn prefilter_gap(secret: &keylint_rules::Secret) -> Result<Option<Vec<u8>>, String> {
    let Some(source) = &secret.pattern else { return Ok(None) };
    soundness::gap(source, &secret.keywords)
}
