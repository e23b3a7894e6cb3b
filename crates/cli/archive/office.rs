//! Office documents: the text that a reader sees, with the header of a table naming the values below it.
//! Not here: their other parts (properties, connections, embedded files), which are scanned as any member of a zip file.

mod chunk;
mod ooxml;
mod opendocument;
mod page;
mod table;
mod xml;

use std::{
    collections::BTreeMap,
    io::{self, Read},
    rc::Rc,
};

use keylint_diagnostics::{Diagnostic, SkipKind, Span};

use super::{Session, as_source, inside, limits::Meter, zip::Zip};
use crate::pieces::Text;

use self::{
    chunk::Chunk,
    opendocument::{Content, Next},
    page::Page,
};

/// Which documents the names of a zip file's members make possible.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kind {
    workbook: bool,
    words: bool,
    slides: bool,
    mimetype: bool,
    content: bool,
}

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// SpreadsheetML: xlsx, xlsm and templates.
    Workbook,
    /// WordprocessingML: docx.
    Words,
    /// PresentationML: pptx.
    Slides,
    /// OpenDocument: odt, ods, odp.
    OpenDocument,
}

impl Kind {
    /// Takes the name of a member into account.
    pub(super) fn note(&mut self, path: &str) {
        match path {
            "xl/workbook.xml" => self.workbook = true,
            "word/document.xml" => self.words = true,
            "ppt/presentation.xml" => self.slides = true,
            "mimetype" => self.mimetype = true,
            "content.xml" => self.content = true,
            _ => {}
        }
    }

    /// What the zip file is, if it is an office document.
    pub(super) fn document(self) -> Option<Known> {
        match self {
            Kind { workbook: true, .. } => Some(Known::Workbook),
            Kind { words: true, .. } => Some(Known::Words),
            Kind { slides: true, .. } => Some(Known::Slides),
            Kind { mimetype: true, content: true, .. } => Some(Known::OpenDocument),
            _ => None,
        }
    }
}

/// An office document, with what is needed to read its parts.
#[derive(Debug)]
pub(super) struct Document {
    kind: Known,
    /// The names of the sheets, by the paths of their parts.
    sheets: BTreeMap<String, String>,
    strings: Rc<ooxml::Strings>,
    /// Why the shared strings are not complete.
    incomplete: Option<String>,
}

/// How a part is read.
#[derive(Debug)]
pub(super) enum Part {
    /// A sheet of this name.
    Sheet(String, Rc<ooxml::Strings>),
    /// Shared strings: they are seen in the cells that show them; this is why some are missing.
    Strings(Option<String>),
    /// Paragraphs and tables.
    Paragraphs,
    /// The text of an OpenDocument file.
    Content,
}

impl Document {
    /// Reads what the parts need.
    pub(super) fn read(kind: Known, zip: &mut Zip<'_>, meter: &Rc<Meter>) -> Document {
        let mut document = Document { kind, sheets: BTreeMap::new(), strings: Rc::default(), incomplete: None };
        if kind != Known::Workbook {
            return document;
        }
        let mut book = ooxml::Workbook::default();
        let mut strings = ooxml::Strings::default();
        while let Ok(Some(entry)) = zip.next() {
            let wanted = matches!(
                entry.path.as_str(),
                "xl/workbook.xml" | "xl/_rels/workbook.xml.rels" | "xl/sharedStrings.xml"
            );
            if entry.encrypted || !wanted {
                continue;
            }
            let Ok(body) = zip.body(&entry) else { continue };
            let mut body = super::Metered::new(body, meter);
            let read = match entry.path.as_str() {
                "xl/workbook.xml" => book.read_sheets(&mut body),
                "xl/_rels/workbook.xml.rels" => book.read_targets(&mut body),
                _ => strings.read(&mut body),
            };
            // A workbook without names has sheets without names; missing strings are missing values.
            if let (Err(error), "xl/sharedStrings.xml") = (read, entry.path.as_str()) {
                document.incomplete = Some(super::reason(&error));
            }
        }
        document.sheets = book.sheets();
        document.strings = Rc::new(strings);
        document
    }

    /// How the member `path` is read, where it is not scanned as it is.
    pub(super) fn part(&self, path: &str) -> Option<Part> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !name.ends_with(".xml") {
            return None;
        }
        let starts = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
        match self.kind {
            Known::Workbook if path == "xl/sharedStrings.xml" => Some(Part::Strings(self.incomplete.clone())),
            Known::Workbook if folder == "xl/worksheets" => {
                let sheet = self.sheets.get(path).map_or(path, String::as_str);
                Some(Part::Sheet(sheet.into(), Rc::clone(&self.strings)))
            }
            Known::Workbook => (starts(&["comments"]) || folder == "xl/drawings").then_some(Part::Paragraphs),
            Known::Words => {
                let parts = ["document", "header", "footer", "footnotes", "endnotes", "comments"];
                (folder == "word" && starts(&parts)).then_some(Part::Paragraphs)
            }
            Known::Slides => {
                let folders = ["ppt/slides", "ppt/notesSlides", "ppt/comments"];
                folders.contains(&folder).then_some(Part::Paragraphs)
            }
            Known::OpenDocument => (path == "content.xml").then_some(Part::Content),
        }
    }
}

