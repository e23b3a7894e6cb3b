//! The small tables that are kept by hand: global keys, service principals, regions, partitions, tombstones, providers.
//! Not here: their sources (`data/*.toml`), which `cargo xtask catalogue` packs.

use super::{
    Catalogue,
    pack::{Lines, Streams},
};
use crate::wildcard;

/// Rows with tabs between the columns, each table sorted by its first column.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) global_keys: Lines,
    /// Those with a variable in their name.
    pub(super) global_templates: Vec<usize>,
    pub(super) principals: Lines,
    pub(super) retired: Lines,
    pub(super) undocumented: Lines,
    pub(super) regions: Lines,
    pub(super) partitions: Lines,
    pub(super) oidc: Lines,
    pub(super) operations: Lines,
}

impl Tables {
    pub(super) fn decode(streams: Option<Streams>) -> Option<Tables> {
        let streams = streams?;
        let mut tables = Tables {
            global_keys: streams.lines(0)?,
            principals: streams.lines(1)?,
            retired: streams.lines(2)?,
            undocumented: streams.lines(3)?,
            regions: streams.lines(4)?,
            partitions: streams.lines(5)?,
            oidc: streams.lines(6)?,
            operations: streams.lines(7)?,
            ..Tables::default()
        };
        let all = 0..tables.global_keys.len();
        tables.global_templates = all.filter(|&index| tables.global_key(index).contains("${")).collect();
        Some(tables)
    }

    /// The name of a global key.
    pub(super) fn global_key(&self, index: usize) -> &str {
        self.global_keys.get(index).split('\t').next().unwrap_or_default()
    }
}

/// A service or action that AWS took away. A service can be retired though its actions are still listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retired<'c> {
    /// The prefix of a service, or an action with its prefix.
    pub name: &'c str,
    /// The day of its end, or of the last source that still listed it: `YYYY-MM-DD`.
    pub date: &'c str,
    /// What it was or what replaces it, as an end to a sentence; may be empty.
    pub note: &'c str,
}

/// A region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region<'c> {
    /// `eu-central-1`.
    pub name: &'c str,
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: &'c str,
}

/// A partition: a set of regions with accounts and ARNs of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition<'c> {
    /// What stands in ARNs: `aws-cn`.
    pub name: &'c str,
    /// What its host names end with: `amazonaws.com.cn`.
    pub dns_suffix: &'c str,
}

/// An OpenID Connect provider that trust policies name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OidcProvider<'c> {
    /// Its host and path; `*` stands for what differs between customers.
    pub host: &'c str,
    /// `GitHub Actions`.
    pub title: &'c str,
    /// The claim that a trust policy must pin, since tokens of every customer come from the same host: `sub`. Empty where
    /// the host is the customer's own.
    pub claim: &'c str,
    /// The form of that claim's values.
    pub form: &'c str,
}

fn columns<const N: usize>(row: &str) -> [&str; N] {
    let mut columns = row.split('\t');
    std::array::from_fn(|_| columns.next().unwrap_or_default())
}

impl<'c> Region<'c> {
    pub(super) fn from_row(row: &'c str) -> Region<'c> {
        let [name, partition] = columns(row);
        Region { name, partition }
    }
}

impl<'c> Partition<'c> {
    pub(super) fn from_row(row: &'c str) -> Partition<'c> {
        let [name, dns_suffix] = columns(row);
        Partition { name, dns_suffix }
    }
}

impl<'c> OidcProvider<'c> {
    pub(super) fn from_row(row: &'c str) -> OidcProvider<'c> {
        let [host, title, claim, form] = columns(row);
        OidcProvider { host, title, claim, form }
    }

    /// Whether `host`, as written in a policy, is this provider's.
    pub fn admits(&self, host: &str) -> bool {
        wildcard::admits(self.host, &host.to_ascii_lowercase())
    }
}

/// See [`Catalogue::retired`].
pub(super) fn retired<'c>(catalogue: &'c Catalogue, name: &str) -> Option<Retired<'c>> {
    let rows = &catalogue.tables().retired;
    let service = || rows.find_row(name.split(':').next().unwrap_or_default());
    let [name, date, note] = columns(rows.get(rows.find_row(name).or_else(service)?));
    Some(Retired { name, date, note })
}

/// See [`Catalogue::undocumented`].
pub(super) fn undocumented<'c>(catalogue: &'c Catalogue, name: &str) -> Option<&'c str> {
    let rows = &catalogue.tables().undocumented;
    let [_, date] = columns(rows.get(rows.find_row(name)?));
    Some(date)
}

/// See [`Catalogue::is_service_principal`].
pub(super) fn is_principal(catalogue: &Catalogue, name: &str) -> bool {
    let known = |name: &str| catalogue.tables().principals.find(name).is_some();
    if known(name) {
        return true;
    }
    let suffixes = catalogue.partitions().map(|partition| partition.dns_suffix);
    let stem = suffixes.filter_map(|suffix| name.strip_suffix(suffix)?.strip_suffix('.')).max_by_key(|stem| stem.len());
    let Some(stem) = stem else { return false };
    let global = |stem: &str| known(&format!("{stem}.amazonaws.com"));
    global(stem)
        || stem.rsplit_once('.').is_some_and(|(service, region)| catalogue.region(region).is_some() && global(service))
}
