//! What the locals of a module are set to: nothing outside of it can set them otherwise, so that they are known before a run.
//! Not here: variables, whose defaults only hold where nobody gives another value.

use std::cell::Cell;

use keylint_syntax::tree::{Body, Entry, Expression, Kind, Node, Part, Template};

use super::super::unknown::said;

/// Locals may name locals; deeper than this is a circle.
const MAX_LOCALS: usize = 16;

/// Bytes that are written in place of names in all. A module has some kilobytes of policies.
const MAX_WRITTEN: usize = 1 << 20;

/// Locals by name, and how much more of them may be written.
#[derive(Debug)]
pub(super) struct Locals<'b> {
    values: Vec<(&'b str, &'b Node)>,
    left: Cell<usize>,
}

impl<'b> Locals<'b> {
    pub(super) fn new(body: &'b Body) -> Locals<'b> {
        let blocks = body.blocks.iter().filter(|block| &*block.kind == "locals");
        let entries = blocks.flat_map(|block| &block.body.attributes);
        let mut values: Vec<(&str, &Node)> =
            entries.filter_map(|entry| Some((entry.key.as_str()?, &entry.value))).collect();
        keylint_diagnostics::sort_by(&mut values, |a, b| a.0.cmp(b.0));
        Locals { values, left: Cell::new(MAX_WRITTEN) }
    }

    /// What the reference `path` names, through others that it is set to.
    pub(super) fn get(&self, path: &str) -> Option<&'b Node> {
        let mut path = path;
        for _ in 0..MAX_LOCALS {
            let name = path.strip_prefix("local.")?;
            let place = self.values.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
            let (_, node) = self.values[place];
            match &node.kind {
                Kind::Expression(Expression::Reference(next)) => path = next,
                _ => return Some(node),
            }
        }
        None
    }

    /// The same tree with each text, and each list of texts, that a local is set to in place of its name. It stands where
    /// the name is written.
    pub(super) fn known(&self, node: &Node) -> Node {
        let kind = match &node.kind {
            Kind::List(elements) => Kind::List(elements.iter().map(|element| self.known(element)).collect()),
            Kind::Map(entries) => {
                let values = entries.iter().map(|entry| Entry { value: self.known(&entry.value), ..entry.clone() });
                Kind::Map(values.collect())
            }
            Kind::String(template) => Kind::String(self.template(template)),
            Kind::Expression(Expression::Reference(path)) => {
                self.written(node, path).unwrap_or_else(|| node.kind.clone())
            }
            other => other.clone(),
        };
        Node { span: node.span, tag: None, kind }
    }

    /// The same for the names in a template.
    pub(super) fn template(&self, template: &Template) -> Template {
        let part = |part: &Part| match part {
            Part::Unknown(hole) => match self.known(hole).kind {
                Kind::String(Template { parts }) => parts,
                _ => vec![part.clone()],
            },
            Part::Text(_) => vec![part.clone()],
        };
        Template { parts: template.parts.iter().flat_map(part).collect() }
    }

    /// What stands in place of the name `path` at `node`.
    fn written(&self, node: &Node, path: &str) -> Option<Kind> {
        let text = |value: &Node| {
            let text = match &value.kind {
                Kind::Number(text) => text,
                _ => value.as_str()?,
            };
            self.left.set(self.left.get().checked_sub(text.len() + 1)?);
            Some(said(node.span, text))
        };
        let value = self.get(path)?;
        match &value.kind {
            Kind::List(elements) => Some(Kind::List(elements.iter().map(text).collect::<Option<_>>()?)),
            _ => text(value).map(|said| said.kind),
        }
    }
}
