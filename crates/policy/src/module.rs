//! A Terraform module: Terraform reads the files of a folder as one configuration, and so they are joined to one text, and
//! what is found in it is taken apart again. Not here: reading files, which hosts do, or what stands in them
//! (`hosts/terraform.rs`).

use keylint_diagnostics::{Diagnostic, Document, Encoding, Span};
use keylint_syntax::to_utf8;

use crate::hosts::{self, Format, Found, Hosted};

/// A module has so many bytes of configuration at most; what is larger is made by a tool out of other things.
pub const MAX_MODULE: usize = 1 << 20;

/// A folder with more files that could be of a module is a collection of something else.
const MAX_FILES: usize = 1024;

/// Words of which a file holds one that says something about policies in other files, if only what a name stands for.
const WORDS: [&[u8]; 4] = [b"olicy", b"aws_iam_", b"Statement", b"locals"];

/// Whether a document is one of the files that make a module. What overrides other files has another meaning.
pub fn is_of_module(path: &str) -> bool {
    let stem = [".tf", ".tf.json", ".tofu"].iter().find_map(|ending| name(path).strip_suffix(ending));
    stem.is_some_and(|stem| stem != "override" && !stem.ends_with("_override"))
}

/// Whether a document is a file of a module, and may say anything that matters to policies in its other files.
fn joins(document: &Document<'_>) -> bool {
    is_of_module(document.path)
        && Encoding::detect(document.text) == Encoding::Utf8
        && WORDS.iter().any(|word| memchr::memmem::find(document.text, word).is_some())
}

/// The files of a module that say anything of policies, joined.
#[derive(Debug, Default)]
pub struct Module {
    text: Vec<u8>,
    /// In the order of their names.
    files: Vec<File>,
    /// What they hold together. `None` where there are no two, where they are too large, and where they name things alike,
    /// so that they are no module.
    hosted: Option<Hosted>,
    large: bool,
}

/// A file of a module, and where it stands in the joined text.
#[derive(Debug)]
pub(crate) struct File {
    path: String,
    at: usize,
    len: usize,
}

