//! Packs a `Model` (the layout is described in `keylint_policy::catalogue::layout`).
//! Not here: reading it back, which `verify` does with the program's own reader.

use std::{collections::BTreeMap, num::NonZeroU64};

use anyhow::Context;
use keylint_policy::catalogue::layout::{
    ARN_MARKS, GROUPS, LONG_VERB, LONG_WORD, MAGIC, VERBS_END, WORDS, unpacked, usual_arn_start,
};

use super::model::{Action, Model, Name, Service};

/// Rounds of the search for the smallest deflated form; more gain nothing that can be measured.
const ROUNDS: NonZeroU64 = NonZeroU64::new(30).unwrap();

/// An action in the packed order: by noun, then by verb.
struct Ordered<'m> {
    noun: &'m str,
    verb: &'m str,
    action: &'m Action,
}

/// The whole file.
pub(super) fn file(model: &Model, tables: &[Vec<u8>]) -> Vec<u8> {
    let verbs = verbs(model);
    let ordered: Vec<Vec<Ordered>> = model.services.iter().map(|service| order(service, &verbs)).collect();
    let groups = [
        names(model, &ordered, &verbs),
        resources(model, &ordered),
        keys(model, &ordered),
        dependents(model, &ordered),
        tables.to_vec(),
    ];
    let groups: Vec<(Vec<u8>, usize)> = groups.iter().map(|streams| deflate(streams)).collect();
    join(model.date.as_bytes(), &groups)
}

/// The file with other tables.
pub(super) fn replace_tables(old: &[u8], tables: &[Vec<u8>]) -> anyhow::Result<Vec<u8>> {
    let sizes = sizes(old)?;
    let date = old.get(MAGIC.len()..MAGIC.len() + 10).context("no date")?;
    let mut at = old.len() - sizes.iter().map(|size| size.0).sum::<usize>();
    let mut groups = Vec::new();
    for (packed, raw) in sizes {
        groups.push((old[at..at + packed].to_vec(), raw));
        at += packed;
    }
    groups[GROUPS - 1] = deflate(tables);
    Ok(join(date, &groups))
}

/// The packed and the unpacked size of each group.
pub(super) fn sizes(file: &[u8]) -> anyhow::Result<[(usize, usize); GROUPS]> {
    let mut rest = file.get(MAGIC.len() + 10..).context("too short")?.iter();
    let mut number = || -> anyhow::Result<usize> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = *rest.next().context("too short")?;
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return Ok(value);
            }
        }
    };
    let mut sizes = [(0, 0); GROUPS];
    for size in &mut sizes {
        *size = (number()?, number()?);
    }
    Ok(sizes)
}

fn join(date: &[u8], groups: &[(Vec<u8>, usize)]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend(date);
    for (packed, raw) in groups {
        number(&mut file, packed.len());
        number(&mut file, *raw);
    }
    for (packed, _) in groups {
        file.extend(packed);
    }
    file
}

fn deflate(streams: &[Vec<u8>]) -> (Vec<u8>, usize) {
    let mut raw = Vec::new();
    number(&mut raw, streams.len());
    for stream in streams {
        number(&mut raw, stream.len());
    }
    for stream in streams {
        raw.extend(stream);
    }
    let options = zopfli::Options { iteration_count: ROUNDS, ..zopfli::Options::default() };
    let mut packed = Vec::new();
    // Writing to memory cannot fail.
    let _ = zopfli::compress(options, zopfli::Format::Deflate, &raw[..], &mut packed);
    (packed, raw.len())
}

fn number(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn lines<'l>(lines: impl Iterator<Item = &'l str>) -> Vec<u8> {
    lines.flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect()
}

/// `GetBucketPolicy` is `Get` and `BucketPolicy`.
fn split(name: &str) -> (&str, &str) {
    let capitals = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = name[capitals..].bytes().take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()).count();
    if capitals == 0 { (name, "") } else { name.split_at(capitals + rest) }
}

/// The verbs by number, the most frequent first.
fn verbs(model: &Model) -> BTreeMap<&str, usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in model.services.iter().flat_map(|service| service.actions.keys()) {
        *counts.entry(split(&name.text).0).or_default() += 1;
    }
    let mut verbs: Vec<(&str, usize)> = counts.into_iter().collect();
    verbs.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    verbs.into_iter().enumerate().map(|(index, (verb, _))| (verb, index)).collect()
}

fn order<'m>(service: &'m Service, verbs: &BTreeMap<&str, usize>) -> Vec<Ordered<'m>> {
    let mut ordered: Vec<Ordered> = service
        .actions
        .iter()
        .map(|(name, action)| {
            let (verb, noun) = split(&name.text);
            Ordered { noun, verb, action }
        })
        .collect();
    ordered.sort_by_cached_key(|one| (one.noun.to_ascii_lowercase(), one.noun, verbs[one.verb]));
    ordered
}

