//! Tests of the sinks as hosts use them: snapshots, masking, columns, hostile input, the schema.
//! Not here: what is found; diagnostics are made by hand.

mod columns;
mod formats;
mod hostile;
mod masking;
mod pieces;
mod sample;
mod schema;
mod snapshots;
