//! The tests of the program as its users run it, and of the workspace as a whole. One binary, since each would be linked
//! anew. Not here: what single crates promise; their own tests hold that.

mod archives;
mod baseline;
mod configuration;
mod examples;
mod files;
mod fix;
mod git;
mod guard;
mod history;
mod hooks;
mod images;
mod install_hook;
mod layers;
mod lsp;
mod migrate;
mod output;
mod pack;
mod packaging;
mod redact;
mod rules_test;
mod sandbox;
mod triage;
