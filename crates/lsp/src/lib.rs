//! The language server as a synchronous value: a message goes in, messages come out. The same code serves stdio natively
//! and a worker as WebAssembly. Not here: framing, threads, files; a [`Host`] brings those.
//!
//! No message holds a secret: diagnostics hold spans, hovers are masked, and a value that moves to `.env` is written
//! there by the host, never sent to the client.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod actions;
mod baseline;
mod client;
mod comment;
mod documents;
mod files;
mod fixes;
mod host;
mod hover;
mod ignored;
mod inbox;
mod lens;
mod modules;
mod rpc;
mod scan;
mod scopes;
mod server;
mod show;
mod text;
mod types;
mod uri;
mod workspace;

pub use host::{Host, Listing, Read};
pub use server::Server;
pub use uri::{file_path, file_uri};
