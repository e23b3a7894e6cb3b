//! Writes a table as one blob, whole or its keywords alone, for `build.rs` and the tests that compare. Not here: reading
//! them (`table/unpack.rs`).

use keylint_rules::Rule;

use crate::table::{RECORD, Table, leads};

impl Table {
    /// The rules' own keywords, without what leads from a text to them.
    pub(crate) fn keywords_of(rules: &[&Rule]) -> Table {
        let mut table = Table::default();
        table.add_records(&leads::own(rules));
        table
    }

    /// Notes that the rules are the built-in ones of these numbers.
    pub(crate) fn with_members(mut self, numbers: impl Iterator<Item = u16>) -> Table {
        self.members = numbers.flat_map(u16::to_le_bytes).collect();
        self
    }

    /// What [`Table::read`] reads: the lengths of the columns, and the columns.
    pub(crate) fn whole(&self) -> Vec<u8> {
        let index: [&[u8]; 5] = [&self.filter, &self.kinds, &self.five, &self.buckets, &self.entries];
        let keywords: [&[u8]; 5] = [&self.records, &self.text, &self.nexts, &self.leads, &self.members];
        joined(&[index, keywords].concat())
    }

    /// What [`Table::unpack`] reads of [`Table::keywords_of`]: the lengths of columns, and the columns. Keywords begin as the one before them does,
    /// mostly, so each says how much of that it keeps.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let [mut kept, mut lengths, mut leads, mut flags, mut text, mut steps] = [const { Vec::new() }; 6];
        let mut before: &[u8] = &[];
        for (bytes, record) in self.rows() {
            let same = before.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            kept.extend((same as u16).to_le_bytes());
            lengths.extend(((bytes.len() - same) as u16).to_le_bytes());
            text.extend_from_slice(&bytes[same..]);
            leads.extend_from_slice(&record[8..10]);
            flags.extend_from_slice(&record[14..]);
            before = bytes;
        }
        let mut last = 0;
        for number in self.members() {
            steps.extend((number - last).to_le_bytes());
            last = number;
        }
        joined(&[&kept, &lengths, &leads, &flags, &text, &self.nexts, &self.leads, &steps])
    }

    /// The bytes and the record of each keyword.
    fn rows(&self) -> impl Iterator<Item = (&[u8], &[u8; RECORD])> {
        let keywords = (0..=u16::MAX).map_while(|number| self.keyword(number));
        keywords.map(|keyword| keyword.bytes).zip(self.records.as_chunks().0)
    }
}

fn joined(columns: &[&[u8]]) -> Vec<u8> {
    let lengths = columns.iter().flat_map(|column| (column.len() as u32).to_le_bytes());
    lengths.chain(columns.iter().flat_map(|column| column.iter().copied())).collect()
}
