//! Services and the names and access levels of their actions, decoded service by service.
//! Not here: the handles that others see (`service`), and what an action refers to (`relations`).
//!
//! An action's name is a verb and a noun, and the actions of one noun stand together: `BucketPolicy` with Delete, Get and
//! Put. Nouns are words of a dictionary. So packed, names take a third less room than as sorted text. The place of an
//! action in this order is its *ordinal*, which all other tables use; what others see is sorted by name.

use std::sync::OnceLock;

use super::{
    layout::{LONG_VERB, LONG_WORD, VERBS_END, WORDS},
    pack::{Index, Lines, Reader, Streams},
    service::AccessLevel,
};

/// The streams of the group, in their order.
mod stream {
    pub(super) const PREFIXES: usize = 0;
    pub(super) const TITLES: usize = 1;
    pub(super) const SLUGS: usize = 2;
    pub(super) const RCP: usize = 3;
    pub(super) const VERBS: usize = 4;
    pub(super) const VERB_ACCESS: usize = 5;
    pub(super) const WORDS: usize = 6;
    pub(super) const NOUN_COUNTS: usize = 7;
    pub(super) const NOUNS: usize = 8;
    pub(super) const NOUN_VERBS: usize = 9;
    pub(super) const ACCESS: usize = 10;
}

/// All services, and their actions as far as anyone asked.
#[derive(Default)]
pub(super) struct Names {
    pub(super) prefixes: Lines,
    by_prefix: Index,
    pub(super) titles: Lines,
    pub(super) slugs: Lines,
    verbs: Lines,
    words: Lines,
    streams: Streams,
    /// One more than there are services.
    cuts: Vec<Cut>,
    tables: Vec<OnceLock<Table>>,
}

/// Where the data of a service begins.
#[derive(Clone, Copy, Default)]
struct Cut {
    nouns: usize,
    verbs: usize,
    ordinal: usize,
}

/// The actions of one service.
#[derive(Default)]
pub(super) struct Table {
    text: String,
    /// The same in lower case.
    lower: String,
    by_name: Index,
    /// Sorted by name.
    rows: Vec<Row>,
    /// From the ordinal within the service to the row.
    row_of: Vec<u16>,
}

struct Row {
    start: u32,
    len: u16,
    ordinal: u16,
    access: AccessLevel,
}

impl Names {
    pub(super) fn decode(streams: Option<Streams>) -> Option<Names> {
        let streams = streams?;
        let mut names = Names {
            prefixes: streams.lines(stream::PREFIXES)?,
            titles: streams.lines(stream::TITLES)?,
            slugs: streams.lines(stream::SLUGS)?,
            verbs: streams.lines(stream::VERBS)?,
            words: streams.lines(stream::WORDS)?,
            ..Names::default()
        };
        names.by_prefix = Index::new((0..names.prefixes.len()).map(|index| names.prefixes.get(index)))?;
        let mut counts = streams.reader(stream::NOUN_COUNTS)?;
        let mut nouns = streams.reader(stream::NOUNS)?;
        let mut verbs = streams.reader(stream::NOUN_VERBS)?;
        let (all_nouns, all_verbs) = (nouns.0.len(), verbs.0.len());
        let mut ordinal = 0;
        for _ in 0..names.prefixes.len() {
            names.cuts.push(Cut { nouns: all_nouns - nouns.0.len(), verbs: all_verbs - verbs.0.len(), ordinal });
            for _ in 0..counts.number()? {
                while word(&mut nouns)?.is_ok() {}
                while verb(&mut verbs)?.is_some() {
                    ordinal += 1;
                }
            }
        }
        names.cuts.push(Cut { nouns: all_nouns, verbs: all_verbs, ordinal });
        names.tables.resize_with(names.prefixes.len(), OnceLock::new);
        names.streams = streams;
        Some(names)
    }

    /// How many services there are.
    pub(super) fn len(&self) -> usize {
        self.tables.len()
    }

    /// The service with this prefix.
    pub(super) fn find(&self, prefix: &str) -> Option<usize> {
        self.by_prefix.find(prefix, |index| self.prefixes.get(index))
    }

    /// The ordinals of a service's actions.
    pub(super) fn ordinals(&self, service: usize) -> std::ops::Range<usize> {
        match self.cuts.get(service..service + 2) {
            Some([this, next]) => this.ordinal..next.ordinal,
            _ => 0..0,
        }
    }

    /// The service that an action's ordinal belongs to.
    pub(super) fn service_of(&self, ordinal: usize) -> usize {
        self.cuts.partition_point(|cut| cut.ordinal <= ordinal).saturating_sub(1)
    }

