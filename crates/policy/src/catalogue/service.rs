//! Services and actions as others see them, and the actions that a pattern admits.
//! Not here: how names are stored (`names`), resource types (`resource`) and keys (`key`).

use std::{cmp::Ordering, fmt, ops::Range};

use super::{ActionResource, Catalogue, KeyInfo, ResourceType, key, layout::default_slug};
use crate::wildcard;

/// A service, such as `s3`.
#[derive(Clone, Copy)]
pub struct Service<'c> {
    pub(super) catalogue: &'c Catalogue,
    pub(super) index: usize,
}

impl<'c> Service<'c> {
    /// What stands before the colon of its actions; not unique to one product.
    pub fn prefix(&self) -> &'c str {
        self.catalogue.names().prefixes.get(self.index)
    }

    /// `Amazon S3`.
    pub fn title(&self) -> &'c str {
        self.catalogue.names().titles.get(self.index)
    }

    /// The last part of the address of its page in AWS's Service Authorization Reference, without the ending:
    /// `list_amazons3`.
    pub fn docs_slug(&self) -> String {
        let own = self.catalogue.names().slugs.get(self.index);
        if own.is_empty() { default_slug(self.title()) } else { own.to_string() }
    }

    /// Whether resource control policies apply to it.
    pub fn has_rcp(&self) -> bool {
        self.catalogue.names().has_rcp(self.index)
    }

    /// Its actions, sorted by name.
    pub fn actions(&self) -> Actions<'c> {
        Actions::of(*self)
    }

    /// Its action of this name, without the prefix.
    pub fn action(&self, name: &str) -> Option<Action<'c>> {
        let row = self.catalogue.names().table(self.index)?.find(name)?;
        Some(Action { catalogue: self.catalogue, service: self.index, row })
    }

    /// Its resource types, sorted by name.
    pub fn resource_types(&self) -> impl ExactSizeIterator<Item = ResourceType<'c>> + use<'c> {
        let catalogue = self.catalogue;
        catalogue.resources().of(self.index).map(move |index| ResourceType { catalogue, index })
    }

    /// Its resource type of this name.
    pub fn resource_type(&self, name: &str) -> Option<ResourceType<'c>> {
        self.resource_types().find(|resource| resource.name().eq_ignore_ascii_case(name))
    }

    /// The condition keys that its page lists, the shared `aws:` ones included, sorted by name.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = KeyInfo<'c>> + use<'c> {
        let catalogue = self.catalogue;
        catalogue.keys().of(self.index).iter().map(move |&index| key::listed(catalogue, usize::from(index)))
    }
}

/// An action, such as `s3:GetObject`.
#[derive(Clone, Copy)]
pub struct Action<'c> {
    pub(super) catalogue: &'c Catalogue,
    pub(super) service: usize,
    pub(super) row: usize,
}

impl<'c> Action<'c> {
    /// The service it belongs to.
    pub fn service(&self) -> Service<'c> {
        Service { catalogue: self.catalogue, index: self.service }
    }

    /// Its name without the service's prefix, as AWS writes it: `GetObject`.
    pub fn name(&self) -> &'c str {
        self.catalogue.names().table(self.service).map_or("", |table| table.name(self.row))
    }

    /// AWS's classification.
    pub fn access(&self) -> AccessLevel {
        self.catalogue.names().table(self.service).map_or(AccessLevel::Write, |table| table.access(self.row))
    }

    /// The resource types it can be granted on; none means that only `*` does.
    pub fn resources(&self) -> impl ExactSizeIterator<Item = ActionResource<'c>> + use<'c> {
        let catalogue = self.catalogue;
        let (resources, service) = (catalogue.resources(), self.service);
        resources.used.get(self.ordinal()).iter().map(move |&item| ActionResource {
            resource: ResourceType { catalogue, index: resources.of(service).start + usize::from(item >> 1) },
            required: item & 1 == 0,
        })
    }

    /// The condition keys that AWS lists for it, sorted by name. Keys of its resource types (`aws:ResourceTag/…`) are
    /// listed with those, and most global keys apply to every action without being listed.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = KeyInfo<'c>> + use<'c> {
        let catalogue = self.catalogue;
        let (keys, service) = (catalogue.keys(), self.service);
        let own = keys.used.get(self.ordinal());
        own.iter().map(move |&item| {
            let index = keys.of(service).get(usize::from(item)).copied().unwrap_or_default();
            key::listed(catalogue, usize::from(index))
        })
    }

    /// Whether a key, as written in a policy, is among its own keys or those of its resource types.
    pub fn has_key(&self, name: &str) -> bool {
        self.keys().any(|key| key.admits(name))
            || self.resources().any(|used| used.resource.keys().any(|key| key.admits(name)))
    }

    /// Actions that its caller must be allowed too, such as `iam:PassRole` for `lambda:CreateFunction`.
    pub fn dependents(&self) -> impl ExactSizeIterator<Item = Action<'c>> + use<'c> {
        let catalogue = self.catalogue;
        let dependents = catalogue.dependents();
        dependents.of(self.ordinal()).iter().map(move |&item| {
            let ordinal = dependents.target(item);
            let service = catalogue.names().service_of(ordinal);
            let within = ordinal.saturating_sub(catalogue.names().ordinals(service).start);
            let row = catalogue.names().table(service).and_then(|table| table.row_of(within)).unwrap_or_default();
            Action { catalogue, service, row }
        })
    }

    /// Its place in the order of the packed tables.
    fn ordinal(&self) -> usize {
        let names = self.catalogue.names();
        names.ordinals(self.service).start + names.table(self.service).map_or(0, |table| table.ordinal(self.row))
    }
}

