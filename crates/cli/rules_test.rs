//! The command `rules test`: tries rules of the user before they run on anything.
//! Not here: the format of a rule (`keylint-rules`), or how it finds secrets (`keylint-secrets`).

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use keylint_diagnostics::Document;
use keylint_rules::{Family, RuleFile, Secret, expand};
use keylint_secrets::{Checksum, Cost, Detector, prefilter_gap};

use crate::{shell, terminal::counted};

/// Each example is tried with so many values in place of its placeholders.
const SEEDS: u64 = 3;
/// A pattern of more states is slow to compile and to search; the largest built-in ones have a fifth.
const MANY_STATES: usize = 20_000;
/// A window of more bytes makes each keyword costly; tokens need a tenth.
const WIDE_WINDOW: usize = 4096;
/// A shorter keyword stands in nearly every text.
const SHORT_KEYWORD: usize = 4;
/// A text that is quoted in a complaint is cut to this many bytes.
const MAX_QUOTE: usize = 160;

/// What was learned of a rule.
#[derive(Default)]
struct Tried {
    /// What must be mended.
    problems: Vec<String>,
    /// What may be better.
    remarks: Vec<String>,
    /// What it costs, and what was tried.
    facts: Vec<String>,
}

/// Tries the rules of `folder`.
pub(crate) fn run(folder: &Path) -> anyhow::Result<ExitCode> {
    let files = rule_files(folder)?;
    if files.is_empty() {
        bail!("no rule is in `{}`: rules are files `ID.toml`, or `FAMILY/ID.toml`", folder.display());
    }
    let mut out = String::new();
    let mut problems = 0;
    for (family, path) in &files {
        let tried = read(*family, path).map_or_else(problem, |file| attempt(&file));
        problems += tried.problems.len();
        // Writing to a string cannot fail.
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let state = if tried.problems.is_empty() { "ok" } else { "wrong" };
        let facts = if tried.facts.is_empty() { String::new() } else { format!(" ({})", tried.facts.join("; ")) };
        let _ = writeln!(out, "{}: {state}{facts}", name.escape_debug());
        for problem in &tried.problems {
            let _ = writeln!(out, "  error: {problem}");
        }
        for remark in &tried.remarks {
            let _ = writeln!(out, "  note: {remark}");
        }
    }
    let _ = writeln!(out, "{} tried, {}", counted(files.len(), "rule"), counted(problems, "problem"));
    shell::print(out.as_bytes())?;
    Ok(ExitCode::from(u8::from(problems > 0)))
}

fn problem(error: String) -> Tried {
    Tried { problems: vec![error], ..Tried::default() }
}

/// The rule files of a folder: `ID.toml` for secrets, or `FAMILY/ID.toml`.
fn rule_files(folder: &Path) -> anyhow::Result<Vec<(Family, PathBuf)>> {
    let mut folders = vec![(folder.to_path_buf(), Family::Secret)];
    let families = Family::ALL.into_iter().map(|family| (folder.join(family.as_str()), family));
    folders.extend(families.filter(|(folder, _)| folder.is_dir()));
    let mut files = Vec::new();
    for (folder, family) in folders {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "toml") && path.is_file() {
                files.push((family, path));
            }
        }
    }
    files.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(files)
}

fn read(family: Family, path: &Path) -> Result<RuleFile, String> {
    let id = path.file_stem().and_then(|stem| stem.to_str()).ok_or("its name is not UTF-8")?;
    let text = fs::read_to_string(path).map_err(|error| format!("it cannot be read: {error}"))?;
    RuleFile::parse(family, id, &text).map_err(|error| error.reason)
}

/// Tries one rule.
fn attempt(file: &RuleFile) -> Tried {
    let mut tried = Tried::default();
    let Some(secret) = &file.rule.secret else { return tried };
    let mut rule = file.rule.clone();
    if let Some(secret) = &mut rule.secret {
        // A partner that does not run here must not hide what the rule finds alone.
        secret.near = None;
    }
    let rules = [rule];
    match Detector::new(&rules, b"examples", None).and_then(|detector| detector.compile().map(|()| detector)) {
        Ok(detector) => examples(file, &detector, &mut tried),
        Err(error) => tried.problems.push(format!("`{}`: {}", error.key, error.reason)),
    }
    match prefilter_gap(secret) {
        Ok(None) => {}
        Ok(Some(text)) => tried.problems.push(format!(
            "`keywords`: the pattern matches `{}`, which holds none of them, so it would never be found",
            quote(&String::from_utf8_lossy(&text))
        )),
        Err(error) => tried.problems.push(format!("`keywords` cannot be proved: {error}")),
    }
    match Cost::of(secret) {
        Ok(cost) => costs(secret, cost, &mut tried),
        Err(error) => tried.problems.push(error),
    }
    if keylint_rules::builtin().iter().any(|rule| rule.id == file.rule.id) {
        tried.remarks.push("it replaces the built-in rule of the same name".into());
    }
    tried
}