    /// Whether resource control policies reach a service.
    pub(super) fn has_rcp(&self, service: usize) -> bool {
        self.streams.get(stream::RCP).and_then(|flags| flags.get(service)) == Some(&1)
    }

    /// The actions of a service, decoded on first use.
    pub(super) fn table(&self, service: usize) -> Option<&Table> {
        let table = self.tables.get(service)?;
        Some(table.get_or_init(|| self.decode_table(service).unwrap_or_default()))
    }

    fn decode_table(&self, service: usize) -> Option<Table> {
        let (this, next) = (self.cuts.get(service)?, self.cuts.get(service + 1)?);
        let mut nouns = Reader(self.streams.get(stream::NOUNS)?.get(this.nouns..next.nouns)?);
        let mut verbs = Reader(self.streams.get(stream::NOUN_VERBS)?.get(this.verbs..next.verbs)?);
        let mut access = Reader(self.streams.get(stream::ACCESS)?.get(this.ordinal..next.ordinal)?);
        let usual = self.streams.get(stream::VERB_ACCESS)?;
        let mut table = Table::default();
        // The noun, and where each of its words ends.
        let (mut noun, mut ends) = (String::new(), Vec::new());
        while !nouns.0.is_empty() {
            let kept = loop {
                match word(&mut nouns)? {
                    Ok(index) => noun.push_str(self.words.get(index)),
                    Err(kept) => break kept,
                }
                ends.push(noun.len());
            };
            while let Some(verb) = verb(&mut verbs)? {
                let start = table.text.len();
                table.text.push_str(self.verbs.get(verb));
                table.text.push_str(&noun);
                table.rows.push(Row {
                    start: u32::try_from(start).ok()?,
                    len: u16::try_from(table.text.len() - start).ok()?,
                    ordinal: u16::try_from(table.rows.len()).ok()?,
                    access: AccessLevel::from_index(usual.get(verb)? + access.byte()?),
                });
            }
            ends.truncate(kept);
            noun.truncate(ends.last().copied().unwrap_or(0));
        }
        table.lower = table.text.to_ascii_lowercase();
        let (lower, rows) = (&table.lower, &mut table.rows);
        keylint_diagnostics::sort_by(rows, |a, b| a.name(lower).cmp(b.name(lower)));
        table.by_name = Index::new(rows.iter().map(|row| row.name(lower)))?;
        table.row_of = vec![0; table.rows.len()];
        for (index, row) in table.rows.iter().enumerate() {
            table.row_of[usize::from(row.ordinal)] = u16::try_from(index).ok()?;
        }
        Some(table)
    }
}

/// The next word of a noun; at its end, how many of its words the next noun keeps.
fn word(nouns: &mut Reader) -> Option<Result<usize, usize>> {
    let first = nouns.byte()?;
    Some(match first {
        ..WORDS => Err(usize::from(first)),
        LONG_WORD.. => {
            let high = usize::from(first - LONG_WORD) << 8;
            Ok(usize::from(LONG_WORD - WORDS) + high + usize::from(nouns.byte()?))
        }
        short => Ok(usize::from(short - WORDS)),
    })
}

/// The next verb of a noun; an inner `None` at the end.
fn verb(verbs: &mut Reader) -> Option<Option<usize>> {
    Some(match verbs.byte()? {
        VERBS_END => None,
        LONG_VERB => Some(usize::from(LONG_VERB) + usize::from(verbs.byte()?)),
        short => Some(usize::from(short)),
    })
}

impl Row {
    fn name<'t>(&self, text: &'t str) -> &'t str {
        let start = self.start as usize;
        text.get(start..start + usize::from(self.len)).unwrap_or_default()
    }
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn name(&self, row: usize) -> &str {
        self.rows.get(row).map_or("", |row| row.name(&self.text))
    }

    pub(super) fn access(&self, row: usize) -> AccessLevel {
        self.rows.get(row).map_or(AccessLevel::Write, |row| row.access)
    }

    /// The ordinal within the service.
    pub(super) fn ordinal(&self, row: usize) -> usize {
        self.rows.get(row).map_or(0, |row| usize::from(row.ordinal))
    }

    pub(super) fn row_of(&self, ordinal: usize) -> Option<usize> {
        self.row_of.get(ordinal).map(|&row| usize::from(row))
    }

    /// The name in lower case.
    pub(super) fn lower(&self, row: usize) -> &str {
        self.rows.get(row).map_or("", |row| row.name(&self.lower))
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.find(name, |row| self.name(row))
    }

    /// The first row whose name begins with `prefix`, which is in lower case, or is behind all that do.
    pub(super) fn first_with(&self, prefix: &str) -> usize {
        self.rows.partition_point(|row| row.name(&self.lower) < prefix)
    }
}
