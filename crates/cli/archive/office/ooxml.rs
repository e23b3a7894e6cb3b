//! Reads the parts of Office Open XML (ECMA-376): sheets with their shared strings, paragraphs and tables.
//! Not here: which parts there are, or what becomes of the text.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use super::{
    page::Page,
    table::{MAX_COLUMNS, Row, bounded},
    xml::{Token, Xml},
};
use crate::archive::damaged;

/// Bytes of shared strings that are kept, beside what else is in memory for an archive.
const MAX_STRINGS: usize = 32 << 20;
/// A paragraph that grows beyond this is handed on in parts.
const MAX_PARAGRAPH: usize = 1 << 20;

/// The sheets of a workbook and the parts they stand in.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    /// Names, by the ids of their relationships.
    names: BTreeMap<String, String>,
    /// Paths in the archive, by the same ids.
    targets: BTreeMap<String, String>,
}

impl Workbook {
    /// Reads `xl/workbook.xml`.
    pub(super) fn read_sheets(&mut self, input: &mut dyn Read) -> io::Result<()> {
        let mut xml = Xml::new(input);
        while let Some(token) = xml.next()? {
            let Token::Open(name, attributes) = token else { continue };
            if let ("sheet", Some(id), Some(sheet)) = (name.as_str(), attributes.get("id"), attributes.get("name")) {
                self.names.insert(id.into(), sheet.into());
            }
        }
        Ok(())
    }

    /// Reads `xl/_rels/workbook.xml.rels`.
    pub(super) fn read_targets(&mut self, input: &mut dyn Read) -> io::Result<()> {
        let mut xml = Xml::new(input);
        while let Some(token) = xml.next()? {
            let Token::Open(_, attributes) = token else { continue };
            if let (Some(id), Some(target)) = (attributes.get("Id"), attributes.get("Target")) {
                let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_string);
                self.targets.insert(id.into(), target);
            }
        }
        Ok(())
    }

    /// The names of the sheets, by the paths of their parts.
    pub(super) fn sheets(self) -> BTreeMap<String, String> {
        let Workbook { mut names, targets } = self;
        targets.into_iter().filter_map(|(id, target)| Some((target, names.remove(&id)?))).collect()
    }
}

/// The strings that cells share.
#[derive(Debug, Default)]
pub(in crate::archive) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Reads `xl/sharedStrings.xml`.
    pub(super) fn read(&mut self, input: &mut dyn Read) -> io::Result<()> {
        let mut xml = Xml::new(input);
        // How a word is pronounced is no part of it.
        let (mut phonetic, mut inside) = (false, false);
        while let Some(token) = xml.next()? {
            match token {
                Token::Open(name, _) if name == "rPh" => phonetic = true,
                Token::Close(name) if name == "rPh" => phonetic = false,
                Token::Open(name, _) if name == "t" => inside = !phonetic,
                Token::Close(name) if name == "t" => inside = false,
                Token::Text(text) if inside => self.text.push_str(&text),
                Token::Close(name) if name == "si" => self.ends.push(self.text.len() as u32),
                _ => {}
            }
            if self.text.len() + 4 * self.ends.len() > MAX_STRINGS {
                return Err(damaged("it has more than 32 MiB of strings; values are missing"));
            }
        }
        Ok(())
    }

    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&start| start as usize);
        self.text.get(start..end)
    }
}

/// Reads a sheet onto a page, row by row.
pub(super) fn sheet(input: &mut dyn Read, strings: &Strings, page: &mut Page<'_>) -> io::Result<()> {
    let mut xml = Xml::new(input);
    let (mut number, mut row) = (0u32, Row::default());
    let (mut column, mut shared, mut value, mut inside) = (0, false, String::new(), false);
    while let Some(token) = xml.next()? {
        match token {
            Token::Open(name, attributes) => match name.as_str() {
                "row" => {
                    let given = attributes.exact("r").and_then(|digits| digits.parse().ok());
                    number = given.unwrap_or_else(|| number.saturating_add(1)).max(1);
                }
                "c" => {
                    column = attributes.exact("r").and_then(column_of).unwrap_or(row.len());
                    shared = attributes.exact("t") == Some("s");
                    value.clear();
                }
                "v" | "t" => inside = true,
                _ => {}
            },
            Token::Text(text) if inside => {
                value.push_str(&text);
                // Comments between them make many tokens of one cell.
                bounded(value.len())?;
            }
            Token::Text(_) => {}
            Token::Close(name) => match name.as_str() {
                "v" | "t" => inside = false,
                "c" if shared => {
                    let text = value.trim().parse().ok().and_then(|index| strings.get(index)).unwrap_or_default();
                    row.set(column, text)?;
                }
                "c" => row.set(column, &value)?,
                "row" => page.numbered_row(number, &row.take())?,
                _ => {}
            },
        }
    }
    Ok(())
}

/// The column of a reference such as `AB12`, from 0.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.fold(0usize, |column, letter| {
        column.saturating_mul(26).saturating_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    column.checked_sub(1).filter(|&column| column < MAX_COLUMNS)
}

