//! YAML to trees: the events of `granit-parser` put together, anchors and merge keys resolved.
//! Not here: where the bytes of a scalar stand and what a plain one means (`yaml/scalar.rs`).

mod scalar;

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Tag};
use keylint_diagnostics::Map;

use super::token::token;
use super::{Entry, Kind, MAX_DEPTH, Node, Part, SyntaxError, Template};
use crate::{OffsetMap, Text};

/// What anchors and aliases may copy in all, in bytes of scalars, each node counted as [`NODE`] more. Ten lines of aliases
/// of aliases stand for a billion nodes; what people write copies a few kilobytes.
const MAX_COPIED: usize = 8 << 20;

/// What a node costs beside the bytes of its scalar, roughly.
const NODE: usize = 64;

/// Reads all documents before the first error. Plain scalars are typed by YAML 1.1 as CloudFormation reads it (`yes` is
/// true), but for dates and sexagesimal numbers, which stay strings; so does every scalar with a tag of its own. An alias
/// is a copy of its anchor, with the places where that is written; so are the entries that `<<` brings. The tag is no part
/// of the span of its node.
pub fn yaml(text: &Text) -> (Vec<Node>, Option<SyntaxError>) {
    let readable = readable(&text.bytes);
    let options = granit_parser::options! {
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        emit_comments: false,
    };
    let mut builder = Builder { text, done: Vec::new(), open: Vec::new(), anchors: Map::new(), copied: 0 };
    for event in Parser::new_from_str_with_options(&readable, options) {
        let error = match event {
            Ok((event, span)) => {
                let at = |marker: granit_parser::Marker| marker.byte_offset().unwrap_or(0).min(text.bytes.len());
                let start = at(span.start);
                builder.event(event, start..at(span.end).max(start)).err()
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0).min(text.bytes.len());
                Some(builder.error(token(&text.bytes, at), &error.info()))
            }
        };
        if error.is_some() {
            return (builder.done, error);
        }
    }
    (builder.done, None)
}

/// The bytes as UTF-8 of the same length: what is none becomes question marks, since one odd byte in a comment must not
/// cost the whole document.
fn readable(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let mut out = String::with_capacity(bytes.len());
    for part in bytes.utf8_chunks() {
        out.push_str(part.valid());
        part.invalid().iter().for_each(|_| out.push('?'));
    }
    out.into()
}

/// What is read so far.
struct Builder<'a> {
    text: &'a Text,
    done: Vec<Node>,
    open: Vec<Frame>,
    anchors: Map<usize, Built>,
    copied: usize,
}

/// A list or a map that is not closed.
struct Frame {
    range: Range<usize>,
    tag: Option<Box<str>>,
    anchor: usize,
    weight: usize,
    height: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        /// The key whose value comes next.
        key: Option<Key>,
        /// What `<<` brought.
        merged: Vec<Entry>,
    },
}

struct Key {
    template: Template,
    built: Built,
    merge: bool,
}

