//! The one public entry: a [`Config`] makes an [`Engine`], an engine makes [`Scanner`]s, a scanner turns documents into
//! diagnostics. Not here: files, threads, clocks, formats. Building can fail, scanning cannot.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod allow;
pub mod baseline;
pub mod config;
mod engine;
pub mod fields;
pub mod fix;
pub mod glob;
mod ignored;
pub mod partner;
pub mod redact;
mod select;
mod stream;
mod suppression;
mod unused;

pub use config::Config;
pub use engine::{BuildError, Engine, Scan, Scanner};
pub use ignored::IgnoreFile;
pub use keylint_policy::{MAX_MODULE, Module, PolicyKind, catalogue::Catalogue, is_of_module};
pub use keylint_syntax::Place;
pub use stream::Stream;
