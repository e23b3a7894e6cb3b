//! Reads the blob of keywords that `build.rs` wrote, and makes the tables of them: a seventh of their size, which counts
//! where the program is fetched before it runs. Not here: what the tables are (`mod.rs`).

use super::{LEAD, RECORD, Table};

/// Columns in the blob.
const COLUMNS: usize = 9;

impl Table {
    /// Reads what `Table::pack` wrote.
    pub(crate) fn unpack(packed: &[u8]) -> Option<Table> {
        let (lengths, mut rest) = packed.split_at_checked(4 * COLUMNS)?;
        let mut columns = [[].as_slice(); COLUMNS];
        for (column, length) in columns.iter_mut().zip(lengths.as_chunks().0) {
            (*column, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        }
        let [kept, lengths, leads, places, flags, mut behind, nexts, all_leads, steps] = columns;
        let mut table = Table { nexts: nexts.to_vec(), leads: all_leads.to_vec(), ..Table::default() };
        let (mut before, mut lead) = (0, 0u32);
        for row in 0..kept.len() / 2 {
            let number = |column: &[u8]| Some(u16::from_le_bytes(*column.as_chunks().0.get(row)?));
            let start = table.text.len();
            let kept = table.text.get(before..before + usize::from(number(kept)?))?.to_vec();
            let (own, others) = behind.split_at_checked(number(lengths)?.into())?;
            table.text.extend_from_slice(&kept);
            table.text.extend_from_slice(own);
            let length = (table.text.len() - start) as u16;
            let mut record = [0; RECORD];
            record[..4].copy_from_slice(&(start as u32).to_le_bytes());
            record[4..8].copy_from_slice(&lead.to_le_bytes());
            for (place, number) in [(8, number(leads)?), (10, number(places)?), (12, length), (14, number(flags)?)] {
                record[place..place + 2].copy_from_slice(&number.to_le_bytes());
            }
            table.records.extend_from_slice(&record);
            (before, behind) = (start, others);
            lead += u32::from(number(leads)?);
        }
        let mut member = 0u16;
        for step in steps.as_chunks().0 {
            member = member.checked_add(u16::from_le_bytes(*step))?;
            table.members.extend_from_slice(&member.to_le_bytes());
        }
        table.index();
        (table.leads.len() == lead as usize * LEAD).then_some(table)
    }
}
