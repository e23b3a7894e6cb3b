//! Writes a table as one blob, for `build.rs` and the test that compares. Not here: reading it (`table/mod.rs`).

use crate::table::Table;

impl Table {
    /// Notes that the rules are the built-in ones of these numbers.
    pub(crate) fn with_members(mut self, numbers: impl Iterator<Item = u16>) -> Table {
        self.members = numbers.flat_map(u16::to_le_bytes).collect();
        self
    }

    /// All of it, as [`Table::unpack`] reads it: the lengths of the columns, and the columns.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let columns = [
            &self.filter,
            &self.kinds,
            &self.five,
            &self.buckets,
            &self.entries,
            &self.records,
            &self.text,
            &self.nexts,
            &self.leads,
            &self.members,
        ];
        let lengths = columns.iter().flat_map(|column| (column.len() as u32).to_le_bytes());
        lengths.chain(columns.iter().flat_map(|column| column.iter().copied())).collect()
    }
}
