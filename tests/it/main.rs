//! The tests of the program as its users run it, and of the workspace as a whole. One binary, since each would be linked
//! anew. Not here: what single crates promise; their own tests hold that.

mod configuration;
mod examples;
mod files;
mod git;
mod layers;
mod output;
mod sandbox;
