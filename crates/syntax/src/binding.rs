//! What stands bound to a keyword: the whole name, the value, and how the two are tied together.
//! Not a parser of whole files: everything is read outward from the keyword within a fixed number of bytes.

use std::ops::Range;

use keylint_diagnostics::Span;

use crate::source::Source;
use crate::value::Found;
use crate::{FileKind, Text, name, tie};

/// Longest value that is read, in bytes: an RSA-4096 private key in PEM has 3,272, no password or token is longer.
pub const MAX_VALUE: usize = 4096;

/// Longest text of concatenated literals, in bytes of source: the longest value, quotes and indents included.
pub const MAX_JOINED: usize = 2 * MAX_VALUE;

/// A name that holds the keyword, and the value it is bound to. Spans are offsets in the text that was given.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The whole last identifier or key that holds the keyword: `DB_PASSWORD`, `apiToken`, `X-Api-Key`.
    pub name: Span,
    /// What it is bound to.
    pub value: Value,
    /// How they are tied.
    pub operator: Operator,
    /// How the value is quoted.
    pub quoting: Quoting,
    /// Whether both stand in a comment.
    pub comment: bool,
}

/// The right side of a binding.
#[derive(Clone, Debug)]
pub struct Value {
    /// What to report, without quotes: bytes of the text that was given. Of a concatenation, from the first byte of the
    /// first literal to the last byte of the last.
    pub span: Span,
    /// Where the literal is concatenated, escaped or broken over lines: what it stands for, with a map to the text.
    pub joined: Option<Text>,
    /// What the right side is.
    pub kind: ValueKind,
}

impl Value {
    /// The bytes that the value stands for.
    pub fn bytes<'a>(&'a self, text: &'a [u8]) -> &'a [u8] {
        match &self.joined {
            Some(joined) => &joined.bytes,
            None => self.span.of(text),
        }
    }
}

/// What the right side of a binding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A text that is itself the value.
    Literal,
    /// The name of something else: `self.token`, `$PASSWORD`, `var.password`, `*anchor`, a type name.
    Reference,
    /// The result of a call or command: `get_password()`, `$(pass show x)`, `os.environ["X"]`.
    Call,
    /// A text with a placeholder in it that something fills in: `${X}`, `{{ x }}`, `#{x}`, an f-string.
    Template,
    /// A list of numbers that spell bytes: `[]byte{1, 2, 3}`; `joined` holds the bytes.
    Bytes,
    /// An unquoted number.
    Number,
    /// `true`, `false`, `yes`, `no`.
    Boolean,
    /// `null`, `nil`, `None`, `undefined`.
    Null,
    /// A text of no bytes, or nothing at all.
    Empty,
}

/// What ties name and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`, `:=`, `+=`, `??=`, `?=`, `<-`.
    Assign,
    /// `:`.
    Colon,
    /// `=>`, `->`.
    Arrow,
    /// `==`, `!=`, `.equals(…)`; also with the value on the left.
    Compare,
    /// `setPassword("v")`, `set("password", "v")`.
    Argument,
    /// `<x key="password" value="v"/>`.
    XmlAttribute,
    /// `<password>v</password>`.
    XmlElement,
    /// `{"name": "PASSWORD", "value": "v"}` in any format and either order.
    NameValuePair,
    /// `ENV PASSWORD v`, `password v`: white space only.
    Space,
    /// `?token=v&`.
    UrlQuery,
    /// `the password is v`, a cell of a Markdown table.
    Prose,
    /// `--password v`, `--password=v`, `-Password v`.
    Flag,
    /// `PASSWORD 'v'`, `IDENTIFIED BY 'v'`.
    Sql,
    /// A column of a table: the header names it.
    Column,
    /// `Authorization: Bearer v`, `Bearer v`: what follows the scheme.
    Scheme,
}

/// How a value is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Not at all.
    None,
    /// `'v'`.
    Single,
    /// `"v"`.
    Double,
    /// `` `v` ``.
    Backtick,
    /// `"""v"""`, `'''v'''`.
    Triple,
    /// An indented block, as after YAML's `|`.
    Block,
    /// `<<EOF`.
    Heredoc,
}

/// The binding of the word at `keyword` in `text` (a word such as `password`, `token`, `api_key`, in any case style), if
/// it has one. Most words have none, and are given up after a few bytes; nothing looks further than [`MAX_VALUE`] and a
/// few hundred bytes, so the cost is bounded per keyword whatever the text.
pub fn binding_at(text: &[u8], keyword: Range<usize>, kind: FileKind) -> Option<Binding> {
    let source = Source { text, kind };
    let name = name::around(source, keyword)?;
    let found = tie::value_of(source, &name)?;
    let comment = name.context(source).comment;
    let Found { operator, value, quoting, .. } = found;
    Some(Binding { name: Span::new(name.span), value, operator, quoting, comment })
}