/// Reads paragraphs and tables of a text, a slide or comments onto a page. Text that was deleted while changes were
/// tracked is there too.
pub(super) fn paragraphs(input: &mut dyn Read, page: &mut Page<'_>) -> io::Result<()> {
    let mut xml = Xml::new(input);
    let (mut text, mut inside) = (String::new(), false);
    let (mut tables, mut row) = (0u32, Row::default());
    while let Some(token) = xml.next()? {
        match token {
            Token::Open(name, _) => match name.as_str() {
                "t" | "text" | "delText" | "instrText" => inside = true,
                "tab" if inside || !text.is_empty() => text.push('\t'),
                "br" | "cr" => text.push('\n'),
                "tbl" => tables += 1,
                _ => {}
            },
            Token::Text(more) if inside => text.push_str(&more),
            Token::Text(_) => {}
            Token::Close(name) => match name.as_str() {
                "t" | "delText" | "instrText" => inside = false,
                "p" | "text" | "comment" => {
                    inside = false;
                    if tables > 0 {
                        // A cell ends below; its paragraphs are lines.
                        text.push('\n');
                    } else if name == "p" || !text.is_empty() {
                        page.paragraph(&text)?;
                        text.clear();
                    }
                }
                "tc" if tables == 1 => {
                    row.set(row.len(), text.trim())?;
                    text.clear();
                }
                "tr" if tables == 1 => page.row(&row.take())?,
                "tbl" => {
                    tables = tables.saturating_sub(1);
                    if tables == 0 {
                        page.end_table();
                    }
                }
                _ => {}
            },
        }
        if text.len() > MAX_PARAGRAPH && tables == 0 {
            page.paragraph(&text)?;
            text.clear();
        } else if text.len() > 2 * MAX_PARAGRAPH {
            return Err(damaged("a cell is longer than 2 MiB"));
        }
    }
    if text.is_empty() { Ok(()) } else { page.paragraph(&text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::office::chunk::Chunk;

    fn page(write: impl FnOnce(&mut Page<'_>) -> io::Result<()>) -> String {
        let mut text = String::new();
        let mut sink = |chunk: Chunk| {
            text += &format!("[{}]{}", chunk.line, String::from_utf8_lossy(&chunk.text));
            Ok(())
        };
        let mut page = Page::new(&mut sink);
        write(&mut page).and_then(|()| page.finish()).expect("memory can be written");
        text
    }

    #[test]
    fn sheets_resolve_shared_strings() {
        let mut strings = Strings::default();
        let text = "<sst><si><t>User</t></si><si><r><t>Pass</t></r><r><t>word</t></r><rPh><t>x</t></rPh></si></sst>";
        strings.read(&mut text.as_bytes()).expect("XML");
        let sheet_text = "<worksheet><sheetData><row r='2'><c r='A2' t='s'><v>0</v></c><c r='C2' t='s'><v>1</v></c></row>\
            <row r='3'><c r='A3' t='inlineStr'><is><t>a&amp;b</t></is></c><c r='C3'><f>X</f><v>42</v></c></row>\
            <row r='7'><c t='s'><v>9</v></c><c t='str'><v>x</v></c></row></sheetData></worksheet>";
        let got = page(|page| sheet(&mut sheet_text.as_bytes(), &strings, page));
        assert_eq!(got, "[2]User\t\tPassword\na&b\t\t42\n[7]\tx\n");
    }

    /// The same bytes again and again.
    struct Endless(std::iter::Cycle<std::slice::Iter<'static, u8>>);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.iter_mut().zip(&mut self.0).for_each(|(place, byte)| *place = *byte);
            Ok(buffer.len())
        }
    }

    #[test]
    fn a_cell_has_a_limit() {
        for text in ["x<!-- -->", "&amp;", "<is><t>x</t></is>"] {
            let mut input = b"<row><c><v>".chain(Endless(text.as_bytes().iter().cycle()));
            let mut sink = |_: Chunk| Ok(());
            let read = sheet(&mut input, &Strings::default(), &mut Page::new(&mut sink));
            assert!(read.is_err_and(|error| error.to_string().contains("longer than 1 MiB")), "{text}");
        }
    }

    #[test]
    fn paragraphs_and_cells() {
        let text = "<w:body><w:p><w:r><w:t>pass</w:t></w:r><w:r><w:t>word: x</w:t><w:br/><w:t>y</w:t></w:r></w:p><w:p/>\
            <w:tbl><w:tr><w:tc><w:p><w:t>a</w:t></w:p><w:p><w:t>b</w:t></w:p></w:tc><w:tc><w:p><w:delText>c</w:delText>\
            </w:p></w:tc></w:tr></w:tbl><w:p><w:t>end</w:t></w:p></w:body>";
        let got = page(|page| paragraphs(&mut text.as_bytes(), page));
        assert_eq!(got, "[1]password: x\ny\n\na\\nb\tc\nend\n");
    }

    #[test]
    fn references_name_columns() {
        let check = |reference: &str, want| assert_eq!(column_of(reference), want);
        check("A1", Some(0));
        check("AB12", Some(27));
        check("XFD1", Some(16_383));
        check("XFE1", None);
        check("12", None);
        check("ZZZZZZZZZZZZZZZZZZZZZZZZ1", None);
    }

    #[test]
    fn workbooks_name_their_sheets() {
        let mut book = Workbook::default();
        let sheets = "<workbook><sheets><sheet name='A &amp; B' sheetId='1' r:id='rId3'/></sheets></workbook>";
        book.read_sheets(&mut sheets.as_bytes()).expect("XML");
        let targets = "<Relationships><Relationship Id='rId3' Target='worksheets/sheet1.xml'/></Relationships>";
        book.read_targets(&mut targets.as_bytes()).expect("XML");
        assert_eq!(book.sheets().get("xl/worksheets/sheet1.xml").map(String::as_str), Some("A & B"));
    }
}
