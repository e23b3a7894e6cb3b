//! Packs the rule files into two blobs: what the engine needs at start-up, and what people read.

#[allow(dead_code, unreachable_pub)]
#[path = "format.rs"]
mod format;
#[allow(dead_code, unreachable_pub)]
#[path = "measure.rs"]
mod measure;
#[allow(unreachable_pub)]
#[path = "read.rs"]
mod read;

use std::{env, error::Error, fs, path::Path};

use format::{About, Family, Rule, RuleFile};

/// Set where the texts that people read are shipped beside the program instead of in it: they are two thirds of a
/// WebAssembly module's data, and a scan never reads them.
const TEXTS_APART: &str = "KEYLINT_TEXTS_APART";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed={TEXTS_APART}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // All of it, and not folder by folder: one that is not there would count as changed at every build.
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    for family in Family::ALL {
        let folder = root.join(family.as_str());
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let id = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a rule's name is not UTF-8")?;
                files.push(RuleFile::parse(family, id, &fs::read_to_string(&path)?)?);
            }
        }
    }
    files.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    let (rules, about): (Vec<Rule>, Vec<About>) = files.into_iter().map(|file| (file.rule, file.about)).unzip();
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("rules.bin"), packed(&rules)?)?;
    let texts = if env::var_os(TEXTS_APART).is_some() { Vec::new() } else { postcard::to_allocvec(&about)? };
    fs::write(Path::new(&out).join("about.bin"), texts)?;
    Ok(())
}

/// The rules so that each can be decoded alone: how many there are, how many run by default, how many of those are about no
/// secret, and how many sets of bytes may follow a keyword; the numbers of the third; these sets; the length of each rule,
/// and they. Behind a rule stand the numbers of its keywords' sets.
fn packed(rules: &[Rule]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut lengths = Vec::new();
    let mut all = Vec::new();
    let mut sets: Vec<u128> = Vec::new();
    let default = |rule: &&Rule| rule.is_default();
    let others = (0u32..).zip(rules).filter(|(_, rule)| rule.is_default() && rule.secret.is_none());
    let others: Vec<u8> = others.flat_map(|(number, _)| number.to_le_bytes()).collect();
    for rule in rules {
        let mut rule = rule.clone();
        let next = rule.secret.as_mut().map(|secret| std::mem::take(&mut secret.measure.next)).unwrap_or_default();
        let start = all.len();
        all.extend(postcard::to_allocvec(&rule)?);
        for set in next {
            let known = sets.iter().position(|known| *known == set);
            all.push(u8::try_from(known.unwrap_or(sets.len()))?);
            sets.extend(known.is_none().then_some(set));
        }
        lengths.extend(u16::try_from(all.len() - start)?.to_le_bytes());
    }
    let mut packed = Vec::new();
    for count in [rules.len(), rules.iter().filter(default).count(), others.len() / 4, sets.len()] {
        packed.extend(u32::try_from(count)?.to_le_bytes());
    }
    let sets = sets.iter().flat_map(|set| set.to_le_bytes()).collect();
    Ok([packed, others, sets, lengths, all].concat())
}
