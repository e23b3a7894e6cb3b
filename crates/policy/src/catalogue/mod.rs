//! The AWS service catalogue: services, actions, resource types, condition keys, dependent actions and small tables.
//! Not here: what a policy means or which of this a check needs (`checks`), and how the data is fetched and packed (xtask).
//!
//! [`Catalogue::get`] is the one that is built in. It is decoded group by group on first use, the action names service by
//! service, so that a policy that names three services pays for three. All names are found without regard to case.
//!
//! ```
//! use keylint_policy::catalogue::{AccessLevel, Catalogue};
//!
//! let catalogue = Catalogue::get();
//! let action = catalogue.action("s3:getobject").expect("documented");
//! assert_eq!((action.service().prefix(), action.name()), ("s3", "GetObject"));
//! assert_eq!(action.access(), AccessLevel::Read);
//! assert!(action.resources().any(|used| used.resource.name() == "object"));
//! assert!(catalogue.key("aws:RequestTag/team").is_some_and(|key| key.name == "aws:RequestTag/${TagKey}"));
//! assert_eq!(catalogue.actions_matching("s3:GetObjectTagg*").count(), 1);
//! assert_eq!(catalogue.nearest_action("s3:GetObjct"), Some(action));
//! ```
//!
//! | question | answer |
//! |---|---|
//! | [`Catalogue::date`] | the day the data was taken, `2026-09-26` |
//! | [`Catalogue::service`], [`Catalogue::services`] | [`Service`]: `prefix()`, `title()`, `docs_slug()`, `actions()`, `action(name)`, `resource_types()`, `resource_type(name)`, `keys()` |
//! | [`Catalogue::action`], [`Catalogue::actions_matching`], [`Catalogue::admits_action`] | [`Action`]: `service()`, `name()`, `access()`, `resources()`, `keys()`, `has_key(name)`, `dependents()` |
//! | [`Action::resources`], [`Service::resource_types`] | [`ActionResource`] `{ resource, required }`, [`ResourceType`]: `name()`, `arn_format()`, `keys()` |
//! | [`Catalogue::key`] | [`KeyInfo`] `{ name, kind, multivalued, global, service, template, replacement }` |
//! | [`Catalogue::nearest_service`], [`Catalogue::nearest_action`], [`Catalogue::nearest_key`], [`Catalogue::nearest_service_principal`] | "did you mean" |
//! | [`Catalogue::retired`], [`Catalogue::undocumented`] | names that AWS took away, with the day; names in use that AWS does not document |
//! | [`Catalogue::service_principals`], [`Catalogue::is_service_principal`] | `lambda.amazonaws.com` … |
//! | [`Catalogue::is_rcp_service`] | whether resource control policies reach the service |
//! | [`Catalogue::regions`], [`Catalogue::region`], [`Catalogue::partitions`] | [`Region`], [`Partition`] |
//! | [`Catalogue::oidc_providers`], [`Catalogue::oidc_provider`] | identity providers whose tokens AWS accepts, and the claim that names the caller |

mod key;
pub mod layout;
mod names;
mod near;
mod pack;
mod relations;
mod resource;
mod service;
mod tables;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

pub use key::{KeyInfo, KeyKind};
pub use pack::PackError;
pub use resource::{ActionResource, ResourceType};
pub use service::{AccessLevel, Action, Actions, Service};
pub use tables::{OidcProvider, Partition, Region, Retired};

use names::Names;
pub(crate) use pack::Index;
use pack::{Group, Pack};
use relations::{Dependents, Keys, Resources};
use tables::Tables;

/// What AWS documents about its services, as of [`date`](Catalogue::date).
pub struct Catalogue {
    pack: Pack,
    names: OnceLock<Names>,
    resources: OnceLock<Resources>,
    keys: OnceLock<Keys>,
    dependents: OnceLock<Dependents>,
    tables: OnceLock<Tables>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("date", &self.date()).finish_non_exhaustive()
    }
}

static BUILT_IN: OnceLock<Catalogue> = OnceLock::new();

