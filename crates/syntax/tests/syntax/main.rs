//! Tests of keylint-syntax as its callers see it: one binary, tables of forms.
//! Not here: whether a value is a secret.

mod bindings;
mod decoding;
mod hostile;
mod joining;
mod kinds;
mod trees;
