//! Reads the blobs that `build.rs` wrote: a whole table where it stands, or the rules' own keywords, from which it is made.
//! They are a fraction of its size, which counts where a module is fetched. Not here: what the tables are (`mod.rs`).

use std::borrow::Cow;

use super::{Keyword, LEAD, RECORD, Record, Sought, Table, leads};

impl Table {
    /// Reads what `Table::whole` wrote; nothing is copied.
    pub(crate) fn read(whole: &'static [u8]) -> Option<Table> {
        let columns = columns::<10>(whole)?;
        let [filter, kinds, five, buckets, entries, records, text, nexts, leads, members] = columns.map(Cow::Borrowed);
        Some(Table { filter, kinds, five, buckets, entries, records, text, nexts, leads, members })
    }

    /// Reads what `Table::pack` wrote.
    pub(crate) fn unpack(packed: &[u8]) -> Option<Table> {
        let [kept, lengths, leads, flags, mut behind, nexts, all_leads, steps] = columns(packed)?;
        let (mut records, mut text, mut members) = (Vec::new(), Vec::new(), Vec::new());
        let (mut before, mut lead) = (0, 0u32);
        for row in 0..kept.len() / 2 {
            let number = |column: &[u8]| Some(u16::from_le_bytes(*column.as_chunks().0.get(row)?));
            let start = text.len();
            let kept = before..before + usize::from(number(kept)?);
            text.get(kept.clone())?;
            text.extend_from_within(kept);
            let (own, others) = behind.split_at_checked(number(lengths)?.into())?;
            text.extend_from_slice(own);
            let length = (text.len() - start) as u16;
            let mut record = [0; RECORD];
            record[..4].copy_from_slice(&(start as u32).to_le_bytes());
            record[4..8].copy_from_slice(&lead.to_le_bytes());
            for (place, number) in [(8, number(leads)?), (12, length), (14, number(flags)?)] {
                record[place..place + 2].copy_from_slice(&number.to_le_bytes());
            }
            records.extend_from_slice(&record);
            (before, behind) = (start, others);
            lead += u32::from(number(leads)?);
        }
        let mut member = 0u16;
        for step in steps.as_chunks().0 {
            member = member.checked_add(u16::from_le_bytes(*step))?;
            members.extend_from_slice(&member.to_le_bytes());
        }
        let own = Table {
            records: records.into(),
            text: text.into(),
            nexts: nexts.to_vec().into(),
            leads: all_leads.to_vec().into(),
            ..Table::default()
        };
        let table = Table { members: members.into(), ..Table::new(leads::with_forms(own.sought())) };
        (all_leads.len() == lead as usize * LEAD).then_some(table)
    }

    /// What its records were made of.
    fn sought(&self) -> Vec<Sought> {
        let records = (0..=u16::MAX).map_while(|number| Some((number, self.keyword(number)?)));
        let sought = records.map(|(number, Record { bytes, fold, word, token, plain, .. })| Sought {
            keyword: Keyword { bytes: bytes.to_vec(), fold },
            word,
            token,
            plain,
            leads: self.leads(number).collect(),
        });
        sought.collect()
    }
}

/// The columns of a blob, whose lengths stand before them.
fn columns<const COUNT: usize>(blob: &[u8]) -> Option<[&[u8]; COUNT]> {
    let (lengths, mut rest) = blob.split_at_checked(4 * COUNT)?;
    let mut columns = [[].as_slice(); COUNT];
    for (column, length) in columns.iter_mut().zip(lengths.as_chunks().0) {
        (*column, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    }
    Some(columns)
}
