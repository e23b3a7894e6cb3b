//! Packs the default rules' keywords, and the dictionary.
//! Not here: the rules themselves, which `keylint-rules` packs.

#[path = "src/pack.rs"]
mod pack;
#[allow(dead_code, unused_imports)]
#[path = "src/table/mod.rs"]
mod table;

use std::{collections::BTreeSet, env, error::Error, fs, path::Path};

use keylint_rules::{Rule, builtin};
use table::Table;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/table");
    println!("cargo::rerun-if-changed=src/pack.rs");
    let (numbers, rules): (Vec<u16>, Vec<&Rule>) =
        (0..).zip(builtin()).filter(|(_, rule)| rule.is_default() && rule.secret.is_some()).unzip();
    let out = env::var("OUT_DIR")?;
    // A program reads its table where it stands. A module, which is fetched, makes it of the keywords at each start.
    let fetched = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm");
    let table = if fetched { Table::keywords_of(&rules) } else { Table::of(&rules) };
    let table = table.with_members(numbers.into_iter());
    let (whole, keywords) = if fetched { (Vec::new(), table.pack()) } else { (table.whole(), Vec::new()) };
    fs::write(Path::new(&out).join("table.bin"), whole)?;
    fs::write(Path::new(&out).join("keywords.bin"), keywords)?;
    fs::write(Path::new(&out).join("words.bin"), words()?)?;
    Ok(())
}

/// The words of both lists: of each, how many letters of the one before it it keeps, and its own.
fn words() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut words = BTreeSet::new();
    for name in ["words.txt", "common-words.txt"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        words.extend(fs::read_to_string(path)?.lines().map(str::to_string));
    }
    let (mut out, mut before) = (Vec::new(), String::new());
    for word in words {
        // A control character stands before each word but the first.
        let kept = before.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count().min(31);
        out.extend((!before.is_empty()).then_some(kept as u8));
        out.extend(&word.as_bytes()[kept..]);
        before = word;
    }
    Ok(out)
}
