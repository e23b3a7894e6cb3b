//! One spanned tree for what is written in JSON, YAML and HCL, so that whoever reads structure reads it once.
//! Not here: the three parsers (`tree/json.rs`, `tree/yaml.rs`, `tree/hcl.rs`), or what a document means.

mod hcl;
mod json;
mod token;
mod yaml;

use keylint_diagnostics::Span;

pub use hcl::{Block, Body, hcl, hcl_template};
pub use json::json;
pub use yaml::yaml;

use crate::Text;

/// The deepest nesting that the parsers follow. AWS's own limit for a policy is far below; deeper texts are attacks on
/// the stack, and are refused with a [`SyntaxError`].
pub const MAX_DEPTH: usize = 128;

/// A value with the place where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// In bytes of the stored document: from the first to the last byte of the value, quotes and brackets included.
    pub span: Span,
    /// A YAML tag (`!Sub`, `!GetAtt`), with its `!`.
    pub tag: Option<Box<str>>,
    /// What it is.
    pub kind: Kind,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`, or nothing where a value could stand.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// As written.
    Number(Box<str>),
    /// A string, perhaps with places in it that only a run fills.
    String(Template),
    /// `[…]`.
    List(Vec<Node>),
    /// `{…}`; keys stand in the order of the text and may repeat.
    Map(Vec<Entry>),
    /// An expression of HCL whose value is not in the text.
    Expression(Expression),
}

/// One key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key, decoded. In HCL also one that is an expression.
    pub key: Template,
    /// The key as written, quotes included.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// A string: literal parts and unknown ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// In the order of the text. No two literal parts stand side by side; the empty string has none.
    pub parts: Vec<Part>,
}

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text with the way back to the stored bytes (escapes, indentation and folding undone).
    Text(Text),
    /// `${…}` of HCL: where it stands, and what is in it.
    Unknown(Box<Node>),
}

/// An expression of HCL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A traversal: `var.name`, `data.aws_iam_policy_document.x.json`, `aws_s3_bucket.b[0].arn`; as written, without spaces.
    Reference(Box<str>),
    /// `name(arguments)`.
    Call {
        /// `jsonencode`, `concat` …
        name: Box<str>,
        /// In their order.
        arguments: Vec<Node>,
    },
    /// `condition ? first : second`; both ways are kept.
    Conditional(Box<Node>, Box<Node>),
    /// Anything else: `for`, arithmetic, splats.
    Other,
}

/// Why a text does not parse, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where it stops making sense: a byte or a token of the stored text.
    pub span: Span,
    /// In a few words, lower case: "expected a comma or `}`".
    pub message: String,
}

impl Node {
    /// The string, where the node is one without unknown parts.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(template) => template.as_str(),
            _ => None,
        }
    }

    /// The value of the first entry named `key`, where the node is a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key.is(key)).map(|entry| &entry.value)
    }

    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list; none of anything else.
    pub fn elements(&self) -> &[Node] {
        match &self.kind {
            Kind::List(elements) => elements,
            _ => &[],
        }
    }
}

impl Template {
    /// The text, where all of it is literal.
    pub fn as_str(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => std::str::from_utf8(&text.bytes).ok(),
            _ => None,
        }
    }

    /// Whether all of it is literal and equal to `text`.
    pub fn is(&self, text: &str) -> bool {
        match self.parts.as_slice() {
            [] => text.is_empty(),
            [Part::Text(own)] => own.bytes == text.as_bytes(),
            _ => false,
        }
    }
}
