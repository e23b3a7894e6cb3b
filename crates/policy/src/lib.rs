//! Finds what is wrong with IAM and resource policies, where they stand: hosts find them, the model reads them, checks
//! judge them by what AWS says they mean. Not here: credentials, configuration, suppressions (`keylint-engine`).
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod arn;
pub mod catalogue;
pub mod checks;
pub mod condition;
pub mod context;
mod detect;
pub mod escalation;
mod holdings;
pub mod hosts;
mod kind;
pub mod model;
mod module;
mod read;
pub mod variable;
pub mod wildcard;

pub use detect::{Detector, MAX_DIAGNOSTICS};
pub use kind::PolicyKind;
pub use module::{MAX_MODULE, Module, is_of_module};
pub use read::policy as read;
