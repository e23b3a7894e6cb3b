//! The command `migrate`: takes over what another scanner was told, scans, and says every difference.
//! Not here: the files of other scanners (`migrate/`), or what a baseline accepts (`keylint_engine::baseline`).

mod counterparts;
mod detect_secrets;
mod gitleaks;
mod hooks;
mod others;
mod paths;
mod pattern;
mod plan;
mod records;
mod tables;

use std::{
    collections::BTreeMap,
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use keylint_diagnostics::{Diagnostic, SkipKind};
use keylint_engine::{
    baseline::{Baseline, Entry, Place, Seen, Terms},
    config,
};
use keylint_report::Gate;
use keylint_rules::{Family, RuleFile};

use self::plan::Plan;
use crate::{
    args::{GlobalArgs, MigrateArgs, RuleChoice, Scanner},
    baseline::{self, Accepted, Wanted},
    config_file::{self, Loaded, Scopes},
    place::{Here, repository},
    scan::Outcome,
    shell, terminal,
};

/// The folder of imported rules.
const RULES: &str = "keylint-rules";
/// Differences of one kind that are listed; the number of the others is said.
const MAX_LISTED: usize = 200;

/// Runs `migrate`.
pub(crate) fn run(args: &MigrateArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let here = Here::new().context("cannot find the current folder")?;
    let root = repository(here.path()).unwrap_or(here.path()).to_path_buf();
    let accepted: Vec<PathBuf> = args.accepted.iter().map(|path| here.path().join(path)).collect();
    // Paths are those of the repository's root from here on, as in the files that are read.
    env::set_current_dir(&root).with_context(|| format!("cannot enter `{}`", root.display()))?;
    let plan = read(args.from, &root, &accepted)?;
    if plan.read.is_empty() && plan.patches.is_empty() && plan.lost.is_empty() {
        bail!("no file of {} is in `{}`", name(args.from), root.display());
    }
    let existing = config_file::in_folder(&root);
    if let Some(existing) = existing.as_ref().filter(|_| args.write && plan.configures()) {
        let name = existing.strip_prefix(&root).unwrap_or(existing);
        bail!("`{}` exists already; without `--write` you see what to put into it", name.display());
    }
    let migrated = migrate(&plan, &root, existing.is_some(), global)?;
    let mut out = String::new();
    describe(&mut out, &plan, &migrated, args.write);
    let outcome = if args.write {
        write(&plan, &migrated, &root)?;
        check(global)?
    } else {
        migrated.outcome
    };
    differences(&mut out, &plan, &migrated.unmatched, &outcome);
    if !args.write {
        out.push_str("\nnothing was written: `--write` does\n");
    }
    shell::print(out.as_bytes())
}

fn name(from: Scanner) -> &'static str {
    match from {
        Scanner::Auto => "another scanner",
        Scanner::Gitleaks => "gitleaks",
        Scanner::DetectSecrets => "detect-secrets",
        Scanner::Secretlint => "secretlint",
        Scanner::Ggshield => "ggshield",
        Scanner::Kingfisher => "kingfisher",
    }
}

fn read(from: Scanner, root: &Path, accepted: &[PathBuf]) -> anyhow::Result<Plan> {
    let mut plan = Plan::default();
    let wants = |scanner| from == Scanner::Auto || from == scanner;
    if wants(Scanner::Gitleaks) {
        gitleaks::read(root, &mut plan)?;
    }
    if wants(Scanner::DetectSecrets) {
        detect_secrets::read(root, &mut plan);
    }
    if wants(Scanner::Secretlint) {
        others::secretlint(root, &mut plan);
    }
    if wants(Scanner::Ggshield) {
        others::ggshield(root, &mut plan);
    }
    if wants(Scanner::Kingfisher) {
        others::kingfisher(root, &mut plan);
    }
    for path in accepted {
        gitleaks::report(path, root, &mut plan)?;
    }
    hooks::read(root, &mut plan);
    plan.tidy();
    Ok(plan)
}

/// What a migration comes to.
struct Migrated {
    /// The new baseline, and whether it says anything that the old one did not.
    baseline: Baseline,
    changed: bool,
    /// How many findings it accepts in history only.
    history: usize,
    /// The findings, with what the baseline accepts marked.
    outcome: Outcome,
    /// Indices of records that mean no finding of ours.
    unmatched: Vec<usize>,
}

