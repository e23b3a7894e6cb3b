//! Reads the tables kept by hand (`tables.toml`, `retired.toml`) into the rows of the last group.
//! Not here: what they mean (`keylint_policy::catalogue`).

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};
use keylint_policy::catalogue::layout::kind_byte;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Tables {
    global_keys: BTreeMap<String, Vec<String>>,
    replaced_keys: BTreeMap<String, String>,
    partitions: BTreeMap<String, Partition>,
    providers: BTreeMap<String, Provider>,
    operations: BTreeMap<String, String>,
    principals: Principals,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Partition {
    suffix: String,
    regions: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Provider {
    title: String,
    claim: String,
    form: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Principals {
    names: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetiredTables {
    services: Vec<RetiredService>,
    actions: Vec<Names>,
    undocumented: Vec<Names>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetiredService {
    name: String,
    date: String,
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    service: String,
    date: String,
    names: Vec<String>,
}

/// The rows of one table by their first column in lower case.
#[derive(Default)]
struct Rows(BTreeMap<String, String>);

impl Rows {
    fn add(&mut self, columns: &[&str]) -> anyhow::Result<()> {
        let row = columns.join("\t");
        if columns.iter().any(|column| column.contains(['\t', '\n'])) {
            bail!("a column of `{row}` has a tab or a line feed");
        }
        match self.0.insert(columns[0].to_ascii_lowercase(), row) {
            None => Ok(()),
            Some(_) => bail!("`{}` stands twice", columns[0]),
        }
    }

    fn stream(self) -> Vec<u8> {
        self.0.into_values().flat_map(|row| (row + "\n").into_bytes()).collect()
    }
}

/// The streams of the last group.
pub(super) fn streams(folder: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read `{name}`"));
    let tables: Tables = toml::from_str(&read("tables.toml")?).context("tables.toml")?;
    let retired: RetiredTables = toml::from_str(&read("retired.toml")?).context("retired.toml")?;
    let [
        mut keys,
        mut principals,
        mut gone,
        mut undocumented,
        mut regions,
        mut partitions,
        mut providers,
        mut operations,
    ] = std::array::from_fn(|_| Rows::default());
    let mut kinds = BTreeMap::new();
    for (kind, names) in &tables.global_keys {
        kind_byte(kind).with_context(|| format!("unknown type `{kind}`"))?;
        for name in names {
            kinds.insert(name, kind);
            keys.add(&[name, kind])?;
        }
    }
    for (old, new) in &tables.replaced_keys {
        let kind = kinds.get(new).with_context(|| format!("`{new}` is no global key"))?;
        keys.add(&[old, kind, new])?;
    }
    for name in tables.principals.names.split_whitespace() {
        let full = if name.ends_with(".com") { name.to_string() } else { format!("{name}.amazonaws.com") };
        principals.add(&[&full])?;
    }
    for service in &retired.services {
        gone.add(&[&service.name, date(&service.date)?, &service.note])?;
    }
    for (rows, groups) in [(&mut gone, &retired.actions), (&mut undocumented, &retired.undocumented)] {
        for group in groups {
            for name in &group.names {
                rows.add(&[&format!("{}:{name}", group.service), date(&group.date)?])?;
            }
        }
    }
    for (name, partition) in &tables.partitions {
        partitions.add(&[name, &partition.suffix])?;
        for region in partition.regions.split_whitespace() {
            regions.add(&[region, name])?;
        }
    }
    for (host, provider) in &tables.providers {
        providers.add(&[host, &provider.title, &provider.claim, &provider.form])?;
    }
    for (operation, action) in &tables.operations {
        operations.add(&[operation, action])?;
    }
    let all = [keys, principals, gone, undocumented, regions, partitions, providers, operations];
    Ok(all.into_iter().map(Rows::stream).collect())
}

fn date(text: &str) -> anyhow::Result<&str> {
    let digits =
        |range: std::ops::Range<usize>| text.get(range).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let shape = digits(0..4) && digits(5..7) && digits(8..10) && text.len() == 10;
    if shape { Ok(text) } else { bail!("`{text}` is no date") }
}
