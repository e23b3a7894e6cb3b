//! The order of a module's functions: those that share bytes stand side by side, since gzip looks back 32 KiB and no
//! further. Not here: moving them, which `wasm-opt` does by name; this gives them names that say their place.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};

/// Bytes that two functions share where they are said to share anything.
const SHARED: usize = 5;
/// What more functions than this share says little, and takes long to look at.
const COMMON: usize = 1500;
/// The functions before it that one is compared with.
const NEAR: usize = 40;
/// Functions that share less of themselves than this begin a new run, in the order that they had.
const LEAST: f64 = 0.02;
/// Added to what a function has to share, so that the shortest do not come first.
const SHORT: f64 = 30.0;

/// The module with names of functions that sort as they should stand. Other names are left out.
pub(super) fn named(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut out = module.get(..8).context("no module")?.to_vec();
    let (mut imports, mut order) = (0, Vec::new());
    let mut rest = &module[8..];
    while let Some((&id, behind)) = rest.split_first() {
        let (length, behind) = number(behind)?;
        let (section, others) = behind.split_at_checked(length).context("a section is cut off")?;
        match id {
            0 if section.starts_with(b"\x04name") => {}
            _ => out.extend(&rest[..rest.len() - others.len()]),
        }
        match id {
            2 => imports = imported(section)?,
            10 => order = similar(&functions(section)?),
            _ => {}
        }
        rest = others;
    }
    let mut names = vec![(0, 0); order.len()];
    for (place, &function) in order.iter().enumerate() {
        names[function] = (imports + function, place);
    }
    let mut list = leb(names.len());
    for (function, place) in names {
        list.extend(leb(function));
        list.extend(b"\x06");
        list.extend(format!("{place:06}").bytes());
    }
    let section = [b"\x04name\x01".to_vec(), leb(list.len()), list].concat();
    Ok([out, vec![0], leb(section.len()), section].concat())
}

/// How many functions an import section brings.
fn imported(section: &[u8]) -> anyhow::Result<usize> {
    let (count, mut rest) = number(section)?;
    for _ in 0..count {
        for _ in 0..2 {
            let (length, text) = number(rest)?;
            rest = text.get(length..).context("a name is cut off")?;
        }
        let [0, behind @ ..] = rest else { bail!("something else than a function is imported") };
        rest = number(behind)?.1;
    }
    Ok(count)
}

/// The bodies of a code section.
fn functions(section: &[u8]) -> anyhow::Result<Vec<&[u8]>> {
    let (count, mut rest) = number(section)?;
    let mut bodies = Vec::with_capacity(count);
    for _ in 0..count {
        let (length, behind) = number(rest)?;
        let (body, others) = behind.split_at_checked(length).context("a function is cut off")?;
        bodies.push(body);
        rest = others;
    }
    Ok(bodies)
}

/// The bodies' numbers, each followed by the one that shares most with it and those before it.
fn similar(bodies: &[&[u8]]) -> Vec<usize> {
    let parts: Vec<BTreeSet<&[u8]>> =
        bodies.iter().map(|body| body.windows(SHARED).filter(|part| drawn(part)).collect()).collect();
    let mut holders: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for (function, parts) in parts.into_iter().enumerate() {
        parts.into_iter().for_each(|part| holders.entry(part).or_default().push(function));
    }
    let holders: Vec<Vec<usize>> =
        holders.into_values().filter(|functions| (2..=COMMON).contains(&functions.len())).collect();
    let mut shared: Vec<Vec<usize>> = vec![Vec::new(); bodies.len()];
    for (part, holders) in holders.iter().enumerate() {
        holders.iter().for_each(|function| shared[*function].push(part));
    }

    let mut left = vec![true; bodies.len()];
    let mut order = Vec::with_capacity(bodies.len());
    for first in 0..bodies.len() {
        let mut next = Some(first).filter(|first| left[*first]);
        while let Some(function) = next {
            left[function] = false;
            order.push(function);
            let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
            let near: BTreeSet<usize> =
                order.iter().rev().take(NEAR).flat_map(|near| shared[*near].iter().copied()).collect();
            for holders in near.iter().map(|part| &holders[*part]) {
                // What few share says more.
                let weight = (holders.len() as f64).powf(-0.3);
                holders
                    .iter()
                    .filter(|other| left[**other])
                    .for_each(|other| *scores.entry(*other).or_default() += weight);
            }
            let scores = scores.into_iter().map(|(other, score)| (other, score / (shared[other].len() as f64 + SHORT)));
            let best = scores.reduce(|best, one| if one.1 > best.1 { one } else { best });
            next = best.filter(|(_, score)| *score > LEAST).map(|(other, _)| other);
        }
    }
    order
}

/// One part in four is looked at: any choice will do that is the same for the same bytes.
fn drawn(part: &[u8]) -> bool {
    let hash = part.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash >> 30 == 0
}

/// A number as WebAssembly stores it, and what stands behind it.
fn number(bytes: &[u8]) -> anyhow::Result<(usize, &[u8])> {
    let end = bytes.iter().position(|byte| *byte < 0x80).context("a number is cut off")?;
    let value = bytes[..=end].iter().rev().fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f));
    Ok((value, &bytes[end + 1..]))
}

fn leb(mut value: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_stands_side_by_side() {
        let one = b"0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz".as_slice();
        let other = b"zyxwvutsrqponmlkjihgfedcba9876543210ZYXWVUTSRQPONMLKJIHGFEDCBA+-*/()!".as_slice();
        assert_eq!(similar(&[one, other, one, other]), [0, 2, 1, 3]);
        assert_eq!(similar(&[b"", b"a"]), [0, 1]);
    }

    #[test]
    fn names_say_the_place() {
        // Two functions of types that do not matter here, behind an import.
        let imports = b"\x01\x01m\x01f\x00\x00";
        let code = b"\x02\x02\x00\x0b\x03\x00\x01\x0b";
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for (id, section) in [(2, &imports[..]), (10, &code[..]), (0, &b"\x04nameold"[..])] {
            module.extend([id, section.len() as u8]);
            module.extend(section);
        }
        let named = named(&module).expect("a module");
        assert!(named.ends_with(b"\x04name\x01\x11\x02\x01\x06000000\x02\x06000001"));
        assert!(!named.windows(3).any(|bytes| bytes == b"old"));
    }
}