/// Scans with what was taken over, without writing anything, and puts what records mean into a baseline.
fn migrate(plan: &Plan, root: &Path, configured: bool, global: &GlobalArgs) -> anyhow::Result<Migrated> {
    let path = root.join(baseline::NAME);
    let accepted = match path.exists() {
        true => Accepted::read(path, root.into())?,
        false => Accepted::new(path, root.into(), Baseline::new(baseline::key()?)),
    };
    let mut baseline = accepted.baseline.clone();
    let before = baseline.clone();
    let loaded = if configured { None } else { Some(loaded(plan)?) };
    // A repository that has a configuration keeps it; else the new one is tried as if it were there.
    let choice = RuleChoice { isolated: !configured, ..RuleChoice::default() };
    let wanted = Wanted { paths: &[], choice: &choice, loaded, accepted: Some(accepted) };
    let (scopes, mut outcome) = baseline::scan(wanted, global)?;
    let engine = scopes.of(root)?.engine;
    let known = records::known(&outcome.found);
    let matched = records::compare(&plan.records, &known, engine, root);
    let mut by_reason: BTreeMap<&str, Vec<(String, Diagnostic)>> = BTreeMap::new();
    for (&at, &record) in &matched.accepted {
        let place = (known[at].path.clone(), known[at].diagnostic.clone());
        by_reason.entry(&plan.records[record].reason).or_default().push(place);
    }
    for (reason, mut found) in by_reason {
        let places: Vec<Place<'_>> = found.iter_mut().map(|(path, diagnostic)| (path.clone(), diagnostic)).collect();
        let terms = Terms { reason: Some(reason.into()), today: scopes.today().into(), ..Terms::default() };
        baseline.accept(&places, &Seen::default(), &terms);
    }
    for (path, diagnostic, record) in &matched.history {
        baseline.add(Entry {
            rule: diagnostic.rule.to_string(),
            fingerprint: diagnostic.fingerprint,
            paths: vec![path.clone()],
            reason: Some(plan.records[*record].reason.clone()),
            owner: None,
            added: scopes.today().into(),
            expires: None,
        });
    }
    let (history, unmatched) = (matched.history.len(), matched.unmatched);
    mark(&baseline, &mut outcome, &scopes);
    Ok(Migrated { changed: baseline != before, baseline, history, outcome, unmatched })
}

/// Marks what the new baseline accepts.
fn mark(baseline: &Baseline, outcome: &mut Outcome, scopes: &Scopes) {
    let mut places: Vec<Place<'_>> = Vec::new();
    for found in &mut outcome.found {
        let path = found.place.as_ref().map_or_else(|| found.path.clone(), |(_, path)| path.clone());
        let diagnostics = found.pieces.iter_mut().flat_map(|piece| &mut piece.diagnostics);
        places.extend(diagnostics.map(|diagnostic| (path.clone(), diagnostic)));
    }
    baseline.apply(&mut places, &Seen::default(), Some(scopes.today()));
}

/// The configuration as it would be read.
fn loaded(plan: &Plan) -> anyhow::Result<Loaded> {
    let mut file = config::parse(&plan.config(RULES), "the new keylint.toml")?;
    file.rules = None;
    let parse = |(id, text): &(String, String)| RuleFile::parse(Family::Secret, id, text);
    let rules = plan.rules.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(Loaded { file, rules, ..Loaded::default() })
}

/// Writes what was taken over. Nothing that exists is replaced but the baseline, which only grows.
fn write(plan: &Plan, migrated: &Migrated, root: &Path) -> anyhow::Result<()> {
    let create = |path: &Path, text: &str| {
        let shown = path.strip_prefix(root).unwrap_or(path).display().to_string();
        match fs::exists(path) {
            Ok(true) => bail!("`{shown}` exists already"),
            _ => baseline::replace(path, text.as_bytes()).with_context(|| format!("cannot write `{shown}`")),
        }
    };
    if !plan.rules.is_empty() {
        let folder = root.join(RULES);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder `{RULES}`"))?;
        for (id, text) in &plan.rules {
            create(&folder.join(format!("{id}.toml")), text)?;
        }
    }
    if migrated.changed {
        let path = root.join(baseline::NAME);
        baseline::replace(&path, migrated.baseline.text().as_bytes())
            .with_context(|| format!("cannot write `{}`", baseline::NAME))?;
    }
    if plan.configures() {
        create(&root.join(config_file::NAMES[0]), &plan.config(RULES))?;
    }
    Ok(())
}

