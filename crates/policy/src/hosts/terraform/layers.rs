//! Data sources that take in others: Terraform lays them over each other, and of two statements of one `Sid` the upper one is
//! left. Not here: how a data source becomes a policy (`document.rs`).
//!
//! Source: the documentation of `aws_iam_policy_document`, and its `Merge` in the Terraform AWS provider.

use keylint_syntax::tree::{Block, Body, Kind, Node};

use super::{attribute, document, document_name, of_kind};

/// A data source is looked for in so many others that it is a part of, and so many are laid over it; a module has a handful.
const MAX_LAYERS: usize = 64;

/// The data sources of a module.
#[derive(Debug)]
pub(super) struct Layers<'b> {
    /// By name.
    sources: Vec<Source<'b>>,
    /// Names of parts, each with the place of what it is a part of.
    wholes: Vec<(String, usize)>,
}

#[derive(Debug)]
struct Source<'b> {
    block: &'b Block,
    /// The data sources that it takes in, from the lowest to the uppermost, and how many of them lie below itself.
    parts: Vec<String>,
    below: usize,
    /// Whether it takes in more than data sources.
    open: bool,
}

impl<'b> Layers<'b> {
    pub(super) fn new(body: &'b Body) -> Layers<'b> {
        let mut sources: Vec<Source<'b>> = documents(body).map(Source::new).collect();
        keylint_diagnostics::sort_by(&mut sources, |a, b| a.name().cmp(b.name()));
        let of = |(place, source): (usize, &Source<'b>)| {
            source.parts.iter().map(|part| (part.clone(), place)).collect::<Vec<_>>()
        };
        let mut wholes: Vec<(String, usize)> = sources.iter().enumerate().flat_map(of).collect();
        keylint_diagnostics::sort(&mut wholes);
        wholes.dedup();
        Layers { sources, wholes }
    }

    /// The data source and those that it is a part of, near ones first.
    pub(super) fn wholes(&self, name: &str) -> Vec<String> {
        let mut out = vec![name.to_string()];
        let mut at = 0;
        while let Some(name) = out.get(at).filter(|_| at < MAX_LAYERS) {
            let more = self.around(name).map(|whole| whole.name().to_string()).filter(|whole| !out.contains(whole));
            let more: Vec<String> = more.collect();
            out.extend(more);
            at += 1;
        }
        out
    }

    /// Whether a data source takes in what does not stand in this module, itself or through a part.
    pub(super) fn is_open(&self, name: &str) -> bool {
        let mut names = vec![name];
        let mut at = 0;
        while let Some(name) = names.get(at).filter(|_| at < MAX_LAYERS) {
            let place = self.sources.binary_search_by(|source| source.name().cmp(name)).ok();
            let Some(source) = place.map(|place| &self.sources[place]).filter(|source| !source.open) else {
                return true;
            };
            for part in source.parts.iter().take(MAX_LAYERS) {
                if !names.contains(&part.as_str()) {
                    names.push(part);
                }
            }
            at += 1;
        }
        false
    }

    /// Whether a statement of the data source is left in none of those that are put to use: in each way to them another
    /// one of the same `sid` lies over it.
    pub(super) fn is_overridden(&self, name: &str, sid: &str, is_used: impl Fn(&str) -> bool) -> bool {
        let mut left = vec![name];
        let (mut at, mut overridden) = (0, false);
        while let Some(&part) = left.get(at) {
            if at == MAX_LAYERS || is_used(part) || self.around(part).next().is_none() {
                return false;
            }
            for whole in self.around(part) {
                if self.covers(whole, part, sid) {
                    overridden = true;
                } else if !left.contains(&whole.name()) {
                    left.push(whole.name());
                }
            }
            at += 1;
        }
        overridden
    }

    /// The data sources that one is a part of.
    fn around(&self, name: &str) -> impl Iterator<Item = &Source<'b>> {
        let first = self.wholes.partition_point(|(part, _)| part.as_str() < name);
        let same = self.wholes[first..].iter().take_while(move |(part, _)| part == name).take(MAX_LAYERS);
        same.map(|(_, place)| &self.sources[*place])
    }

    /// Whether something of `sid` lies over a part within its whole.
    fn covers(&self, whole: &Source<'b>, part: &str, sid: &str) -> bool {
        let Some(place) = whole.parts.iter().rposition(|name| name == part) else { return false };
        let own = place < whole.below && whole.says(sid);
        own || whole.parts[place + 1..].iter().take(MAX_LAYERS).any(|upper| self.holds(upper, sid))
    }

    /// Whether a data source has a statement of `sid`, its own or of a part.
    fn holds(&self, name: &str, sid: &str) -> bool {
        let mut names = vec![name];
        let mut at = 0;
        while let Some(name) = names.get(at).filter(|_| at < MAX_LAYERS) {
            let place = self.sources.binary_search_by(|source| source.name().cmp(name)).ok();
            let Some(source) = place.map(|place| &self.sources[place]) else { return false };
            if source.says(sid) {
                return true;
            }
            for part in source.parts.iter().take(MAX_LAYERS) {
                if !names.contains(&part.as_str()) {
                    names.push(part);
                }
            }
            at += 1;
        }
        false
    }
}

impl<'b> Source<'b> {
    fn new(block: &'b Block) -> Source<'b> {
        let of = |name: &&str| {
            let value = attribute(&block.body, name);
            let parts = value.into_iter().flat_map(|value| std::iter::once(value).chain(value.elements()));
            parts.filter_map(document_name).collect::<Vec<String>>()
        };
        let mut parts: Vec<String> = document::BELOW.iter().flat_map(of).collect();
        let below = parts.len();
        parts.extend(document::ABOVE.iter().flat_map(of));
        let values = document::BELOW.iter().chain(&document::ABOVE).filter_map(|name| attribute(&block.body, name));
        let open = values.clone().any(|value| match &value.kind {
            Kind::List(elements) => !elements.iter().all(|element| document_name(element).is_some()),
            _ => document_name(value).is_none(),
        });
        Source { block, parts, below, open }
    }

    fn name(&self) -> &'b str {
        &self.block.labels[1].0
    }

    /// Whether it has itself a statement of `sid`; what a `dynamic` block makes may be none.
    fn says(&self, sid: &str) -> bool {
        let mut statements = self.block.body.blocks.iter().filter(|block| &*block.kind == "statement");
        statements.any(|block| attribute(&block.body, "sid").and_then(Node::as_str) == Some(sid))
    }
}

/// The data sources of a body that write policies.
pub(super) fn documents(body: &Body) -> impl Iterator<Item = &Block> {
    of_kind(body, "data").filter(|block| &*block.labels[0].0 == document::DATA)
}
