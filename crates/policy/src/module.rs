//! A Terraform module: Terraform reads the files of a folder as one configuration, and so they are joined to one text, and
//! what is found in it is taken apart again. Not here: which files a folder has (the program's), or what stands in them
//! (`hosts/terraform.rs`).

use keylint_diagnostics::{Diagnostic, Document, Encoding, Span};
use keylint_syntax::to_utf8;

use crate::hosts::{self, Format, Found, Hosted};

/// A module has so many bytes of configuration at most: each of its files is read with all the others.
pub const MAX_MODULE: usize = 1 << 20;

/// Words of which a file holds one that says something about policies in other files, if only what a name stands for.
const WORDS: [&[u8]; 4] = [b"olicy", b"aws_iam_", b"Statement", b"locals"];

/// Whether a document is one of the files that make a module. What overrides other files has another meaning.
pub fn is_of_module(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = [".tf", ".tf.json", ".tofu"].iter().find_map(|ending| name.strip_suffix(ending));
    stem.is_some_and(|stem| stem != "override" && !stem.ends_with("_override"))
}

/// Whether a file of a module may say anything that matters to policies in its other files.
pub fn speaks_of_policies(text: &[u8]) -> bool {
    WORDS.iter().any(|word| memchr::memmem::find(text, word).is_some())
}

/// The files of a module, joined.
#[derive(Debug)]
pub(crate) struct Module<'d> {
    pub(crate) text: Vec<u8>,
    /// In the order of their names, each with the place where it begins.
    files: Vec<(usize, Document<'d>)>,
    /// Where the file begins whose findings are wanted.
    own: usize,
}

impl<'d> Module<'d> {
    /// The module that `own` is a file of; `None` where there is nothing to join.
    pub(crate) fn new(own: &Document<'d>, others: &[Document<'d>]) -> Option<Module<'d>> {
        let joins = |document: &Document<'_>| {
            is_of_module(document.path)
                && Encoding::detect(document.text) == Encoding::Utf8
                && speaks_of_policies(document.text)
        };
        let others = others.iter().filter(|other| name(other) != name(own) && joins(other));
        let mut documents: Vec<Document<'d>> = others.copied().collect();
        let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
        if documents.is_empty() || bytes + own.text.len() > MAX_MODULE || !joins(own) {
            return None;
        }
        documents.push(*own);
        keylint_diagnostics::sort_by(&mut documents, |a, b| name(a).cmp(name(b)));
        let mut module = Module { text: Vec::new(), files: Vec::new(), own: 0 };
        for document in documents {
            if name(&document) == name(own) {
                module.own = module.text.len();
            }
            module.files.push((module.text.len(), document));
            module.text.extend_from_slice(document.text);
            module.text.push(b'\n');
        }
        Some(module)
    }

    /// The policies of the own file, and those of the others that the same principals or resources have.
    pub(crate) fn find(&self) -> Hosted {
        let file = |(at, document): &(usize, Document<'_>)| {
            Some((to_utf8(document.text, Encoding::Utf8).shifted(*at), Format::of(document, false)?))
        };
        let mut hosted = hosts::in_module(self.files.iter().filter_map(file));
        let is_own = |found: &Found| self.place(found.node.span).is_some_and(|(file, _)| file.0 == self.own);
        let own = hosted.policies.iter().filter(|found| is_own(found));
        let mut names: Vec<Box<str>> = own.flat_map(|found| found.attached.iter().cloned()).collect();
        keylint_diagnostics::sort(&mut names);
        let shares = |found: &Found| found.attached.iter().any(|name| names.binary_search(name).is_ok());
        hosted.policies.retain(|found| is_own(found) || shares(found));
        hosted
    }

    /// A finding of the joined text as one of the own file; `None` where it stands in another one.
    pub(crate) fn own(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let (file, span) = self.place(diagnostic.primary.span).filter(|(file, _)| file.0 == self.own)?;
        diagnostic.primary.span = span;
        for label in &mut diagnostic.related {
            let (other, span) = self.place(label.span)?;
            label.span = span;
            label.path = (other.0 != file.0).then(|| other.1.path.into());
        }
        for edit in diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            let (other, span) = self.place(edit.span)?;
            edit.span = span;
            edit.path = other.1.path.into();
        }
        Some(diagnostic)
    }

    /// The file that a part of the joined text stands in, and where.
    fn place(&self, span: Span) -> Option<(&(usize, Document<'d>), Span)> {
        let file = self.files.iter().rev().find(|(at, _)| *at <= span.start as usize)?;
        let within = |place: u32| (place as usize - file.0).min(file.1.text.len()) as u32;
        Some((file, Span { start: within(span.start), end: within(span.end.max(span.start)) }))
    }
}

fn name<'p>(document: &Document<'p>) -> &'p str {
    document.path.rsplit('/').next().unwrap_or_default()
}