impl PartialEq for Action<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.service, self.row) == (other.service, other.row)
    }
}

impl Eq for Action<'_> {}

impl PartialOrd for Action<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By service and name.
impl Ord for Action<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.service, self.row).cmp(&(other.service, other.row))
    }
}

/// `s3:GetObject`.
impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.service().prefix(), self.name())
    }
}

impl fmt::Debug for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Service<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for Service<'_> {}

impl PartialOrd for Service<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By prefix.
impl Ord for Service<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.index.cmp(&other.index)
    }
}

impl fmt::Debug for Service<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.prefix())
    }
}

/// What AWS says an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessLevel {
    /// Reads contents.
    Read,
    /// Lists what there is.
    List,
    /// Creates, changes or deletes.
    Write,
    /// Changes tags only.
    Tagging,
    /// Grants or takes permissions.
    PermissionsManagement,
}

impl AccessLevel {
    /// The level of a sum as it is packed: a verb's usual level and the distance from it.
    pub(super) fn from_index(index: u8) -> AccessLevel {
        use AccessLevel::*;
        [Read, List, Write, Tagging, PermissionsManagement][usize::from(index % 5)]
    }

    /// As AWS writes it: `Permissions management`.
    pub fn title(self) -> &'static str {
        match self {
            AccessLevel::Read => "Read",
            AccessLevel::List => "List",
            AccessLevel::Write => "Write",
            AccessLevel::Tagging => "Tagging",
            AccessLevel::PermissionsManagement => "Permissions management",
        }
    }
}

/// Iterates over actions in the order of service and name.
#[derive(Clone)]
pub struct Actions<'c> {
    catalogue: &'c Catalogue,
    /// The service whose actions come now, and those still to come.
    service: usize,
    services: Range<usize>,
    rows: Range<usize>,
    /// Lower case; `None` where all actions in the range are wanted.
    prefix: Option<String>,
    name: Option<String>,
    /// How many bytes of the name stand before its first wildcard: the actions that begin with them stand together.
    front: usize,
}

impl<'c> Actions<'c> {
    fn over(catalogue: &'c Catalogue, services: Range<usize>) -> Actions<'c> {
        Actions { catalogue, service: 0, services, rows: 0..0, prefix: None, name: None, front: 0 }
    }

    fn of(service: Service<'c>) -> Actions<'c> {
        Actions::over(service.catalogue, service.index..service.index + 1)
    }

    pub(super) fn new(catalogue: &'c Catalogue, pattern: &str) -> Actions<'c> {
        let all = 0..catalogue.names().len();
        let mut actions = Actions::over(catalogue, 0..0);
        if pattern == "*" {
            actions.services = all;
            return actions;
        }
        let Some((prefix, name)) = pattern.split_once(':') else { return actions };
        if wildcard::is_pattern(prefix) {
            actions.services = all;
            actions.prefix = Some(prefix.to_ascii_lowercase());
        } else if let Some(service) = catalogue.service(prefix) {
            actions.services = service.index..service.index + 1;
        }
        if name != "*" {
            actions.front = name.bytes().take_while(|byte| !matches!(byte, b'*' | b'?')).count();
            actions.name = Some(name.to_ascii_lowercase());
        }
        actions
    }

    /// Goes to the next service that the pattern admits.
    fn next_service(&mut self) -> Option<()> {
        let names = self.catalogue.names();
        self.service = match &self.prefix {
            None => self.services.next()?,
            Some(prefix) => self.services.find(|&index| wildcard::admits(prefix, names.prefixes.get(index)))?,
        };
        let table = names.table(self.service)?;
        self.rows = match &self.name {
            None => 0..table.len(),
            Some(name) if self.front < name.len() => table.first_with(&name[..self.front])..table.len(),
            Some(name) => table.find(name).map_or(0..0, |row| row..row + 1),
        };
        Some(())
    }
}

impl<'c> Iterator for Actions<'c> {
    type Item = Action<'c>;

    fn next(&mut self) -> Option<Action<'c>> {
        loop {
            let Some(row) = self.rows.next() else {
                self.next_service()?;
                continue;
            };
            let action = Action { catalogue: self.catalogue, service: self.service, row };
            let Some(name) = &self.name else { return Some(action) };
            let lower = self.catalogue.names().table(self.service).map_or("", |table| table.lower(row));
            if !lower.starts_with(&name[..self.front]) {
                self.rows = 0..0;
            } else if wildcard::admits(name, lower) {
                return Some(action);
            }
        }
    }
}