impl Catalogue {
    /// The built-in catalogue. Costs nothing until it is asked something.
    pub fn get() -> &'static Catalogue {
        BUILT_IN.get_or_init(|| {
            let packed: &'static [u8] = include_bytes!("../../data/catalogue.bin");
            // A test proves that the built-in bytes are whole; were they not, the catalogue would be empty.
            Catalogue::new(Pack::open(packed.into()).unwrap_or_default())
        })
    }

    /// A catalogue from the bytes that `cargo xtask catalogue` writes.
    pub fn open(packed: Vec<u8>) -> Result<Catalogue, PackError> {
        let catalogue = Catalogue::new(Pack::open(packed.into())?);
        catalogue.pack.check()?;
        Ok(catalogue)
    }

    fn new(pack: Pack) -> Catalogue {
        Catalogue {
            pack,
            names: OnceLock::new(),
            resources: OnceLock::new(),
            keys: OnceLock::new(),
            dependents: OnceLock::new(),
            tables: OnceLock::new(),
        }
    }

    /// The day of the data, `YYYY-MM-DD`.
    pub fn date(&self) -> &str {
        self.pack.date()
    }

    /// All services, sorted by prefix.
    pub fn services(&self) -> impl ExactSizeIterator<Item = Service<'_>> {
        (0..self.names().len()).map(|index| Service { catalogue: self, index })
    }

    /// The service with this prefix, as in `s3:GetObject`.
    pub fn service(&self, prefix: &str) -> Option<Service<'_>> {
        let index = self.names().find(prefix)?;
        Some(Service { catalogue: self, index })
    }

    /// The action of this full name, `s3:GetObject`.
    pub fn action(&self, full: &str) -> Option<Action<'_>> {
        let (prefix, name) = full.split_once(':')?;
        self.service(prefix)?.action(name)
    }

    /// All actions that a pattern with `*` and `?` admits, in the order of their names. The part before the colon may be a
    /// pattern too; `*` alone admits everything, a text without a colon nothing.
    pub fn actions_matching<'c>(&'c self, pattern: &str) -> Actions<'c> {
        Actions::new(self, pattern)
    }

    /// Whether a pattern admits any action at all.
    pub fn admits_action(&self, pattern: &str) -> bool {
        self.actions_matching(pattern).next().is_some()
    }

    /// What is known of a condition key, global or of a service, as written in a policy: `aws:RequestTag/team` and
    /// `kms:EncryptionContext:app` are found under their templates.
    pub fn key(&self, name: &str) -> Option<KeyInfo<'_>> {
        key::find(self, name)
    }

    /// All global keys, sorted by name.
    pub fn global_keys(&self) -> impl ExactSizeIterator<Item = KeyInfo<'_>> {
        (0..self.tables().global_keys.len()).map(|index| key::global(self, index))
    }

    /// The service whose prefix is the likeliest to be meant by `prefix`.
    pub fn nearest_service(&self, prefix: &str) -> Option<Service<'_>> {
        near::service(self, prefix)
    }

    /// The action that is the likeliest to be meant by `full`: the permission of an API operation of that name
    /// (`s3:ListObjects`), a misspelling in the same or a misspelt service, or the only action of that name elsewhere.
    pub fn nearest_action(&self, full: &str) -> Option<Action<'_>> {
        near::action(self, full)
    }

    /// The condition key that is the likeliest to be meant by `name`; what stands for a template's variable is kept, as in
    /// `aws:RequestTag/team`.
    pub fn nearest_key(&self, name: &str) -> Option<String> {
        near::key(self, name)
    }

    /// The service principal that is the likeliest to be meant.
    pub fn nearest_service_principal(&self, name: &str) -> Option<&str> {
        near::principal(self, name)
    }

    /// Known service principals in their global form, sorted. Not complete: AWS publishes no list.
    pub fn service_principals(&self) -> impl ExactSizeIterator<Item = &str> {
        let principals = &self.tables().principals;
        (0..principals.len()).map(|index| principals.get(index))
    }

    /// Whether `name` is a known service principal, also with a region (`logs.eu-west-1.amazonaws.com`) or in the form of
    /// another partition (`.amazonaws.com.cn`).
    pub fn is_service_principal(&self, name: &str) -> bool {
        tables::is_principal(self, name)
    }

    /// Whether resource control policies apply to the service with this prefix.
    pub fn is_rcp_service(&self, prefix: &str) -> bool {
        self.service(prefix).is_some_and(|service| service.has_rcp())
    }

    /// The tombstone of a service (`deeplens`) or of an action (`sso:DescribePermissionsPolicies`) that AWS took away. An
    /// action or a key of a retired service has its service's.
    pub fn retired(&self, name: &str) -> Option<Retired<'_>> {
        tables::retired(self, name)
    }

    /// The day on which an action (or a service's prefix) was seen in AWS's own policies though it is not documented.
    pub fn undocumented(&self, name: &str) -> Option<&str> {
        tables::undocumented(self, name)
    }

    /// All regions, sorted by name.
    pub fn regions(&self) -> impl ExactSizeIterator<Item = Region<'_>> {
        let rows = &self.tables().regions;
        (0..rows.len()).map(|index| Region::from_row(rows.get(index)))
    }

    /// The region of this name.
    pub fn region(&self, name: &str) -> Option<Region<'_>> {
        let rows = &self.tables().regions;
        rows.find_row(name).map(|index| Region::from_row(rows.get(index)))
    }

    /// All partitions, sorted by name.
    pub fn partitions(&self) -> impl ExactSizeIterator<Item = Partition<'_>> {
        let rows = &self.tables().partitions;
        (0..rows.len()).map(|index| Partition::from_row(rows.get(index)))
    }

    /// Known OpenID Connect providers, sorted by host.
    pub fn oidc_providers(&self) -> impl ExactSizeIterator<Item = OidcProvider<'_>> {
        let rows = &self.tables().oidc;
        (0..rows.len()).map(|index| OidcProvider::from_row(rows.get(index)))
    }

    /// The OpenID Connect provider of this host and path, as it stands in a provider ARN or before the colon of a key.
    pub fn oidc_provider(&self, host: &str) -> Option<OidcProvider<'_>> {
        self.oidc_providers().find(|provider| provider.admits(host))
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::decode(self.pack.group(Group::Names)).unwrap_or_default())
    }

    fn resources(&self) -> &Resources {
        let decode = || Resources::decode(self.pack.group(Group::Resources), self.names());
        self.resources.get_or_init(|| decode().unwrap_or_default())
    }

    fn keys(&self) -> &Keys {
        let decode = || Keys::decode(self.pack.group(Group::Keys), self.names(), self.resources());
        self.keys.get_or_init(|| decode().unwrap_or_default())
    }

    fn dependents(&self) -> &Dependents {
        let decode = || Dependents::decode(self.pack.group(Group::Dependents), self.names());
        self.dependents.get_or_init(|| decode().unwrap_or_default())
    }

    fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| Tables::decode(self.pack.group(Group::Tables)).unwrap_or_default())
    }
}