/// A node, where it stands in the decoded text, what a copy costs, and how many levels it has below itself.
#[derive(Clone)]
struct Built {
    node: Node,
    range: Range<usize>,
    weight: usize,
    height: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event, range: Range<usize>) -> Result<(), SyntaxError> {
        match event {
            Event::Scalar(value, style, anchor, tag) => self.scalar(&value, style, anchor, tag.as_deref(), range),
            Event::SequenceStart(_, anchor, tag) => {
                self.start(Content::List(Vec::new()), anchor, tag.as_deref(), range)
            }
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Map { entries: Vec::new(), key: None, merged: Vec::new() };
                self.start(content, anchor, tag.as_deref(), range)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range),
            Event::Alias(anchor) => self.alias(anchor, range),
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: Range<usize>,
    ) -> Result<(), SyntaxError> {
        let (written, range) = scalar::written(&self.text.bytes, range, style, value);
        let absent = style == ScalarStyle::Plain && range.is_empty();
        let value = if absent { "" } else { value };
        let core = tag.is_some_and(Tag::is_yaml_core_schema);
        let typed =
            style == ScalarStyle::Plain && (tag.is_none() || core && tag.is_none_or(|tag| tag.suffix() != "str"));
        let string = || {
            let text = Text { map: self.text.map.compose(&written.map), bytes: written.bytes.clone() };
            Template { parts: if text.bytes.is_empty() { Vec::new() } else { vec![Part::Text(text)] } }
        };
        let is_key = matches!(self.open.last(), Some(Frame { content: Content::Map { key: None, .. }, .. }));
        let kind = match typed.then(|| scalar::typed(value)).flatten() {
            Some(kind) => kind,
            None if absent => Kind::Null,
            None => Kind::String(string()),
        };
        let template = is_key.then(&string);
        let node = Node { span: self.text.map.span(range.clone()), tag: own_tag(tag), kind };
        let merge = typed && value == "<<";
        self.put(Built { node, weight: NODE + value.len(), range, height: 0 }, anchor, template, merge)
    }

    fn start(
        &mut self,
        content: Content,
        anchor: usize,
        tag: Option<&Tag>,
        range: Range<usize>,
    ) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(range.start));
        }
        self.open.push(Frame { range, tag: own_tag(tag), anchor, weight: NODE, height: 0, content });
        Ok(())
    }

    fn end(&mut self, range: Range<usize>) -> Result<(), SyntaxError> {
        let Some(mut frame) = self.open.pop() else { return Ok(()) };
        // The end of a block stands where the next token begins, that of a flow is its bracket.
        if !range.is_empty() {
            frame.range.end = frame.range.end.max(range.end);
        }
        let kind = match frame.content {
            Content::List(elements) => Kind::List(elements),
            Content::Map { entries, merged, .. } => Kind::Map(merge(entries, merged)),
        };
        let node = Node { span: self.text.map.span(frame.range.clone()), tag: frame.tag, kind };
        self.put(
            Built { node, range: frame.range, weight: frame.weight, height: frame.height },
            frame.anchor,
            None,
            false,
        )
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), SyntaxError> {
        // Only inside of its own anchor is an alias that the parser accepts not there.
        let Some(known) = self.anchors.get(&anchor) else {
            return Err(self.error(range, "the alias stands inside of what it stands for"));
        };
        let (weight, height) = (known.weight, known.height);
        self.charge(weight, &range)?;
        if self.open.len() + height > MAX_DEPTH {
            return Err(self.too_deep(range.start));
        }
        let Some(known) = self.anchors.get(&anchor) else { return Ok(()) };
        self.put(Built { range, ..known.clone() }, 0, None, false)
    }

    /// Puts a node where it belongs. `key` is its text should it be a scalar that is a key.
    fn put(&mut self, built: Built, anchor: usize, key: Option<Template>, is_merge: bool) -> Result<(), SyntaxError> {
        if anchor > 0 {
            self.charge(built.weight, &built.range)?;
            self.anchors.insert(anchor, built.clone());
        }
        let Some(frame) = self.open.last_mut() else {
            self.done.push(built.node);
            return Ok(());
        };
        frame.range = frame.range.start.min(built.range.start)..frame.range.end.max(built.range.end);
        frame.weight += built.weight;
        frame.height = frame.height.max(built.height + 1);
        match &mut frame.content {
            Content::List(elements) => elements.push(built.node),
            Content::Map { entries, key: waiting, merged } => match waiting.take() {
                None => {
                    let template = key.unwrap_or_else(|| as_key(&built.node));
                    *waiting = Some(Key { template, built, merge: is_merge });
                }
                Some(key) if key.merge && is_mergeable(&built.node) => match built.node.kind {
                    Kind::List(maps) => merged.extend(maps.into_iter().flat_map(into_entries)),
                    _ => merged.extend(into_entries(built.node)),
                },
                Some(key) => {
                    entries.push(Entry { key: key.template, key_span: key.built.node.span, value: built.node });
                }
            },
        }
        Ok(())
    }

    /// Counts a copy.
    fn charge(&mut self, weight: usize, range: &Range<usize>) -> Result<(), SyntaxError> {
        self.copied += weight;
        if self.copied > MAX_COPIED {
            return Err(self.error(range.clone(), "anchors and aliases stand for too much text"));
        }
        Ok(())
    }

    fn too_deep(&self, at: usize) -> SyntaxError {
        self.error(token(&self.text.bytes, at), &format!("nested more than {MAX_DEPTH} deep"))
    }

    fn error(&self, range: Range<usize>, message: &str) -> SyntaxError {
        SyntaxError { span: self.text.map.span(range), message: message.into() }
    }
}

/// The tag, where it is not one of those that YAML itself gives a meaning.
fn own_tag(tag: Option<&Tag>) -> Option<Box<str>> {
    tag.filter(|tag| !tag.is_yaml_core_schema() && tag.original() != "!").map(|tag| tag.original().into())
}

/// A node that is a key: an alias, or a list or a map.
fn as_key(node: &Node) -> Template {
    let part = match &node.kind {
        Kind::String(template) => return template.clone(),
        Kind::Number(written) => {
            let map = OffsetMap::identity(node.span.start as usize, written.len());
            Part::Text(Text { bytes: written.as_bytes().to_vec(), map })
        }
        _ => Part::Unknown(Box::new(node.clone())),
    };
    Template { parts: vec![part] }
}

fn is_mergeable(node: &Node) -> bool {
    match &node.kind {
        Kind::Map(_) => true,
        Kind::List(elements) => elements.iter().all(|element| matches!(element.kind, Kind::Map(_))),
        _ => false,
    }
}

fn into_entries(node: Node) -> Vec<Entry> {
    match node.kind {
        Kind::Map(entries) => entries,
        _ => Vec::new(),
    }
}

/// What is written goes before what is merged, and of that the first.
fn merge(mut entries: Vec<Entry>, merged: Vec<Entry>) -> Vec<Entry> {
    if merged.is_empty() {
        return entries;
    }
    let own = entries.iter().filter_map(|entry| Some((String::from(entry.key.as_str()?), ())));
    let mut known: Map<String, ()> = own.collect();
    for entry in merged {
        if entry.key.as_str().is_none_or(|key| known.insert(key.into(), ())) {
            entries.push(entry);
        }
    }
    entries
}
