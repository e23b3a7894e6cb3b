//! Reads `content.xml` of OpenDocument files: each sheet of a spreadsheet, or the paragraphs and tables of a text.
//! Not here: what becomes of the text. The format: <https://docs.oasis-open.org/office/OpenDocument/v1.3/>.

use std::io::{self, Read};

use super::{
    page::Page,
    table::Row,
    xml::{Attributes, Token, Xml},
};
use crate::archive::damaged;

/// A cell that is repeated says nothing new; so many are kept, so that what follows stands in its column.
const MAX_REPEATED: usize = 1024;
/// Bytes of one paragraph.
const MAX_TEXT: usize = 2 << 20;

/// What can be read next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A sheet of this name.
    Sheet(String),
    /// Paragraphs and tables.
    Text,
}

/// The content of a file.
pub(super) struct Content<'r> {
    xml: Xml<'r>,
    spreadsheet: bool,
}

impl<'r> Content<'r> {
    /// Reads `input`.
    pub(super) fn new(input: &'r mut dyn Read) -> Content<'r> {
        Content { xml: Xml::new(input), spreadsheet: false }
    }

    /// Goes on to what can be read next.
    pub(super) fn next(&mut self) -> io::Result<Option<Next>> {
        while let Some(token) = self.xml.next()? {
            let Token::Open(name, attributes) = token else { continue };
            match name.as_str() {
                "spreadsheet" => self.spreadsheet = true,
                "text" | "presentation" | "drawing" => return Ok(Some(Next::Text)),
                "table" if self.spreadsheet => {
                    return Ok(Some(Next::Sheet(attributes.get("name").unwrap_or("sheet").into())));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// Reads it onto a page.
    pub(super) fn read(&mut self, next: &Next, page: &mut Page<'_>) -> io::Result<()> {
        let sheet = matches!(next, Next::Sheet(_));
        let mut state = State { tables: u32::from(sheet), number: 1, rows: 1, cells: 1, ..State::default() };
        while let Some(token) = self.xml.next()? {
            match token {
                Token::Open(name, attributes) => state.open(&name, &attributes, sheet, page)?,
                Token::Text(text) if state.paragraphs > 0 => state.text().push_str(&text),
                Token::Text(_) => {}
                Token::Close(name) => {
                    state.close(&name, sheet, page)?;
                    if sheet && state.tables == 0 || name == "body" {
                        break;
                    }
                }
            }
            if state.text().len() > MAX_TEXT {
                return Err(damaged("a paragraph is longer than 2 MiB"));
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct State {
    text: String,
    /// What a comment on a cell says; it is no part of the value.
    note: String,
    row: Row,
    /// How deep in tables, paragraphs and comments this is.
    tables: u32,
    paragraphs: u32,
    notes: u32,
    /// The number of the row, and how often it and the cell are repeated.
    number: u32,
    rows: u32,
    cells: usize,
}

impl State {
    fn text(&mut self) -> &mut String {
        if self.notes > 0 { &mut self.note } else { &mut self.text }
    }

    fn open(&mut self, name: &str, attributes: &Attributes, sheet: bool, page: &mut Page<'_>) -> io::Result<()> {
        let number = |key: &str| attributes.get(key).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(1).max(1);
        match name {
            "p" | "h" => {
                self.paragraphs += 1;
                if !sheet && self.tables == 0 && self.paragraphs > 1 && self.notes == 0 && !self.text.is_empty() {
                    page.paragraph(&self.text)?;
                    self.text.clear();
                }
            }
            "annotation" => self.notes += 1,
            "tab" => self.text().push('\t'),
            "line-break" => self.text().push('\n'),
            "s" => {
                let count = number("c").min(MAX_REPEATED as u32);
                (0..count).for_each(|_| self.text().push(' '));
            }
            "table" => self.tables += 1,
            "table-row" if self.tables == 1 => self.rows = number("number-rows-repeated"),
            "table-cell" | "covered-table-cell" if self.tables == 1 => {
                self.cells = number("number-columns-repeated") as usize;
                self.text.clear();
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str, sheet: bool, page: &mut Page<'_>) -> io::Result<()> {
        match name {
            "p" | "h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                if self.notes > 0 || self.tables > 0 {
                    self.text().push('\n');
                } else {
                    page.paragraph(&self.text)?;
                    self.text.clear();
                }
            }
            "annotation" => {
                self.notes = self.notes.saturating_sub(1);
                if self.tables == 0 {
                    page.paragraph(self.note.trim())?;
                    self.note.clear();
                }
            }
            "table-cell" | "covered-table-cell" if self.tables == 1 => {
                let start = self.row.len();
                let text = std::mem::take(&mut self.text);
                if self.cells <= MAX_REPEATED {
                    (start..start + self.cells).try_for_each(|column| self.row.set(column, text.trim()))?;
                } else {
                    self.row.set(start, text.trim())?;
                }
            }
            "table-row" if self.tables == 1 => {
                if !self.note.is_empty() {
                    let note = std::mem::take(&mut self.note);
                    self.row.set(self.row.len(), note.trim())?;
                }
                let cells = self.row.take();
                let blank = cells.iter().all(|cell| cell.is_empty());
                match (sheet, blank) {
                    (true, false) => page.numbered_row(self.number, &cells)?,
                    (true, true) => {}
                    (false, _) => page.row(&cells)?,
                }
                self.number = self.number.saturating_add(self.rows);
            }
            "table" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    page.end_table();
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::office::chunk::Chunk;

    fn check(xml: &str, want: &[(Next, &str)]) {
        let mut bytes = xml.as_bytes();
        let mut content = Content::new(&mut bytes);
        let mut got = Vec::new();
        while let Some(next) = content.next().expect("XML") {
            let mut text = String::new();
            let mut sink = |chunk: Chunk| {
                text += &format!("[{}]{}", chunk.line, String::from_utf8_lossy(&chunk.text));
                Ok(())
            };
            let mut page = Page::new(&mut sink);
            content.read(&next, &mut page).and_then(|()| page.finish()).expect("XML");
            got.push((next, text));
        }
        let want: Vec<_> = want.iter().map(|(next, text)| (next.clone(), text.to_string())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn sheets_with_repeated_rows_and_cells() {
        let xml = "<office:body><office:spreadsheet><table:table table:name='One'><table:table-row>\
            <table:table-cell><text:p>User</text:p></table:table-cell><table:table-cell/>\
            <table:table-cell><text:p>Password</text:p></table:table-cell></table:table-row>\
            <table:table-row table:number-rows-repeated='3'><table:table-cell table:number-columns-repeated='1024'/>\
            </table:table-row><table:table-row><table:table-cell table:number-columns-repeated='2'><text:p>a</text:p>\
            </table:table-cell><table:table-cell><office:annotation><text:p>note</text:p></office:annotation>\
            <text:p>x<text:s text:c='2'/>y</text:p></table:table-cell></table:table-row></table:table>\
            <table:table table:name='Two'></table:table></office:spreadsheet></office:body>";
        let want = "[1]User\t\tPassword\n[5]a\ta\tx  y\tnote\n";
        check(xml, &[(Next::Sheet("One".into()), want), (Next::Sheet("Two".into()), "")]);
    }

    #[test]
    fn texts_with_tables() {
        let xml = "<office:body><office:text><text:h>Head</text:h><text:p>pass<text:span>word</text:span></text:p>\
            <table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>\
            <text:p>b</text:p><text:p>c</text:p></table:table-cell></table:table-row></table:table><text:p>end</text:p>\
            </office:text></office:body>";
        check(xml, &[(Next::Text, "[1]Head\npassword\na\tb\\nc\nend\n")]);
    }
}