impl Session<'_, '_> {
    /// Scans a part of the office document `book`, which is its member `member`.
    pub(super) fn part(&mut self, book: &str, member: &str, part: Part, input: &mut dyn Read) {
        if self.meter.member().is_err() {
            return;
        }
        let folder = Rc::clone(&self.folder);
        if self.worker.excludes(&folder, member) {
            return self.skip(member, SkipKind::Excluded, "excluded by the configuration");
        }
        let before = self.worker.outcome().found.len();
        let (name, read) = match part {
            Part::Strings(None) => return,
            Part::Strings(Some(reason)) => return self.skip(member, SkipKind::Incomplete, reason),
            Part::Sheet(sheet, strings) => {
                let name = inside(book, &sheet);
                let read = self.pages(&name, |page| ooxml::sheet(input, &strings, page));
                (name, read)
            }
            Part::Paragraphs => (member.into(), self.pages(member, |page| ooxml::paragraphs(input, page))),
            Part::Content => (member.into(), self.content(book, member, input)),
        };
        if let Err(error) = read {
            self.fault(&name, &error);
        }
        self.settle(before);
    }

    /// Scans the content of an OpenDocument file, each sheet as a document of its own.
    fn content(&mut self, book: &str, member: &str, input: &mut dyn Read) -> io::Result<()> {
        let mut content = Content::new(input);
        while let Some(next) = content.next()? {
            let name = match &next {
                Next::Sheet(sheet) => inside(book, sheet),
                Next::Text => member.into(),
            };
            self.pages(&name, |page| content.read(&next, page))?;
        }
        Ok(())
    }

    /// Scans what `read` writes on pages, as the document `name`.
    fn pages(&mut self, name: &str, read: impl FnOnce(&mut Page<'_>) -> io::Result<()>) -> io::Result<()> {
        let (folder, shown) = self.source(name);
        let meter = self.meter();
        let mut pieces = Vec::new();
        let mut offset = 0u32;
        let mut bytes = 0;
        let result = {
            let worker = &mut *self.worker;
            let mut scan = |chunk: Chunk| {
                meter.unpack(chunk.cost() as u64)?;
                bytes += chunk.text.len() as u64;
                let mut found: Vec<Diagnostic> = Vec::new();
                for view in chunk.views() {
                    let engine_name = format!("{name}.{}", view.extension);
                    let lead = view.header.len();
                    let text = [&view.header, &chunk.text[view.range.clone()]].concat();
                    let source = as_source(&folder, &engine_name, shown.clone());
                    for mut diagnostic in worker.findings(&source, &text) {
                        let moved = |span: Span| moved(span, lead, view.range.start);
                        diagnostic.related.retain(|label| label.path.is_none() && label.span.start as usize >= lead);
                        if (diagnostic.primary.span.start as usize) < lead {
                            continue;
                        }
                        diagnostic.primary.span = moved(diagnostic.primary.span);
                        diagnostic.related.iter_mut().for_each(|label| label.span = moved(label.span));
                        // A table that is read in two ways shows one secret twice. What reaches further is kept, since
                        // nothing else would mask it.
                        let own = diagnostic.primary.span;
                        let known = |other: &Span| other.start <= own.start && own.end <= other.end;
                        if !found.iter().any(|other| known(&other.primary.span)) {
                            found.push(diagnostic);
                        }
                    }
                }
                let first = keylint_diagnostics::Position { line: chunk.line, column: 1 };
                let base = offset;
                offset = offset.saturating_add(chunk.text.len() as u32);
                for diagnostic in &mut found {
                    diagnostic.primary.span = diagnostic.primary.span.shifted(base);
                    diagnostic.related.iter_mut().for_each(|label| label.span = label.span.shifted(base));
                }
                if !found.is_empty() {
                    let text = Text { bytes: &chunk.text, encoding: Default::default(), base, first };
                    pieces.extend(text.cut(found, true));
                }
                Ok(())
            };
            let mut page = Page::new(&mut scan);
            read(&mut page).and_then(|()| page.finish())
        };
        self.worker.scanned(as_source(&folder, name, shown), pieces, bytes);
        result
    }
}

/// A span in a view, in the chunk that it shows.
fn moved(span: Span, lead: usize, start: usize) -> Span {
    let at = |offset: u32| (offset as usize).saturating_sub(lead) + start;
    Span::new(at(span.start)..at(span.end))
}
