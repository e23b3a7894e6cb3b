//! What actions refer to: resource types, condition keys and other actions, as lists of small numbers.
//! Not here: the handles that others see (`resource`, `key`, `service`).

use std::ops::Range;

use super::{
    names::Names,
    pack::{Index, Lines, Reader, Streams},
};

/// A list for each action. Equal lists of one service are stored once.
#[derive(Default)]
pub(super) struct Lists {
    /// By ordinal.
    list_of: Vec<u16>,
    starts: Vec<u32>,
    items: Vec<u16>,
}

impl Lists {
    /// `places` holds a number for each action: 0 says that a new list follows in `lists` (its length and its items), and
    /// any other how recently the same service used the list. Neighbours have the same lists, so most places are small.
    fn decode(places: Reader, lists: Reader, names: &Names) -> Option<Lists> {
        let (mut places, mut lists) = (places, lists);
        let mut decoded = Lists { list_of: Vec::new(), starts: vec![0, 0], items: Vec::new() };
        let mut recent = Vec::new();
        for service in 0..names.len() {
            // Each service begins with the empty list, which is the first of all.
            recent.clear();
            recent.push(0);
            for _ in names.ordinals(service) {
                let list = match places.number()? {
                    0 => {
                        let number = u16::try_from(decoded.starts.len() - 1).ok()?;
                        for _ in 0..lists.number()? {
                            decoded.items.push(u16::try_from(lists.number()?).ok()?);
                        }
                        decoded.starts.push(u32::try_from(decoded.items.len()).ok()?);
                        number
                    }
                    place if place <= recent.len() => recent.remove(place - 1),
                    _ => return None,
                };
                recent.insert(0, list);
                decoded.list_of.push(list);
            }
        }
        Some(decoded)
    }

    pub(super) fn get(&self, ordinal: usize) -> &[u16] {
        let Some(&list) = self.list_of.get(ordinal) else { return &[] };
        range(&self.starts, usize::from(list)).and_then(|range| self.items.get(range)).unwrap_or_default()
    }
}

fn range(starts: &[u32], index: usize) -> Option<Range<usize>> {
    match starts.get(index..index + 2) {
        Some(&[start, end]) => Some(start as usize..end as usize),
        _ => None,
    }
}

/// Resource types of all services, and which of them actions can be granted on.
#[derive(Default)]
pub(super) struct Resources {
    pub(super) names: Lines,
    pub(super) arns: Lines,
    /// By service, one more than there are.
    starts: Vec<u32>,
    /// The number within the service, doubled, and one more where the type is optional.
    pub(super) used: Lists,
}

impl Resources {
    pub(super) fn decode(streams: Option<Streams>, names: &Names) -> Option<Resources> {
        let streams = streams?;
        let mut counts = streams.reader(0)?;
        let mut starts = vec![0];
        let mut total = 0;
        for _ in 0..names.len() {
            total += counts.number()?;
            starts.push(u32::try_from(total).ok()?);
        }
        Some(Resources {
            names: streams.lines(1)?,
            arns: streams.lines(2)?,
            starts,
            used: Lists::decode(streams.reader(3)?, streams.reader(4)?, names)?,
        })
    }

    pub(super) fn of(&self, service: usize) -> Range<usize> {
        range(&self.starts, service).unwrap_or(0..0)
    }

    pub(super) fn service_of(&self, resource: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= resource).saturating_sub(1)
    }
}

/// Condition keys of all services, and which services, actions and resource types list them.
#[derive(Default)]
pub(super) struct Keys {
    /// Sorted; each key once.
    pub(super) names: Lines,
    by_name: Index,
    pub(super) kinds: Vec<u8>,
    /// The service whose prefix each has.
    pub(super) services: Vec<Option<u16>>,
    /// Those with a variable in their name, and how many bytes stand before it.
    pub(super) templates: Vec<(u16, u16)>,
    starts: Vec<u32>,
    of_services: Vec<u16>,
    /// The numbers within the service's list.
    pub(super) used: Lists,
    resource_starts: Vec<u32>,
    of_resources: Vec<u16>,
}

