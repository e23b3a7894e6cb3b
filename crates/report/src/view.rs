//! A document as a sink sees it, whole or in pieces.
//! Not here: what is printed of it.

use keylint_diagnostics::{Document, Encoding, LineIndex, Origin, Position};
use keylint_rules::{About, RuleFile};

use crate::{Gate, LineHashes};

/// The commit that brought a document, for documents that a history has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Its object id, in hexadecimal digits.
    pub id: String,
    /// When it was written, `YYYY-MM-DDThh:mm:ss+hh:mm`.
    pub date: String,
    /// The name of who wrote it, where it was asked for.
    pub author: Option<String>,
    /// Whether the secrets of the view still stand in the commit that is checked out.
    pub in_head: bool,
}

impl Commit {
    /// `commit abc1234, 2024-05-01, still in HEAD`.
    pub(crate) fn remark(&self) -> String {
        let short = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        let mut remark = format!("commit {}, {}", short(&self.id, SHORT_ID), short(&self.date, DAY));
        remark.extend(self.author.iter().map(|author| format!(", {author}")));
        remark.push_str(if self.in_head { ", still in HEAD" } else { ", not in HEAD" });
        remark
    }
}

/// Digits of an object id that people are shown, as git does by default in a small repository.
const SHORT_ID: usize = 7;
/// Length of `YYYY-MM-DD`.
const DAY: usize = 10;

/// A document, or the piece of it around some diagnostics, as a sink sees it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// `/`-separated, as diagnostics name it.
    pub path: &'a str,
    /// Where it came from.
    pub origin: Origin,
    /// The commit that it came with, if it is one of many versions.
    pub commit: Option<&'a Commit>,
    /// The stored bytes.
    pub text: &'a [u8],
    /// How they spell characters.
    pub encoding: Encoding,
    /// Offset of `text` in the document.
    pub base: u32,
    /// Where `text` begins; the column counts characters.
    pub first: Position,
    /// Whether `text` is the whole document.
    pub whole: bool,
    /// Whether every finding in `text` is known by now. If not, nothing is printed behind the last primary label, since
    /// a secret may stand there that is not settled yet, or was not reported because there were too many.
    pub settled: bool,
    /// What the host computed of the whole document, for SARIF. Not needed where `whole`.
    pub line_hashes: Option<&'a LineHashes>,
    /// Which of its findings fail the run.
    pub gate: Gate,
    /// The rules of the user that were in force: their texts are not built in.
    pub own: &'a [RuleFile],
}

impl<'a> View<'a> {
    /// A document that is in memory.
    pub fn whole(path: &'a str, origin: Origin, text: &'a [u8]) -> View<'a> {
        let first = Position { line: 1, column: 1 };
        View {
            path,
            origin,
            commit: None,
            text,
            encoding: Encoding::detect(text),
            base: 0,
            first,
            whole: true,
            settled: true,
            line_hashes: None,
            gate: Gate::default(),
            own: &[],
        }
    }

    /// What the rule `id` says to people.
    pub(crate) fn about(&self, id: &str) -> Option<&'a About> {
        self.own_about(id).or_else(|| keylint_rules::about(id))
    }

    /// The same of a rule of the user, which has no page on the web.
    pub(crate) fn own_about(&self, id: &str) -> Option<&'a About> {
        self.own.iter().find(|file| file.rule.id == id).map(|file| &file.about)
    }

    /// A whole document.
    pub fn of(document: &Document<'a>, origin: Origin) -> View<'a> {
        View::whole(document.path, origin, document.text)
    }

    /// A piece that begins at offset `base` and position `first`, at the start of a character.
    pub fn piece(
        path: &'a str,
        origin: Origin,
        text: &'a [u8],
        encoding: Encoding,
        base: u32,
        first: Position,
    ) -> View<'a> {
        View { text, encoding, base, first, whole: false, settled: false, ..View::whole(path, origin, b"") }
    }

    /// Tells the versions of a document apart: the commit's id, empty without one.
    pub(crate) fn version(&self) -> &'a str {
        self.commit.map_or("", |commit| commit.id.as_str())
    }

    /// The lines of the text. A byte-order mark counts for no column.
    pub fn lines(&self) -> LineIndex<'a> {
        let mark = if self.base == 0 { self.encoding.mark(self.text) } else { 0 };
        LineIndex::piece(&self.text[mark..], self.encoding, self.base + mark as u32, self.first)
    }
}
