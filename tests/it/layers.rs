//! Holds the crates to the layers of ARCHITECTURE.md: who may depend on whom.
//! Not here: which outside crates they use; `deny.toml` says that.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

/// The crates, without their prefix, and those that each may depend on.
const LAYERS: &[(&str, &[&str])] = &[
    ("diagnostics", &[]),
    ("rules", &["diagnostics"]),
    ("syntax", &["diagnostics"]),
    ("secrets", &["diagnostics", "rules", "syntax"]),
    ("policy", &["diagnostics", "rules", "syntax"]),
    ("engine", &["diagnostics", "rules", "syntax", "secrets", "policy"]),
    ("report", &["diagnostics", "rules"]),
    ("lsp", &["diagnostics", "rules", "syntax", "engine", "report"]),
    ("wasm", &["diagnostics", "rules", "engine", "report"]),
    ("lsp-wasm", &["rules", "lsp"]),
    // The program. It knows `secrets` for the checksums of the sample service only.
    ("keylint", &["diagnostics", "rules", "engine", "report", "lsp", "secrets"]),
    ("xtask", &["diagnostics", "rules", "syntax", "secrets", "policy", "engine", "lsp", "report"]),
];

#[test]
fn crates_depend_downwards_only() {
    let allowed: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    for (name, dependencies) in packages() {
        let below = allowed.get(name.as_str()).unwrap_or_else(|| panic!("`{name}` has no place in the layers"));
        for dependency in dependencies {
            assert!(below.contains(&dependency.as_str()), "`{name}` may not depend on `{dependency}`");
        }
    }
}

/// The packages of the workspace and their dependencies within it, tests aside.
fn packages() -> Vec<(String, Vec<String>)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata gives JSON");
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let name = |value: &Value| value["name"].as_str().expect("a name").trim_start_matches("keylint-").to_string();
    let own = |dependency: &Value| dependency["path"].is_string() && dependency["kind"] != "dev";
    let packages = list(&metadata["packages"]);
    let dependencies =
        |package: &Value| list(&package["dependencies"]).iter().filter(|found| own(found)).map(name).collect();
    packages.iter().map(|package| (name(package), dependencies(package))).collect()
}
