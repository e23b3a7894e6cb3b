//! Makes the table of the default rules' keywords, so that a scan starts without making it.
//! Not here: the rules themselves, which `keylint-rules` packs.

#[path = "src/pack.rs"]
mod pack;
#[allow(dead_code, unused_imports)]
#[path = "src/table/mod.rs"]
mod table;

use std::{env, error::Error, fs, path::Path};

use keylint_rules::{Rule, builtin};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/table");
    println!("cargo::rerun-if-changed=src/pack.rs");
    let (numbers, rules): (Vec<u16>, Vec<&Rule>) =
        (0..).zip(builtin()).filter(|(_, rule)| rule.is_default() && rule.secret.is_some()).unzip();
    let table = table::Table::of(&rules).with_members(numbers.into_iter());
    fs::write(Path::new(&env::var("OUT_DIR")?).join("table.bin"), table.pack())?;
    Ok(())
}
