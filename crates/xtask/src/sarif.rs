//! Stage of the gate: SARIF as Microsoft's validator sees it, with the rules that GitHub's code scanning adds.
//! Not here: what stands in the fields (`crates/report`).

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::{
    dist::node,
    npm::write_examples,
    plant,
    process::{built, command, output, program, root},
};

/// The packages that tests install.
const PACKAGES: &str = "npm/keylint/test";
/// Where the package for this system has the program; a package for another system is not installed.
const PROGRAM: &str = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool";
/// GitHub's own rules beside those of the standard.
const RULES: &str = "Sarif;Ghas";
/// Where nobody listens. The validator asks whether each address in a report answers, of which it only says a note, and
/// waits minutes for that where there is no network; through this proxy each is refused at once.
const NOWHERE: &str = "http://127.0.0.1:9";
/// Names that break links, shells, tables and lines where they are not escaped.
const NAMES: [&str; 9] = [
    "a b.txt",
    "100%25.txt",
    "q?x=1#frag.txt",
    "back\\slash.txt",
    "\"quote'<tag>&.txt",
    "éé😀.txt",
    "C:colon.txt",
    "line\nbreak.txt",
    "-dash.txt",
];

/// Validates reports on the sample service, on the examples of all rules, and on files with hostile names.
pub(crate) fn run_stage() -> anyhow::Result<()> {
    program()?;
    let place = node::installed(PACKAGES)?;
    let tool = place.join(PROGRAM);
    node::executable(&tool)?;
    let work = place.join("sarif");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let hostile = hostile(&work.join("hostile"))?;
    let sample = root().join("examples/leaky-service");
    let examples = work.join("examples");
    write_examples(&examples)?;
    report(&tool, &work, "sample", &sample, &["secret"])?;
    report(&tool, &work, "hostile", &hostile, &["secret"])?;
    report(&tool, &work, "examples", &examples, &["secret", "policy"])?;
    // A fault that only GitHub's rules know must be found, else they were not asked.
    let broken = work.join("broken.sarif");
    fs::write(&broken, without_help(&fs::read_to_string(work.join("sample.sarif"))?)?)?;
    ensure!(!messages(&tool, &broken)?.is_empty(), "a report whose rules have no help passes, too");
    Ok(())
}

/// Scans a folder and validates the report.
fn report(tool: &Path, work: &Path, name: &str, folder: &Path, families: &[&str]) -> anyhow::Result<()> {
    let report = work.join(format!("{name}.sarif"));
    let mut keylint = command(&built("debug", "keylint").to_string_lossy());
    keylint.current_dir(folder).args(["check", "--preview", "--archives", "--exit-zero", "--quiet", "--format"]);
    keylint.arg(format!("sarif:{}", report.display()));
    output(&mut keylint)?;
    let text = fs::read_to_string(&report).with_context(|| format!("there is no report on {name}"))?;
    let results = results(&text, families)?;
    let said = messages(tool, &report)?;
    ensure!(said.is_empty(), "{name}: {} messages, the first ones:\n{}", said.len(), first(&said));
    println!("{name}: {results} results, 0 messages with `--rule-kind {RULES}`");
    Ok(())
}

fn first(said: &[String]) -> String {
    said.iter().take(10).map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// How many results a report has; some of them must be of each of the families.
fn results(text: &str, families: &[&str]) -> anyhow::Result<usize> {
    let report: Value = serde_json::from_str(text)?;
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().context("there are no rules")?;
    let found = |family: &&str| rules.iter().any(|rule| rule["properties"]["tags"].to_string().contains(*family));
    ensure!(families.iter().all(found), "not all of {families:?} are found");
    Ok(run["results"].as_array().context("there are no results")?.len())
}

/// The report with rules that do not say what to do.
fn without_help(text: &str) -> anyhow::Result<String> {
    let mut report: Value = serde_json::from_str(text)?;
    let rules = report["runs"][0]["tool"]["driver"]["rules"].as_array_mut().context("there are no rules")?;
    rules.iter_mut().filter_map(Value::as_object_mut).for_each(|rule| drop(rule.remove("help")));
    Ok(report.to_string())
}

/// A folder of files with a secret each, and names that are hard to write.
fn hostile(folder: &Path) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let secret = plant::all(3)?.into_iter().next().context("no rule has an example")?;
    for name in NAMES {
        fs::write(folder.join(name), &secret.text).with_context(|| format!("cannot write {name:?}"))?;
    }
    Ok(folder.into())
}

/// What the validator says of a report: its errors and warnings, and where it failed itself.
fn messages(tool: &Path, report: &Path) -> anyhow::Result<Vec<String>> {
    let log = report.with_extension("log.sarif");
    let mut validate = command(&tool.to_string_lossy());
    validate.arg("validate").arg(report).args(["--rule-kind", RULES, "-o"]).arg(&log);
    validate.args(["--log", "ForceOverwrite"]).env("http_proxy", NOWHERE).env("https_proxy", NOWHERE);
    // It exits with 0 and says much; what counts stands in the log.
    output(&mut validate)?;
    let log: Value = serde_json::from_str(fs::read_to_string(&log)?.trim_start_matches('\u{feff}'))?;
    let Some(results) = log["runs"][0]["results"].as_array() else { bail!("the validator wrote no results") };
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array();
    let line = |value: &Value| format!("{}: {}", value["ruleId"], value["message"]);
    Ok(results.iter().chain(notes.into_iter().flatten()).map(line).collect())
}
