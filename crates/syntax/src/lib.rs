//! Text to spanned structure: encodings, name and value pairs in any language found outward from a keyword, and the
//! trees of JSON, YAML and HCL. Not here: what makes a value a secret (`keylint-secrets`) or a grant too wide (`keylint-policy`).
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod argument;
mod binding;
mod block;
mod classify;
mod context;
pub mod decode;
mod enclosing;
mod expression;
mod join;
mod key;
mod kind;
mod list;
mod literal;
mod markup;
mod name;
mod numbers;
mod offset_map;
mod pair;
mod place;
mod plain;
mod quote;
mod source;
mod space;
mod table;
mod template;
mod tie;
pub mod tree;
mod value;

pub use binding::{Binding, MAX_JOINED, MAX_VALUE, Operator, Quoting, Value, ValueKind, binding_at};
pub use decode::{Text, to_utf8};
pub use enclosing::{Enclosing, enclosing};
pub use join::{joined_at, joined_in, may_go_on};
pub use kind::{FileKind, Language};
pub use list::further_values;
pub use offset_map::OffsetMap;
pub use place::Place;
