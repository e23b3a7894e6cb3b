//! `cargo xtask notice FILE`: the notice as a release has it, with the licence texts of all libraries in the program.
//! Not here: which licences may come in (`dependencies.rs`).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::{
    args::Args,
    process::{cargo, output, root},
};

/// Beginnings of the names of files that hold a licence or what it wants to be passed on.
const NAMES: [&str; 5] = ["copying", "copyright", "licence", "license", "notice"];
/// A file of this size is no licence.
const MAX_TEXT: u64 = 200_000;

/// Writes the file.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let file = args.positional().context("the name of the file is missing")?;
    args.finish()?;
    let file = root().join(file);
    fs::create_dir_all(file.parent().unwrap_or(root()))?;
    let own = fs::read_to_string(root().join("NOTICE"))?;
    fs::write(file, format!("{}\n\n{}", own.trim_end(), third_party()?))?;
    Ok(ExitCode::SUCCESS)
}

/// A library: its name, its version, and what it says of its licence.
type Library = (String, String, String);

/// The texts, each once, below the libraries that have it.
fn third_party() -> anyhow::Result<String> {
    let folders = folders()?;
    let mut texts: BTreeMap<String, BTreeSet<Library>> = BTreeMap::new();
    let mut silent = BTreeSet::new();
    for library in libraries()? {
        let folder = folders.get(&(library.0.clone(), library.1.clone()));
        let found = licences(folder.with_context(|| format!("where is {} {}?", library.0, library.1))?)?;
        if found.is_empty() {
            silent.insert(library.clone());
        }
        for text in found {
            texts.entry(text).or_default().insert(library.clone());
        }
    }
    ensure!(!texts.is_empty(), "no library has a licence");
    let mut out = String::from("Libraries in the program\n------------------------\n");
    let line = |(name, version, licence): &Library| format!("{name} {version} ({licence})\n");
    let mut sections: Vec<_> = texts.into_iter().map(|(text, libraries)| (libraries, text)).collect();
    sections.sort();
    for (libraries, text) in sections {
        out.push('\n');
        out.extend(libraries.iter().map(line));
        out.extend(text.lines().map(|text| format!("  {text}").trim_end().to_string() + "\n"));
    }
    if !silent.is_empty() {
        out.push_str("\nThese come without a text of their own; that of the licence they name counts:\n\n");
        out.extend(silent.iter().map(line));
    }
    Ok(out)
}

/// What the program is built of, on any system, without this workspace's own packages.
fn libraries() -> anyhow::Result<BTreeSet<Library>> {
    let mut tree = cargo();
    tree.args(["tree", "--locked", "--package", "keylint", "--edges", "normal,no-proc-macro", "--target", "all"]);
    let listed = output(tree.args(["--prefix", "none", "--format", "{p}\t{l}"]))?;
    let read = |line: &str| {
        let (package, licence) = line.split_once('\t')?;
        let mut words = package.split_whitespace();
        let (name, version) = (words.next()?, words.next()?.trim_start_matches('v'));
        let own = name.starts_with("keylint");
        (!own).then(|| (name.to_string(), version.to_string(), licence.trim_end_matches(" (*)").to_string()))
    };
    Ok(listed.lines().filter_map(read).collect())
}

/// Where each package lies, by name and version.
fn folders() -> anyhow::Result<BTreeMap<(String, String), PathBuf>> {
    let metadata: Value =
        serde_json::from_str(&output(cargo().args(["metadata", "--locked", "--format-version", "1"]))?)?;
    let packages = metadata["packages"].as_array().context("`cargo metadata` lists no packages")?;
    let read = |package: &Value| {
        let text = |name: &str| Some(package[name].as_str()?.to_string());
        Some(((text("name")?, text("version")?), Path::new(&text("manifest_path")?).parent()?.to_path_buf()))
    };
    Ok(packages.iter().filter_map(read).collect())
}

/// The texts in a package's folder, in the order of their names.
fn licences(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let about = entry.metadata()?;
        if NAMES.iter().any(|start| name.starts_with(start)) && about.is_file() && about.len() <= MAX_TEXT {
            files.push(entry.path());
        }
    }
    files.sort();
    let text = |file: &PathBuf| Ok(String::from_utf8_lossy(&fs::read(file)?).replace("\r\n", "\n").trim().to_string());
    files.iter().map(text).collect()
}
