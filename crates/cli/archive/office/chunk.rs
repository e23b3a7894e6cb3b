//! A stretch of text with the tables in it, and the views in which the engine sees them: a table's header is put before
//! its rows, so that the columns name their values, wherever the header stands.
//! Not here: where the text comes from.

use std::ops::Range;

/// A header longer than this is not read as one (`keylint_syntax`), so that of a wide table is put before its rows in parts.
const MAX_HEADER: usize = 960;
/// A name is short; a heading that is a sentence is cut.
const MAX_NAME: usize = 48;

/// A stretch of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::archive) struct Chunk {
    /// One line for each paragraph or row; cells are separated by tabs.
    pub(super) text: Vec<u8>,
    /// The number of its first line.
    pub(super) line: u32,
    /// The rows of tables, as ranges of the text, with the headers that may name their cells.
    pub(super) tables: Vec<(Range<usize>, Vec<u8>)>,
}

/// A text for the engine: a part of a chunk behind a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    pub(super) header: Vec<u8>,
    pub(super) range: Range<usize>,
    pub(super) extension: &'static str,
}

impl Chunk {
    /// The views, the most telling ones first. The whole text is one too: a key may stand on many lines.
    pub(super) fn views(&self) -> impl Iterator<Item = View> {
        let tables = self.tables.iter().map(|(range, header)| View {
            header: header.clone(),
            range: range.clone(),
            extension: "csv",
        });
        let whole = View { header: Vec::new(), range: 0..self.text.len(), extension: "txt" };
        tables.chain([whole])
    }

    /// How many bytes the engine will see.
    pub(super) fn cost(&self) -> usize {
        2 * self.text.len() + self.tables.iter().map(|(range, header)| range.len() + header.len()).sum::<usize>()
    }
}

/// A cell as it stands in a chunk: on one line, without tabs.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.trim().chars() {
        match character {
            // As a string literal would write it, so that a key of many lines stays one.
            '\n' => out.push_str("\\n"),
            '\t' => out.push(' '),
            '\r' | '\0' => {}
            _ => out.push(character),
        }
    }
    // A quote at the front would begin a quoted cell.
    if out.starts_with('"') { format!("\"{}\"", out.replace('"', "\"\"")) } else { out }
}

/// The lines that name the cells of a row like `names`, in as many parts as are needed.
pub(super) fn headers(names: &[String]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let mut from = 0;
    while from < names.len() {
        let mut line = vec![b'\t'; from];
        let mut to = from;
        let mut any = false;
        while let Some(text) = names.get(to) {
            let text = name(text);
            if to > from && line.len() + text.len() > MAX_HEADER {
                break;
            }
            any |= !text.is_empty();
            line.extend_from_slice(text.as_bytes());
            line.push(b'\t');
            to += 1;
        }
        line.push(b'\n');
        if any {
            parts.push(line);
        }
        from = to.max(from + 1);
    }
    parts
}

/// A name without what would be taken for a separator.
fn name(text: &str) -> String {
    let cut = text.trim().trim_end_matches(':');
    cut.chars().take(MAX_NAME).map(|c| if matches!(c, '|' | ';' | ',' | '\t' | ':') { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_columns() {
        let names = ["User".to_string(), String::new(), "Password, new:".to_string()];
        assert_eq!(headers(&names), [b"User\t\tPassword  new\t\n"]);
        assert!(headers(&[]).is_empty() && headers(&[String::new()]).is_empty());
        let wide: Vec<String> = (0..100).map(|index| format!("a rather long heading {index}")).collect();
        let parts = headers(&wide);
        assert!(parts.len() > 1 && parts.iter().all(|part| part.len() <= 1024), "{}", parts.len());
        let last = parts.last().and_then(|part| std::str::from_utf8(part).ok()).expect("text");
        assert_eq!(last.trim_end().matches('\t').count(), 99);
    }

    #[test]
    fn cells_stand_on_one_line() {
        assert_eq!(cell(" a\tb\r\nc "), "a b\\nc");
        assert_eq!(cell("\"a\" b"), "\"\"\"a\"\" b\"");
    }
}