/// Scans the examples and compares what is found with their marks.
fn examples(file: &RuleFile, detector: &Detector, tried: &mut Tried) {
    let mut scanner = detector.scanner();
    let checksum = |name: &str, head: &[u8]| String::from_utf8(Checksum::named(name)?.compute(head)?).ok();
    for (index, example) in file.examples.iter().enumerate() {
        for seed in 1..=SEEDS {
            let expanded = expand::example(example, seed, &checksum);
            let path = example.path.as_deref().unwrap_or("app/config");
            let found = scanner.scan(&Document::new(path, expanded.text.as_bytes())).0;
            let spans = found.iter().map(|diagnostic| diagnostic.primary.span.range());
            let spans: Vec<_> = spans.map(|range| (range.start, range.end)).collect();
            if spans != expanded.marked {
                let wrong = difference(&expanded.text, &expanded.marked, &spans);
                tried.problems.push(format!("example {}: {wrong} in `{}`", index + 1, quote(&expanded.text)));
                break;
            }
        }
    }
    tried.facts.push(counted(file.examples.len(), "example"));
    if !file.examples.iter().any(|example| example.text.contains('«')) {
        tried.remarks.push("no example marks with «…» what must be found".into());
    }
    if file.examples.iter().all(|example| example.text.contains('«')) {
        tried.remarks.push("no example must stay silent".into());
    }
}

/// What is found too much and what too little.
fn difference(text: &str, want: &[(usize, usize)], got: &[(usize, usize)]) -> String {
    let named = |spans: Vec<&(usize, usize)>| {
        let texts = spans.iter().map(|(start, end)| format!("`{}`", quote(text.get(*start..*end).unwrap_or_default())));
        texts.collect::<Vec<_>>().join(", ")
    };
    let missing: Vec<_> = want.iter().filter(|span| !got.contains(span)).collect();
    let extra: Vec<_> = got.iter().filter(|span| !want.contains(span)).collect();
    match (missing.is_empty(), extra.is_empty()) {
        (false, true) => format!("{} is not found", named(missing)),
        (true, _) => format!("{} is found and not marked", named(extra)),
        (false, false) => format!("{} is found instead of {}", named(extra), named(missing)),
    }
}

/// Says what the rule costs, and what of it is dear.
fn costs(secret: &Secret, cost: Cost, tried: &mut Tried) {
    let measure = &secret.measure;
    tried.facts.push(format!("{} states", cost.states));
    tried.facts.push(format!("matches {} to {} bytes", measure.shortest, measure.longest));
    tried.facts.push(format!("searches {} bytes around a keyword", cost.window));
    if cost.states > MANY_STATES {
        let kib = cost.memory >> 10;
        tried.remarks.push(format!("slow: {} states ({kib} KiB); shorten the repetitions", cost.states));
    }
    if cost.window > WIDE_WINDOW {
        let before = measure.before;
        tried.remarks.push(format!(
            "slow: {} bytes are searched around each keyword, {before} of them before it; shorten the repetitions",
            cost.window
        ));
    }
    if cost.keyword < SHORT_KEYWORD {
        tried
            .remarks
            .push(format!("slow: a keyword of {} bytes stands in many texts; take a longer one", cost.keyword));
    }
    let case = secret.pattern.as_ref().is_some_and(|pattern| pattern.contains("(?i"));
    if case && cost.keyword <= SHORT_KEYWORD {
        tried.remarks.push("slow: a short keyword in any case stands in many texts".into());
    }
}

/// A text as it is quoted in a message.
fn quote(text: &str) -> String {
    let cut = text.char_indices().map(|(at, _)| at).find(|&at| at > MAX_QUOTE).unwrap_or(text.len());
    let more = if cut < text.len() { "…" } else { "" };
    format!("{}{more}", text[..cut].escape_debug())
}