/// The words of a noun: `DBProxyEndpoints` is `DB`, `Proxy` and `Endpoints`.
fn words(noun: &str) -> Vec<&str> {
    let bytes = noun.as_bytes();
    let mut words = Vec::new();
    let mut start = 0;
    for at in 1..=bytes.len() {
        let boundary = at == bytes.len() || {
            let (last, this) = (bytes[at - 1], bytes[at]);
            let next_is_lower = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            !last.is_ascii_alphanumeric()
                || !this.is_ascii_alphanumeric()
                || this.is_ascii_uppercase() && (!last.is_ascii_uppercase() || next_is_lower)
        };
        if boundary && noun.is_char_boundary(at) {
            words.push(&noun[start..at]);
            start = at;
        }
    }
    words
}

fn names(model: &Model, ordered: &[Vec<Ordered>], verbs: &BTreeMap<&str, usize>) -> Vec<Vec<u8>> {
    let nouns: Vec<Vec<&str>> = ordered
        .iter()
        .map(|service| {
            let mut nouns: Vec<&str> = service.iter().map(|one| one.noun).collect();
            nouns.dedup();
            nouns
        })
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in nouns.iter().flatten().flat_map(|noun| words(noun)) {
        *counts.entry(word).or_default() += 1;
    }
    // The most frequent words have one byte; within both parts words are sorted, which packs them best.
    let mut dictionary: Vec<&str> = counts.keys().copied().collect();
    dictionary.sort_by_key(|word| std::cmp::Reverse(counts[word]));
    let short = dictionary.len().min(usize::from(LONG_WORD - WORDS));
    dictionary[..short].sort_unstable();
    dictionary[short..].sort_unstable();
    let word_numbers: BTreeMap<&str, usize> =
        dictionary.iter().enumerate().map(|(index, &word)| (word, index)).collect();
    let mut verb_list = vec![""; verbs.len()];
    for (verb, &index) in verbs {
        verb_list[index] = verb;
    }
    let mut levels = vec![[0_usize; 5]; verbs.len()];
    for one in ordered.iter().flatten() {
        levels[verbs[one.verb]][usize::from(one.action.access)] += 1;
    }
    let usual: Vec<u8> =
        levels.iter().map(|counts| (0..5).rev().max_by_key(|&level| counts[level]).unwrap_or(0) as u8).collect();

    let (mut noun_counts, mut noun_words, mut noun_verbs) = (Vec::new(), Vec::new(), Vec::new());
    for (service, nouns) in ordered.iter().zip(&nouns) {
        number(&mut noun_counts, nouns.len());
        let mut kept = 0;
        for (place, noun) in nouns.iter().enumerate() {
            let own = words(noun);
            for word in &own[kept..] {
                let index = word_numbers[word];
                if index < short {
                    noun_words.push(index as u8 + WORDS);
                } else {
                    noun_words.push(LONG_WORD + ((index - short) >> 8) as u8);
                    noun_words.push((index - short) as u8);
                }
            }
            let next = nouns.get(place + 1).map(|noun| words(noun)).unwrap_or_default();
            kept = own.iter().zip(next).take(usize::from(WORDS) - 1).take_while(|(word, next)| *word == next).count();
            noun_words.push(kept as u8);
        }
        for same in service.chunk_by(|a, b| a.noun == b.noun) {
            for one in same {
                match verbs[one.verb].checked_sub(usize::from(LONG_VERB)) {
                    None => noun_verbs.push(verbs[one.verb] as u8),
                    Some(rest) => noun_verbs.extend([LONG_VERB, rest as u8]),
                }
            }
            noun_verbs.push(VERBS_END);
        }
    }
    let access = ordered.iter().flatten().map(|one| (one.action.access + 5 - usual[verbs[one.verb]]) % 5).collect();
    vec![
        lines(model.services.iter().map(|service| &*service.prefix)),
        lines(model.services.iter().map(|service| &*service.title)),
        lines(model.services.iter().map(|service| &*service.slug)),
        model.services.iter().map(|service| u8::from(service.rcp)).collect(),
        lines(verb_list.into_iter()),
        usual,
        lines(dictionary.into_iter()),
        noun_counts,
        noun_words,
        noun_verbs,
        access,
    ]
}

/// The two streams of a list for each action.
fn lists(ordered: &[Vec<Ordered>], list: impl Fn(usize, &Action) -> Vec<usize>) -> [Vec<u8>; 2] {
    let (mut places, mut new) = (Vec::new(), Vec::new());
    for (index, service) in ordered.iter().enumerate() {
        let mut recent = vec![Vec::new()];
        for one in service {
            let wanted = list(index, one.action);
            let place = recent.iter().position(|known| *known == wanted);
            number(&mut places, place.map_or(0, |place| place + 1));
            if let Some(place) = place {
                recent.remove(place);
            } else {
                number(&mut new, wanted.len());
                for &item in &wanted {
                    number(&mut new, item);
                }
            }
            recent.insert(0, wanted);
        }
    }
    [places, new]
}

/// The place of a name among sorted names.
fn place<'n>(names: impl IntoIterator<Item = &'n Name>, wanted: &Name) -> usize {
    names.into_iter().position(|name| name == wanted).unwrap_or_else(|| panic!("`{}` is not listed", wanted.text))
}