/// Scans as `check` would with the files that were written.
fn check(global: &GlobalArgs) -> anyhow::Result<Outcome> {
    let choice = RuleChoice::default();
    let wanted = Wanted { paths: &[], choice: &choice, loaded: None, accepted: None };
    let (scopes, mut outcome) = baseline::scan(wanted, global)?;
    baseline::apply(&scopes, &mut outcome);
    Ok(outcome)
}

fn describe(out: &mut String, plan: &Plan, migrated: &Migrated, written: bool) {
    // Writing to a string cannot fail.
    for line in &plan.read {
        let _ = writeln!(out, "read {}", line.escape_debug());
    }
    let verb = if written { "wrote" } else { "would write" };
    if plan.configures() {
        let _ = writeln!(out, "\n{verb} keylint.toml:");
        for line in plan.config(RULES).lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    for (id, text) in &plan.rules {
        let _ = writeln!(out, "\n{verb} {RULES}/{id}.toml:");
        for line in text.lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    if migrated.changed {
        let count = migrated.baseline.entries.len();
        let history = match migrated.history {
            0 => String::new(),
            count => format!(", {count} of them in history only"),
        };
        let plural = if count == 1 { "" } else { "s" };
        let _ = writeln!(out, "\n{verb} {}: {count} accepted finding{plural}{history}", baseline::NAME);
    }
    if !plan.lost.is_empty() {
        out.push_str("\ncould not be taken over:\n");
        for lost in &plan.lost {
            let _ = writeln!(out, "  {}: {}", lost.place.escape_debug(), lost.what.escape_debug());
        }
    }
    if !plan.patches.is_empty() {
        out.push_str("\nto be changed by hand:\n");
    }
    for patch in &plan.patches {
        let _ = writeln!(out, "  {}:{}", patch.path.escape_debug(), patch.line);
        let before = patch.before.iter().map(|line| ('-', line));
        for (sign, line) in before.chain(patch.after.iter().map(|line| ('+', line))) {
            let _ = writeln!(out, "  {sign}{}", line.escape_debug());
        }
    }
}

/// Lists what only one of the two knows.
fn differences(out: &mut String, plan: &Plan, unmatched: &[usize], outcome: &Outcome) {
    let gate = Gate::default();
    let known = records::known(&outcome.found);
    let new: Vec<_> = known.iter().filter(|known| known.diagnostic.suppressed.is_none()).collect();
    let incomplete: Vec<_> = outcome.skipped.iter().filter(|skip| skip.kind == SkipKind::Incomplete).collect();
    if new.is_empty() && unmatched.is_empty() && incomplete.is_empty() {
        out.push_str("\nno difference: keylint finds what was accepted, and nothing else\n");
        return;
    }
    out.push_str("\ndifferences:\n");
    for known in new.iter().take(MAX_LISTED) {
        let diagnostic = known.diagnostic;
        let fails = if gate.fails(diagnostic) { ", fails the check" } else { "" };
        let facts: String = diagnostic.evidence.iter().map(|evidence| format!(", {}", evidence.text)).collect();
        let _ = writeln!(
            out,
            "  new finding: {}: {}[{}] {} (confidence {}{facts}{fails})",
            known.place().escape_debug(),
            diagnostic.severity,
            diagnostic.rule,
            diagnostic.message.escape_debug(),
            diagnostic.confidence,
        );
    }
    for &index in unmatched.iter().take(MAX_LISTED) {
        let record = &plan.records[index];
        let place = match (&record.path, record.line) {
            (Some(path), Some(line)) => format!(" ({path}:{line})"),
            (Some(path), None) => format!(" ({path})"),
            (None, _) => String::new(),
        };
        let commit = if record.commit.is_some() { ", in a commit" } else { "" };
        let (source, place) = (record.source.escape_debug(), place.escape_debug());
        let _ =
            writeln!(out, "  only known to the other scanner: {source}{place}{commit}: keylint finds nothing there");
    }
    for skip in incomplete.iter().take(MAX_LISTED) {
        let _ = writeln!(out, "  not scanned: {}: {}", skip.path.escape_debug(), skip.reason.escape_debug());
    }
    for (count, word) in [(new.len(), "new findings"), (unmatched.len(), "known to the other scanner only")] {
        if count > MAX_LISTED {
            let _ = writeln!(out, "  and {} more {word}", count - MAX_LISTED);
        }
    }
    let failing = new.iter().filter(|known| gate.fails(known.diagnostic)).count();
    if failing > 0 {
        let text = "`keylint check` fails until new findings are fixed, or accepted with `keylint baseline update`";
        terminal::note(text);
    }
}