impl Module {
    /// Joins the files of one folder. Labels name their paths.
    pub fn new(files: &[Document<'_>]) -> Module {
        let mut documents: Vec<&Document<'_>> = files.iter().filter(|document| joins(document)).collect();
        let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
        if bytes > MAX_MODULE {
            return Module { large: true, ..Module::default() };
        }
        keylint_diagnostics::sort_by(&mut documents, |a, b| name(a.path).cmp(name(b.path)));
        let (mut text, mut files, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for document in documents {
            let (at, len) = (text.len(), document.text.len());
            files.push(File { path: document.path.into(), at, len });
            text.extend_from_slice(document.text);
            text.push(b'\n');
            let format = Format::of(document, false);
            parts.extend(format.map(|format| (to_utf8(document.text, Encoding::Utf8).shifted(at), format)));
        }
        let hosted = (files.len() > 1).then(|| hosts::in_module(parts)).flatten();
        Module { text, files, hosted, large: false }
    }

    /// Joins `document` with the files of its folder: `names` are those that stand there, and `read` gives the text of one,
    /// or `None` where there is none or it has more than [`MAX_MODULE`] bytes. An error of `read` is passed on.
    pub fn around<E>(
        document: &Document<'_>,
        names: impl IntoIterator<Item = String>,
        mut read: impl FnMut(&str) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Module, E> {
        let own = name(document.path);
        let folder = &document.path[..document.path.len() - own.len()];
        let others = names.into_iter().filter(|other| other != own && is_of_module(other));
        let mut names: Vec<String> = others.take(MAX_FILES + 1).collect();
        if names.len() > MAX_FILES {
            return Ok(Module { large: true, ..Module::default() });
        }
        keylint_diagnostics::sort(&mut names);
        let (mut texts, mut bytes) = (Vec::new(), document.text.len());
        for other in names {
            let text = read(&other)?;
            let path = format!("{folder}{other}");
            let Some(text) = text.filter(|text| joins(&Document::new(&path, text))) else { continue };
            bytes += text.len();
            texts.push((path, text));
            if bytes > MAX_MODULE {
                break;
            }
        }
        let others = texts.iter().map(|(path, text)| Document::new(path, text));
        Ok(Module::new(&others.chain([*document]).collect::<Vec<_>>()))
    }

    /// The same module with other texts of some of its files, or with more of them.
    pub fn with(&self, documents: &[Document<'_>]) -> Module {
        if self.large {
            return Module { large: true, ..Module::default() };
        }
        let kept = self.files.iter().filter_map(|file| {
            let changed = documents.iter().any(|document| name(document.path) == name(&file.path));
            (!changed).then_some(Document::new(&file.path, self.text.get(file.at..file.at + file.len)?))
        });
        Module::new(&kept.chain(documents.iter().copied()).collect::<Vec<_>>())
    }

    /// Whether the module has `document` as it is, or would leave it out.
    pub fn knows(&self, document: &Document<'_>) -> bool {
        let named = || self.files.iter().any(|file| name(&file.path) == name(document.path));
        self.stored(document).is_some() || !joins(document) && !named()
    }

    /// Whether the files of the folder are too many or too large to be joined, so that each is read for itself.
    pub fn is_too_large(&self) -> bool {
        self.large
    }

    /// All of the text.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The file that is `document`; `None` where it is none of them, has changed since, or is a module of its own.
    pub(crate) fn file(&self, document: &Document<'_>) -> Option<&File> {
        self.stored(document).filter(|_| self.hosted.is_some())
    }

    fn stored(&self, document: &Document<'_>) -> Option<&File> {
        let file = self.files.iter().find(|file| name(&file.path) == name(document.path))?;
        (self.text.get(file.at..file.at + file.len)? == document.text).then_some(file)
    }

    /// The policies of a file, and those of the others that the same principals or resources have.
    pub(crate) fn hosted(&self, own: &File) -> Hosted {
        let is_own = |found: &&Found| self.is_in(own, found.node.span);
        let Some(hosted) = &self.hosted else { return Hosted::default() };
        let policies = || hosted.policies.iter();
        let mut names: Vec<&str> =
            policies().filter(is_own).flat_map(|found| &found.attached).map(|name| &**name).collect();
        keylint_diagnostics::sort(&mut names);
        let shares = |found: &&Found| found.attached.iter().any(|name| names.binary_search(&&**name).is_ok());
        let policies = policies().filter(|found| is_own(found) || shares(found)).cloned().collect();
        Hosted { policies, errors: hosted.errors.clone() }
    }

    /// Makes a finding of the joined text one of the own file; gives whether it stands there.
    pub(crate) fn own(&self, own: &File, diagnostic: &mut Diagnostic) -> bool {
        if !self.is_in(own, diagnostic.primary.span) {
            return false;
        }
        self.bring(&mut diagnostic.primary.span);
        for label in &mut diagnostic.related {
            let file = self.bring(&mut label.span).filter(|file| file.at != own.at);
            label.path = file.map(|file| file.path.as_str().into());
        }
        // What would change another file is not offered: hosts change the file that they look at.
        diagnostic.fixes.retain(|fix| fix.edits.iter().all(|edit| self.is_in(own, edit.span)));
        for edit in diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            self.bring(&mut edit.span);
        }
        true
    }

    /// Makes a part of the joined text one of its file; gives that.
    fn bring(&self, span: &mut Span) -> Option<&File> {
        let (file, inside) = self.place(*span)?;
        *span = inside;
        Some(file)
    }

    /// Whether a part of the joined text stands in a file.
    fn is_in(&self, own: &File, span: Span) -> bool {
        self.place(span).is_some_and(|(file, _)| file.at == own.at)
    }

    /// The file that a part of the joined text stands in, and where.
    fn place(&self, span: Span) -> Option<(&File, Span)> {
        let last = self.files.partition_point(|file| file.at <= span.start as usize).checked_sub(1)?;
        let file = &self.files[last];
        let within = |place: u32| (place as usize - file.at).min(file.len) as u32;
        Some((file, Span { start: within(span.start), end: within(span.end.max(span.start)) }))
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