fn resources(model: &Model, ordered: &[Vec<Ordered>]) -> Vec<Vec<u8>> {
    let all =
        || model.services.iter().flat_map(|service| service.resources.iter().map(move |(name, r)| (service, name, r)));
    let mut counts = Vec::new();
    for service in &model.services {
        number(&mut counts, service.resources.len());
    }
    let arns: Vec<String> = all()
        .map(|(service, name, resource)| match resource.arn.strip_prefix(&*usual_arn_start(&service.prefix)) {
            Some(rest) => format!("@{}", marked(rest, &name.text)),
            None => marked(&resource.arn, &name.text),
        })
        .collect();
    let [places, new] = lists(ordered, |service, action| {
        let known = &model.services[service].resources;
        let item = |(name, &required): (&Name, &bool)| place(known.keys(), name) * 2 + usize::from(!required);
        action.resources.iter().map(item).collect()
    });
    vec![counts, lines(all().map(|(_, name, _)| &*name.text)), lines(arns.iter().map(|arn| &**arn)), places, new]
}

/// The ARN of a resource type of this name, where marks stand for what they say.
fn marked(arn: &str, name: &str) -> String {
    ARN_MARKS.into_iter().fold(arn.to_string(), |arn, mark| {
        let mut text = String::new();
        unpacked(mark, name, &mut text);
        // One letter is no shorter as a mark.
        if text.len() < 2 { arn } else { arn.replace(&text, mark.encode_utf8(&mut [0; 4])) }
    })
}

fn keys(model: &Model, ordered: &[Vec<Ordered>]) -> Vec<Vec<u8>> {
    let kinds = model.keys.values().map(|kind| keylint_policy::catalogue::layout::kind_byte(kind).unwrap_or_default());
    let (mut of_services, mut of_resources) = (Vec::new(), Vec::new());
    for service in &model.services {
        number(&mut of_services, service.keys.len());
        let mut last = 0;
        for name in &service.keys {
            let index = place(model.keys.keys(), name);
            number(&mut of_services, index - last);
            last = index;
        }
        for resource in service.resources.values() {
            number(&mut of_resources, resource.keys.len());
            for name in &resource.keys {
                number(&mut of_resources, place(&service.keys, name));
            }
        }
    }
    let [places, new] = lists(ordered, |service, action| {
        action.keys.iter().map(|name| place(&model.services[service].keys, name)).collect()
    });
    let prefix = |name: &str| name.find(':').unwrap_or(0);
    let mut before = "";
    let names = model.keys.keys().map(|name| {
        let same = name.text[..prefix(&name.text)] == before[..prefix(before)];
        before = &name.text;
        if same { &name.text[prefix(&name.text)..] } else { &name.text }
    });
    vec![lines(names), kinds.collect(), of_services, places, new, of_resources]
}

fn dependents(model: &Model, ordered: &[Vec<Ordered>]) -> Vec<Vec<u8>> {
    let all = model.services.iter().zip(ordered).flat_map(|(service, actions)| {
        actions.iter().map(|one| format!("{}:{}{}", service.prefix, one.verb, one.noun).to_ascii_lowercase())
    });
    let ordinals: BTreeMap<String, usize> = all.enumerate().map(|(ordinal, name)| (name, ordinal)).collect();
    let needed = ordered.iter().flatten().flat_map(|one| &one.action.dependents);
    let mut targets: Vec<usize> = needed.map(|name| ordinals[name]).collect();
    targets.sort_unstable();
    targets.dedup();
    let mut stream = Vec::new();
    let mut last = 0;
    for &ordinal in &targets {
        number(&mut stream, ordinal - last);
        last = ordinal;
    }
    let [places, new] = lists(ordered, |_, action| {
        let numbers = action.dependents.iter().filter_map(|name| targets.binary_search(&ordinals[name]).ok());
        let mut numbers: Vec<usize> = numbers.collect();
        numbers.sort_unstable();
        numbers
    });
    vec![stream, places, new]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue::FOLDER, process::root};

    #[test]
    fn the_packed_tables_are_those_kept_by_hand() -> anyhow::Result<()> {
        let folder = root().join(FOLDER);
        let file = std::fs::read(folder.join("catalogue.bin"))?;
        let packed = replace_tables(&file, &crate::catalogue::tables::streams(&folder)?)?;
        assert!(packed == file, "run `cargo xtask catalogue --tables`");
        Ok(())
    }

    #[test]
    fn names_are_cut_into_verb_and_words() {
        for (name, verb, wanted) in [
            ("GetBucketPolicy", "Get", "Bucket|Policy"),
            ("ListDBProxyEndpoints", "List", "DB|Proxy|Endpoints"),
            ("BatchGet2Things", "Batch", "Get2|Things"),
            ("Connect", "Connect", ""),
            ("lowerCase", "lowerCase", ""),
            ("GetX-Ray", "Get", "X|-|Ray"),
        ] {
            let (first, noun) = split(name);
            assert_eq!((first, words(noun).join("|").as_str()), (verb, wanted), "{name}");
        }
    }
}
