//! The examples of the rules as texts: secrets to plant, seeds for fuzzing. They are expanded here and only here, at run
//! time, so that no token-shaped string is ever stored. Not here: whether the examples hold, which a test says.

use std::{fs, ops::Range, path::Path};

use anyhow::Context;
use keylint_rules::{Family, RuleFile, expand};
use keylint_secrets::Checksum;

use crate::process::root;

/// An example that must be found.
#[derive(Clone, Debug)]
pub(crate) struct Plant {
    /// Its rule.
    pub(crate) rule: String,
    /// Its document's path.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
    /// Where in it the first secret stands.
    pub(crate) span: Range<usize>,
    /// What tells whose the secret is: the rule's first keyword, without the sign that ends it.
    pub(crate) name: String,
    /// Whether the secret is known by its own shape.
    pub(crate) pattern: bool,
}

impl Plant {
    /// The first secret.
    pub(crate) fn secret(&self) -> &str {
        &self.text[self.span.clone()]
    }
}

/// All examples with marks, by rule.
pub(crate) fn all(seed: u64) -> anyhow::Result<Vec<Plant>> {
    let folder = root().join("rules/secret");
    let mut files: Vec<_> = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut out = Vec::new();
    for file in &files {
        let id = file.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let file = RuleFile::parse(Family::Secret, &id, &text)?;
        let secret = file.rule.secret.as_ref();
        if secret.is_none_or(|secret| secret.public) {
            continue;
        }
        let pattern = secret.is_some_and(|secret| secret.pattern.is_some());
        let keyword = secret.and_then(|secret| secret.keywords.first()).map_or("", String::as_str);
        let name = keyword.trim_end_matches(['_', '-', '=', ':']);
        for example in file.examples.iter().filter(|example| example.text.contains('«')) {
            let expanded = expand::example(example, seed, &checksum);
            let span = expanded.marked.first().map_or(0..0, |&(start, end)| start..end);
            let path = example.path.clone().unwrap_or_else(|| "config.txt".into());
            out.push(Plant { rule: id.to_string(), path, text: expanded.text, span, name: name.into(), pattern });
        }
    }
    Ok(out)
}

/// The checksum `name` of a token that begins with `head`, as examples ask for it.
pub(crate) fn checksum(name: &str, head: &[u8]) -> Option<String> {
    String::from_utf8(Checksum::named(name)?.compute(head)?).ok()
}

/// Writes `count` examples of tokens, of rules spread over all of them, each into a folder of its own; gives the folders'
/// names.
pub(crate) fn write(folder: &Path, count: usize) -> anyhow::Result<Vec<String>> {
    let mut plants = all(50)?;
    plants.retain(|plant| plant.pattern);
    plants.dedup_by(|a, b| a.rule == b.rule);
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let step = (plants.len() / count).max(1);
    let mut names = Vec::new();
    for (number, plant) in plants.iter().step_by(step).take(count).enumerate() {
        let name = format!("{number:02}-{}", plant.rule);
        let file = folder.join(&name).join(&plant.path);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(&file, &plant.text)?;
        names.push(name);
    }
    Ok(names)
}
