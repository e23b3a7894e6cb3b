//! Resource types as others see them.
//! Not here: comparing ARNs with their formats (`arn` and the checks).

use std::fmt;

use super::{
    Catalogue, KeyInfo, Service, key,
    layout::{unpacked, usual_arn_start},
};

/// A resource type of a service, such as `object` of `s3`.
#[derive(Clone, Copy)]
pub struct ResourceType<'c> {
    pub(super) catalogue: &'c Catalogue,
    pub(super) index: usize,
}

/// A resource type that an action can be granted on.
#[derive(Clone, Copy, Debug)]
pub struct ActionResource<'c> {
    /// The type.
    pub resource: ResourceType<'c>,
    /// Whether AWS marks it as required: a statement that names resources must name one of this type. Where an action has
    /// several types and none is required, any of them will do.
    pub required: bool,
}

impl<'c> ResourceType<'c> {
    /// The service whose page lists it; its ARNs may be another's.
    pub fn service(&self) -> Service<'c> {
        Service { catalogue: self.catalogue, index: self.catalogue.resources().service_of(self.index) }
    }

    /// `object`.
    pub fn name(&self) -> &'c str {
        self.catalogue.resources().names.get(self.index)
    }

    /// The form of its ARNs with variables: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`.
    pub fn arn_format(&self) -> String {
        let packed = self.catalogue.resources().arns.get(self.index);
        let (mut format, rest) = match packed.strip_prefix('@') {
            Some(rest) => (usual_arn_start(self.service().prefix()), rest),
            None => (String::new(), packed),
        };
        rest.chars().for_each(|letter| unpacked(letter, self.name(), &mut format));
        format
    }

    /// The form of its ARNs as a pattern: every variable is a `*`.
    pub fn arn_pattern(&self) -> String {
        let format = self.arn_format();
        let mut pattern = String::with_capacity(format.len());
        let mut rest = format.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            pattern.push_str(before);
            pattern.push('*');
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        pattern.push_str(rest);
        pattern
    }

    /// The condition keys that say something about resources of this type, sorted by name.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = KeyInfo<'c>> + use<'c> {
        let catalogue = self.catalogue;
        let service = catalogue.resources().service_of(self.index);
        let keys = catalogue.keys();
        keys.of_resource(self.index).iter().map(move |&item| {
            let index = keys.of(service).get(usize::from(item)).copied().unwrap_or_default();
            key::listed(catalogue, usize::from(index))
        })
    }
}

impl PartialEq for ResourceType<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for ResourceType<'_> {}

impl fmt::Debug for ResourceType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.service().prefix(), self.name())
    }
}
