//! A row of a table while it is read, in bounded memory.
//! Not here: what becomes of rows.

use std::{io, mem};

use crate::archive::damaged;

/// Columns of a sheet in every program there is, at most.
pub(super) const MAX_COLUMNS: usize = 16_384;
/// Bytes of a row: cells that share one long string would make much of little.
const MAX_ROW: usize = 1 << 20;

/// Refuses a row, or a cell that is still read, of so many bytes.
pub(super) fn bounded(bytes: usize) -> io::Result<()> {
    if bytes > MAX_ROW { Err(damaged("a row is longer than 1 MiB")) } else { Ok(()) }
}

/// The cells of a row.
#[derive(Debug, Default)]
pub(super) struct Row {
    cells: Vec<String>,
    bytes: usize,
}

impl Row {
    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Sets the cell in a column; those before it that are not there are empty.
    pub(super) fn set(&mut self, column: usize, text: &str) -> io::Result<()> {
        if column >= MAX_COLUMNS || text.is_empty() && column >= self.cells.len() {
            // Empty cells at the end make no difference, except to where the next one stands.
            return self.grow(column.saturating_add(1));
        }
        self.grow(column + 1)?;
        self.bytes += text.len();
        bounded(self.bytes)?;
        self.cells[column].push_str(text);
        Ok(())
    }

    /// The cells; the row is empty after it.
    pub(super) fn take(&mut self) -> Vec<String> {
        mem::take(self).cells
    }

    fn grow(&mut self, length: usize) -> io::Result<()> {
        if length > self.cells.len() {
            self.cells.resize(length.min(MAX_COLUMNS), String::new());
        }
        Ok(())
    }
}
