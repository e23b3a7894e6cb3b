//! Gathers paragraphs and rows into chunks, and decides which rows are headers.
//! Not here: reading the documents, or scanning the chunks.

use std::{io, mem};

use super::chunk::{self, Chunk};

/// A chunk is handed on when it has grown to this.
const FULL: usize = 256 << 10;
/// A label or heading is at most this long.
const MAX_LABEL: usize = 48;

/// Takes a chunk.
pub(super) type Sink<'a> = &'a mut dyn FnMut(Chunk) -> io::Result<()>;

/// What is written line by line.
pub(super) struct Page<'a> {
    sink: Sink<'a>,
    chunk: Chunk,
    lines: u32,
    /// The headers that may be in force: the first of the table, and the latest row that looks like one.
    first: Option<Vec<String>>,
    latest: Option<Vec<String>>,
    /// Whether the row before was blank.
    blank: bool,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(sink: Sink<'a>) -> Page<'a> {
        let chunk = Chunk { line: 1, ..Chunk::default() };
        Page { sink, chunk, lines: 0, first: None, latest: None, blank: true }
    }

    /// Adds a paragraph; a line end in it begins another line.
    pub(super) fn paragraph(&mut self, text: &str) -> io::Result<()> {
        self.end_table();
        for line in text.split('\n') {
            self.line(line.trim_end_matches('\r'));
        }
        self.flush_if_full()
    }

    /// Adds a row of a table in prose.
    pub(super) fn row(&mut self, cells: &[String]) -> io::Result<()> {
        self.cells(cells)
    }

    /// Adds the row of this number of a sheet; rows between it and the last one are blank.
    pub(super) fn numbered_row(&mut self, number: u32, cells: &[String]) -> io::Result<()> {
        if number != self.chunk.line + self.lines {
            self.flush()?;
            self.chunk.line = number;
            self.blank = true;
        }
        self.cells(cells)
    }

    /// Ends a table: what follows has another header.
    pub(super) fn end_table(&mut self) {
        (self.first, self.latest, self.blank) = (None, None, true);
    }

    /// Hands on what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()
    }

    fn cells(&mut self, cells: &[String]) -> io::Result<()> {
        let mut cells: Vec<String> = cells.iter().map(|text| chunk::cell(text)).collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        if filled == 0 {
            self.line("");
            self.blank = true;
            return self.flush_if_full();
        }
        let header = self.first.as_ref().is_none_or(|first| {
            // A title stands above a header: it has one cell.
            first.iter().filter(|cell| !cell.is_empty()).count() < 2 && filled >= 2
        });
        let again = !header && filled >= 2 && self.blank && cells.iter().all(|cell| looks_like_heading(cell));
        self.blank = false;
        let start = self.chunk.text.len();
        self.line(&cells.join("\t"));
        let range = start..self.chunk.text.len();
        self.pair(&cells, range.clone());
        if header {
            self.chunk.tables.push((range, Vec::new()));
            self.first = Some(cells);
            self.latest = None;
        } else {
            // One row at a time: the engine reads the value below a name, and an empty one would hide those below it.
            for names in [&self.latest, &self.first].into_iter().flatten() {
                let headers = chunk::headers(names).into_iter().map(|header| (range.clone(), header));
                self.chunk.tables.extend(headers);
            }
            if again {
                self.latest = Some(cells);
            }
        }
        self.flush_if_full()
    }

    /// A row of two cells may be a name and its value.
    fn pair(&mut self, cells: &[String], range: std::ops::Range<usize>) {
        let mut filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        let (Some((_, name)), Some((value, _)), None) = (filled.next(), filled.next(), filled.next()) else { return };
        if name.len() > MAX_LABEL || !name.contains(|c: char| c.is_alphabetic()) {
            return;
        }
        let mut names = vec![String::new(); value + 1];
        names[value] = name.clone();
        let headers = chunk::headers(&names);
        self.chunk.tables.extend(headers.into_iter().map(|header| (range.clone(), header)));
    }

    fn line(&mut self, text: &str) {
        self.chunk.text.extend_from_slice(text.as_bytes());
        self.chunk.text.push(b'\n');
        self.lines += 1;
    }

    fn flush_if_full(&mut self) -> io::Result<()> {
        if self.chunk.text.len() >= FULL { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        let next = Chunk { line: self.chunk.line + self.lines, ..Chunk::default() };
        self.lines = 0;
        let full = mem::replace(&mut self.chunk, next);
        if full.text.is_empty() { Ok(()) } else { (self.sink)(full) }
    }
}

/// Whether a cell may be one of a header: short words without digits. Empty ones are.
fn looks_like_heading(cell: &str) -> bool {
    cell.len() <= MAX_LABEL && !cell.contains(|c: char| c.is_ascii_digit() || "{}[]<>=@$\\".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(write: impl FnOnce(&mut Page<'_>) -> io::Result<()>) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let mut sink = |chunk: Chunk| {
            chunks.push(chunk);
            Ok(())
        };
        let mut page = Page::new(&mut sink);
        write(&mut page).and_then(|()| page.finish()).expect("memory can be written");
        chunks
    }

    fn row(text: &str) -> Vec<String> {
        text.split('|').map(str::to_string).collect()
    }

    /// What the engine sees, as text.
    fn views(chunk: &Chunk) -> Vec<String> {
        let text = |view: chunk::View| [view.header, chunk.text[view.range].to_vec()].concat();
        chunk.views().map(|view| String::from_utf8_lossy(&text(view)).into_owned()).collect()
    }

    #[test]
    fn headers_stand_before_their_rows() {
        let chunks = chunks(|page| {
            page.numbered_row(1, &row("Accounts"))?;
            page.numbered_row(3, &row("User|Password|Note"))?;
            page.numbered_row(4, &row("a|x1|n"))?;
            page.numbered_row(5, &row("b|x2|n"))?;
            page.numbered_row(6, &row("c||n"))
        });
        assert_eq!((chunks.len(), chunks[0].line, chunks[1].line), (2, 1, 3));
        let views = views(&chunks[1]);
        assert!(views.contains(&"User\tPassword\tNote\t\nb\tx2\tn\n".to_string()), "{views:?}");
        assert!(views.contains(&"User\tPassword\tNote\t\nc\t\tn\n".to_string()), "{views:?}");
    }

    #[test]
    fn a_row_of_two_cells_is_a_pair_and_a_second_header_counts() {
        let chunks = chunks(|page| {
            page.numbered_row(1, &row("Password|x1"))?;
            page.numbered_row(3, &row("Host|Secret|Port"))?;
            page.numbered_row(4, &row("h|x2|1"))
        });
        let views: Vec<String> = chunks.iter().flat_map(views).collect();
        assert!(views.contains(&"\tPassword\t\nPassword\tx1\n".to_string()), "{views:?}");
        assert!(views.contains(&"Host\tSecret\tPort\t\nh\tx2\t1\n".to_string()), "{views:?}");
    }

    #[test]
    fn prose_is_seen_as_it_is() {
        let chunks = chunks(|page| {
            page.paragraph("one")?;
            page.row(&row("Name|Key"))?;
            page.row(&row("a|b"))?;
            page.paragraph("two")
        });
        let views = views(&chunks[0]);
        assert_eq!(views.last().map(String::as_str), Some("one\nName\tKey\na\tb\ntwo\n"));
        assert!(views.contains(&"Name\tKey\t\na\tb\n".to_string()), "{views:?}");
    }
}
