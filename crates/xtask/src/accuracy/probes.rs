//! The forms that people report as missed, and traps: written by `probes.py` with a seed, so that nothing can be learnt
//! by heart. Not here: what the forms are.

use std::{fs, path::Path};

use anyhow::Context;
use keylint_diagnostics::Document;
use keylint_engine::Engine;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    process::{command, find, output, target},
    scan,
};

#[derive(Deserialize)]
struct Probe {
    file: String,
    expect: bool,
}

/// Scans the probes of each seed.
pub(crate) fn run(engine: &Engine, acceptance: &Path, seeds: &str) -> anyhow::Result<Value> {
    if find("python3").is_none() {
        println!("probes: skipped, python3 is not installed");
        return Ok(Value::Null);
    }
    println!("probes");
    let mut out = Vec::new();
    for seed in seeds.split(',').map(str::trim).filter(|seed| !seed.is_empty()) {
        let folder = target("accuracy").join(format!("probes-{seed}"));
        fs::create_dir_all(&folder)?;
        let script = acceptance.join("probes.py");
        let list = output(command("python3").arg("-B").arg(script).arg(&folder).arg(seed))?;
        let probes: Vec<Probe> = list.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        let read = |probe: &Probe| {
            fs::read(folder.join(&probe.file)).with_context(|| format!("cannot read the probe `{}`", probe.file))
        };
        let texts: Vec<Vec<u8>> = probes.iter().map(read).collect::<Result<_, _>>()?;
        let documents: Vec<Document<'_>> =
            probes.iter().zip(&texts).map(|(probe, text)| Document::new(&probe.file, text)).collect();
        let found = scan::all(engine, &documents);
        let names = |wanted: bool, flagged: fn(&[scan::Finding]) -> bool| -> Vec<&str> {
            let chosen = probes
                .iter()
                .zip(&found)
                .filter(|(probe, findings)| probe.expect == wanted && flagged(findings) != wanted);
            chosen.map(|(probe, _)| probe.file.as_str()).collect()
        };
        let missed = names(true, |findings| !findings.is_empty());
        let below = names(true, |findings| findings.iter().any(scan::Finding::at_gate));
        let traps = names(false, |findings| findings.iter().any(scan::Finding::at_gate));
        let forms = probes.iter().filter(|probe| probe.expect).count();
        println!(
            "  seed {seed}: {} of {forms} forms found, {} at the gate; {} of {} traps flagged at the gate",
            forms - missed.len(),
            forms - below.len(),
            traps.len(),
            probes.len() - forms
        );
        for (what, names) in [("missed", &missed), ("not at the gate", &below), ("flagged", &traps)] {
            if !names.is_empty() {
                println!("    {what}: {}", names.join(" "));
            }
        }
        out.push(json!({ "seed": seed, "forms": forms, "missed": missed, "notAtGate": below, "traps": probes.len() - forms, "flagged": traps }));
    }
    Ok(json!(out))
}
