//! Reads JSON field by field, over the tree that documents are read into: derived readers and a second parser would weigh
//! more than all rules of a family. Not here: what the fields mean.

use std::str::FromStr;

use keylint_diagnostics::Span;
use keylint_syntax::{
    Text,
    tree::{Kind, Node, json},
};

/// What is wrong with a JSON text, and on which line, from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line}")]
pub struct FieldError {
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// What is wrong, and where.
#[derive(Debug)]
pub struct Wrong(Span, String);

/// The fields of an object, and which of them were asked for.
#[derive(Debug)]
pub struct Fields<'n> {
    node: &'n Node,
    asked: Vec<&'static str>,
}

/// Reads an object; a field that `read` does not ask for is a mistake.
pub fn read<T>(text: &str, read: impl Fn(&mut Fields<'_>) -> Result<T, Wrong>) -> Result<T, FieldError> {
    let error = |span: Span, reason: String| {
        let before = text.as_bytes().get(..span.start as usize).unwrap_or_default();
        FieldError { line: 1 + memchr::memchr_iter(b'\n', before).count(), reason }
    };
    let node = json(&Text::identity(text.as_bytes(), 0)).map_err(|refused| error(refused.span, refused.message))?;
    object(&node, &read).map_err(|Wrong(span, reason)| error(span, reason))
}

fn object<'n, T>(node: &'n Node, read: &dyn Fn(&mut Fields<'n>) -> Result<T, Wrong>) -> Result<T, Wrong> {
    if !matches!(node.kind, Kind::Map(_)) {
        return Err(wrong(node, "an object"));
    }
    let mut fields = Fields { node, asked: Vec::new() };
    let read = read(&mut fields)?;
    fields.rest().map(|()| read)
}

impl<'n> Fields<'n> {
    /// Refuses fields that were not asked for. Done at the end of each object; before something is said to be missing, it
    /// tells a misspelt field.
    pub fn rest(&self) -> Result<(), Wrong> {
        let known = |key: &str| self.asked.contains(&key);
        let unknown = self.node.entries().iter().find(|entry| !entry.key.as_str().is_some_and(known));
        unknown.map_or(Ok(()), |entry| {
            Err(Wrong(
                entry.key_span,
                format!("unknown field `{}`", entry.key.as_str().unwrap_or_default().escape_debug()),
            ))
        })
    }

    /// The value of a field; none where it is `null`.
    pub fn value(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        self.node.get(key).filter(|node| node.kind != Kind::Null)
    }

    /// What there is to say of a field that must be there.
    pub fn missing(&self, key: &str) -> Wrong {
        Wrong(self.node.span, format!("missing field `{key}`"))
    }

    /// A string.
    pub fn word(&mut self, key: &'static str) -> Result<Option<String>, Wrong> {
        self.value(key).map(word).transpose()
    }

    /// A string that must be there.
    pub fn needed(&mut self, key: &'static str) -> Result<String, Wrong> {
        self.word(key)?.ok_or_else(|| self.missing(key))
    }

    /// A string that stands for something.
    pub fn chosen<T: FromStr>(&mut self, key: &'static str, want: &str) -> Result<Option<T>, Wrong> {
        let chosen = |node: &Node| word(node)?.parse().map_err(|_| wrong(node, want));
        self.value(key).map(chosen).transpose()
    }

    /// A list of strings.
    pub fn words(&mut self, key: &'static str) -> Result<Option<Vec<String>>, Wrong> {
        self.list(key, &word)
    }

    /// A list of anything.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        item: &dyn Fn(&'n Node) -> Result<T, Wrong>,
    ) -> Result<Option<Vec<T>>, Wrong> {
        self.value(key).map(|node| elements(node)?.iter().map(item).collect()).transpose()
    }

    /// `true` or `false`.
    pub fn switch(&mut self, key: &'static str) -> Result<Option<bool>, Wrong> {
        let switch = |node: &Node| {
            if let Kind::Bool(switch) = node.kind { Ok(switch) } else { Err(wrong(node, "`true` or `false`")) }
        };
        self.value(key).map(switch).transpose()
    }

    /// A whole number.
    pub fn number<T: FromStr>(&mut self, key: &'static str) -> Result<Option<T>, Wrong> {
        self.value(key).map(number).transpose()
    }

    /// An object.
    pub fn object<T>(
        &mut self,
        key: &'static str,
        read: &dyn Fn(&mut Fields<'n>) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        self.value(key).map(|node| object(node, read)).transpose()
    }

    /// A list of objects.
    pub fn objects<T>(
        &mut self,
        key: &'static str,
        read: &dyn Fn(&mut Fields<'n>) -> Result<T, Wrong>,
    ) -> Result<Option<Vec<T>>, Wrong> {
        self.list(key, &|node| object(node, read))
    }
}

/// A string.
pub fn word(node: &Node) -> Result<String, Wrong> {
    node.as_str().map(Into::into).ok_or_else(|| wrong(node, "a string"))
}

/// A whole number.
pub fn number<T: FromStr>(node: &Node) -> Result<T, Wrong> {
    let digits = if let Kind::Number(digits) = &node.kind { digits.parse().ok() } else { None };
    digits.ok_or_else(|| wrong(node, "a whole number"))
}

/// Two values.
pub fn pair<T>(node: &Node, item: impl Fn(&Node) -> Result<T, Wrong>) -> Result<(T, T), Wrong> {
    match elements(node)? {
        [first, second] => Ok((item(first)?, item(second)?)),
        _ => Err(wrong(node, "a list of two")),
    }
}

fn elements(node: &Node) -> Result<&[Node], Wrong> {
    if let Kind::List(elements) = &node.kind { Ok(elements) } else { Err(wrong(node, "a list")) }
}

fn wrong(node: &Node, want: &str) -> Wrong {
    Wrong(node.span, format!("expected {want}"))
}
