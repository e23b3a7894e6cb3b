//! The catalogue as plain lists, between reading and packing.
//! Not here: any idea of how it is packed.

use std::collections::{BTreeMap, BTreeSet};

/// All that the sources say.
pub(super) struct Model {
    /// `YYYY-MM-DD`.
    pub(super) date: String,
    /// The name, version and licence of each source.
    pub(super) sources: Vec<[String; 3]>,
    /// Sorted by prefix.
    pub(super) services: Vec<Service>,
    /// Types by name, for all services.
    pub(super) keys: BTreeMap<Name, String>,
}

/// A name in the order that the catalogue has: without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    lower: String,
    pub(super) text: String,
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name { lower: text.to_ascii_lowercase(), text: text.to_string() }
    }
}

pub(super) struct Service {
    pub(super) prefix: String,
    pub(super) title: String,
    /// Empty where it follows from the title.
    pub(super) slug: String,
    pub(super) rcp: bool,
    pub(super) actions: BTreeMap<Name, Action>,
    pub(super) resources: BTreeMap<Name, Resource>,
    pub(super) keys: BTreeSet<Name>,
}

#[derive(Default)]
pub(super) struct Action {
    /// Index of `AccessLevel`.
    pub(super) access: u8,
    /// Whether the type is required.
    pub(super) resources: BTreeMap<Name, bool>,
    pub(super) keys: BTreeSet<Name>,
    /// Full names in lower case.
    pub(super) dependents: BTreeSet<String>,
}

pub(super) struct Resource {
    pub(super) arn: String,
    pub(super) keys: BTreeSet<Name>,
}

impl Model {
    /// The text that stands beside the packed file.
    pub(super) fn summary(&self, size: usize) -> String {
        let count = |of: fn(&Service) -> usize| -> usize { self.services.iter().map(of).sum() };
        let dependent: usize = self
            .services
            .iter()
            .flat_map(|service| service.actions.values())
            .filter(|a| !a.dependents.is_empty())
            .count();
        let mut text = format!(
            "# What `catalogue.bin` was made from\n\nWritten by `cargo xtask catalogue`; data of {}.\n\n\
             | source | version | licence |\n|---|---|---|\n",
            self.date
        );
        for [name, version, licence] in &self.sources {
            text += &format!("| {name} | {version} | {licence} |\n");
        }
        text += &format!(
            "\n| content | count |\n|---|---|\n| services | {} |\n| actions | {} |\n| actions with dependent actions | \
             {dependent} |\n| resource types | {} |\n| condition keys | {} |\n| packed bytes | {size} |\n",
            self.services.len(),
            count(|service| service.actions.len()),
            count(|service| service.resources.len()),
            self.keys.len(),
        );
        text
    }
}