impl Keys {
    pub(super) fn decode(streams: Option<Streams>, names: &Names, resources: &Resources) -> Option<Keys> {
        let streams = streams?;
        let mut keys = Keys {
            names: key_names(str::from_utf8(streams.get(0)?).ok()?)?,
            kinds: streams.get(1)?.to_vec(),
            used: Lists::decode(streams.reader(3)?, streams.reader(4)?, names)?,
            ..Keys::default()
        };
        keys.by_name = Index::new((0..keys.names.len()).map(|index| keys.names.get(index)))?;
        // Sorted by name, those of one service stand together.
        let mut last: (&str, Option<u16>) = ("", None);
        for index in 0..keys.names.len() {
            let name = keys.names.get(index);
            let prefix = name.split(':').next().unwrap_or_default();
            if prefix != last.0 {
                last = (prefix, names.find(prefix).and_then(|service| u16::try_from(service).ok()));
            }
            keys.services.push(last.1);
            if let Some(front) = name.find("${") {
                keys.templates.push((u16::try_from(index).ok()?, u16::try_from(front).ok()?));
            }
        }
        let mut reader = streams.reader(2)?;
        keys.starts.push(0);
        for _ in 0..names.len() {
            let mut index = 0;
            for _ in 0..reader.number()? {
                index += reader.number()?;
                keys.of_services.push(u16::try_from(index).ok()?);
            }
            keys.starts.push(u32::try_from(keys.of_services.len()).ok()?);
        }
        let mut reader = streams.reader(5)?;
        keys.resource_starts.push(0);
        for _ in 0..resources.names.len() {
            for _ in 0..reader.number()? {
                keys.of_resources.push(u16::try_from(reader.number()?).ok()?);
            }
            keys.resource_starts.push(u32::try_from(keys.of_resources.len()).ok()?);
        }
        Some(keys)
    }

    /// The key of this name, which is no template.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.find(name, |index| self.names.get(index))
    }

    /// The keys that a service lists.
    pub(super) fn of(&self, service: usize) -> &[u16] {
        range(&self.starts, service).and_then(|range| self.of_services.get(range)).unwrap_or_default()
    }

    /// The keys that a resource type lists, as numbers within its service's list.
    pub(super) fn of_resource(&self, resource: usize) -> &[u16] {
        range(&self.resource_starts, resource).and_then(|range| self.of_resources.get(range)).unwrap_or_default()
    }
}

/// The names of keys, where most have the prefix of the one before them.
fn key_names(packed: &str) -> Option<Lines> {
    let (mut text, mut prefix) = (String::with_capacity(2 * packed.len()), "");
    for line in packed.lines() {
        match line.split_once(':') {
            Some(("", _)) => text.push_str(prefix),
            Some((own, _)) => prefix = own,
            None => {}
        }
        text.push_str(line);
        text.push('\n');
    }
    Lines::new(&text)
}

/// Which actions need others.
#[derive(Default)]
pub(super) struct Dependents {
    /// Ordinals of the actions that others need.
    targets: Vec<u32>,
    used: Lists,
}

impl Dependents {
    pub(super) fn decode(streams: Option<Streams>, names: &Names) -> Option<Dependents> {
        let streams = streams?;
        let mut reader = streams.reader(0)?;
        let mut targets = Vec::new();
        let mut ordinal = 0;
        while !reader.0.is_empty() {
            ordinal += reader.number()?;
            targets.push(u32::try_from(ordinal).ok()?);
        }
        Some(Dependents { targets, used: Lists::decode(streams.reader(1)?, streams.reader(2)?, names)? })
    }

    pub(super) fn of(&self, ordinal: usize) -> &[u16] {
        self.used.get(ordinal)
    }

    pub(super) fn target(&self, item: u16) -> usize {
        self.targets.get(usize::from(item)).map_or(0, |&ordinal| ordinal as usize)
    }
}
