//! Packs the rule files into two blobs: what the engine needs at start-up, and what people read.

#[allow(dead_code, unreachable_pub)]
#[path = "format.rs"]
mod format;
#[allow(dead_code, unreachable_pub)]
#[path = "measure.rs"]
mod measure;

use std::{env, error::Error, fs, path::Path};

use format::{About, Family, Rule, RuleFile};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=format.rs");
    println!("cargo::rerun-if-changed=measure.rs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for family in Family::ALL {
        let folder = root.join(family.as_str());
        println!("cargo::rerun-if-changed={}", folder.display());
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
    fs::write(Path::new(&out).join("rules.bin"), postcard::to_allocvec(&rules)?)?;
    fs::write(Path::new(&out).join("about.bin"), postcard::to_allocvec(&about)?)?;
    Ok(())
}
