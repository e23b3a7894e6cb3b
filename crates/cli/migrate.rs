//! The command `migrate`: takes over what another scanner was told, scans, and says every difference.
//! Not here: the files of other scanners (`migrate/`), or what a baseline accepts (`keylint_engine::baseline`).

mod counterparts;
mod detect_secrets;
mod gitleaks;
mod hooks;
mod import;
mod kingfisher;
mod merge;
mod others;
mod paths;
mod pattern;
mod plan;
mod records;
mod tables;

use std::{
    collections::{BTreeMap, BTreeSet},
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
use keylint_report::printable;
use keylint_rules::{Family, RuleFile};

use self::plan::Plan;
use crate::{
    args::{GlobalArgs, MigrateArgs, RuleChoice, Scanner},
    baseline::{self, Accepted, Wanted},
    config_file::{self, Loaded, Scopes},
    fix::diff::between,
    place::{Here, repository, slashed},
    replace::replace,
    scan::Outcome,
    shell,
    terminal::{self, counted},
};

/// The folder of imported rules.
const RULES: &str = "keylint-rules";
/// Differences of one kind that are listed; the number of the others is said.
const MAX_LISTED: usize = 200;

/// Runs `migrate`.
pub(crate) fn run(args: &MigrateArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let here = Here::new()?;
    let root = repository(here.path()).unwrap_or(here.path()).to_path_buf();
    let absolute = |paths: &[PathBuf]| paths.iter().map(|path| here.path().join(path)).collect::<Vec<_>>();
    let (rules, accepted) = (absolute(&args.rules), absolute(&args.accepted));
    // Paths are those of the repository's root from here on, as in the files that are read.
    env::set_current_dir(&root).with_context(|| format!("cannot enter `{}`", root.display()))?;
    let mut plan = read(args.from, &root, &rules, &accepted)?;
    if plan.read.is_empty() && plan.changes.is_empty() && plan.lost.is_empty() {
        bail!("no file of {} is in `{}`", name(args.from), root.display());
    }
    let target = Target::new(&root, &mut plan)?;
    let migrated = migrate(&plan, &target, global)?;
    let mut out = String::new();
    describe(&mut out, &plan, &target, &migrated, args.write);
    let outcome = if args.write {
        write(&plan, &target, &migrated)?;
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

fn read(from: Scanner, root: &Path, rules: &[PathBuf], accepted: &[PathBuf]) -> anyhow::Result<Plan> {
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
        kingfisher::read(root, &mut plan)?;
    }
    for path in rules {
        kingfisher::rules(path, root, &mut plan)?;
    }
    for path in accepted {
        gitleaks::report(path, root, &mut plan)?;
    }
    hooks::read(root, &mut plan);
    plan.tidy();
    Ok(plan)
}

/// Where things go: beside what is there already.
struct Target {
    /// The folder that paths are shown from.
    root: PathBuf,
    /// The configuration: its path, and its text where it exists.
    config: (PathBuf, Option<String>),
    /// The text that it gets; `None` where nothing changes.
    text: Option<String>,
    /// The folder of rules.
    rules: PathBuf,
    /// The file of the baseline, and the folder of its paths.
    baseline: (PathBuf, PathBuf),
}

impl Target {
    /// Looks what is there. Rules that are there already are taken out of the plan, and those of the same name are named.
    fn new(root: &Path, plan: &mut Plan) -> anyhow::Result<Target> {
        let existing = config_file::in_folder(root);
        let config = existing.clone().unwrap_or_else(|| root.join(config_file::NAMES[0]));
        let named = config.strip_prefix(root).unwrap_or(&config).display().to_string();
        let text = existing.as_ref().map(fs::read_to_string).transpose();
        let text = text.with_context(|| format!("cannot read `{named}`"))?;
        let file = text.as_ref().map(|text| config::parse(text, &named)).transpose()?.unwrap_or_default();
        let folder = config.parent().unwrap_or(root);
        let rules = file.rules.as_ref().map_or_else(|| root.join(RULES), |rules| folder.join(rules));
        plan.leave_rules_of(&rules, root);
        // As the file names it: one in `.config` is a folder deeper.
        let up = if folder == root { RULES.into() } else { format!("../{RULES}") };
        let name = Some(up.as_str()).filter(|_| !plan.rules.is_empty() && file.rules.is_none());
        let new = match &text {
            Some(before) => merge::merge(before, &named, plan, name)?,
            None => plan.config(name),
        };
        let changes = plan.configures() && text.as_ref() != Some(&new);
        let scopes = Scopes::new(&RuleChoice::default(), BTreeSet::from([root.to_path_buf()]));
        let baseline = scopes.baseline_of(root)?;
        let text = (text, changes.then_some(new));
        Ok(Target { root: root.into(), config: (config, text.0), text: text.1, rules, baseline })
    }

    /// A path, as it is shown.
    fn shown(&self, path: &Path) -> String {
        slashed(path.strip_prefix(&self.root).unwrap_or(path))
    }
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
fn migrate(plan: &Plan, target: &Target, global: &GlobalArgs) -> anyhow::Result<Migrated> {
    let (path, paths) = target.baseline.clone();
    let accepted = match path.exists() {
        true => Accepted::read(path, paths)?,
        false => Accepted::new(path, paths, Baseline::new(baseline::key()?)),
    };
    let mut baseline = accepted.baseline.clone();
    let before = baseline.clone();
    // What would be written is tried as if it were there.
    let root = target.root.as_path();
    let instead = Some((root.to_path_buf(), loaded(plan, target)?));
    let wanted = Wanted { paths: &[], choice: &RuleChoice::default(), instead, accepted: Some(accepted) };
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
fn loaded(plan: &Plan, target: &Target) -> anyhow::Result<Loaded> {
    let (path, text) = &target.config;
    let mut loaded = text.as_ref().map(|_| config_file::load(path)).transpose()?.unwrap_or_default();
    // What a file says stands behind what it extends, so that what is added to it comes last.
    let added = config::parse(&plan.settings(None), "the new keylint.toml")?;
    loaded.file = added.over(loaded.file);
    for (id, text) in &plan.rules {
        loaded.rules.push(RuleFile::parse(Family::Secret, id, text)?);
    }
    Ok(loaded)
}

/// Writes what was taken over.
fn write(plan: &Plan, target: &Target, migrated: &Migrated) -> anyhow::Result<()> {
    let put = |path: &Path, text: &str| {
        replace(path, text.as_bytes()).with_context(|| format!("cannot write `{}`", target.shown(path)))
    };
    if !plan.rules.is_empty() {
        let failed = || format!("cannot make the folder `{}`", target.shown(&target.rules));
        fs::create_dir_all(&target.rules).with_context(failed)?;
    }
    for (id, text) in &plan.rules {
        put(&target.rules.join(format!("{id}.toml")), text)?;
    }
    if migrated.changed {
        put(&target.baseline.0, &migrated.baseline.text())?;
    }
    if let Some(text) = &target.text {
        put(&target.config.0, text)?;
    }
    for change in &plan.changes {
        put(&target.root.join(&change.path), &change.after)?;
    }
    Ok(())
}

/// Scans as `check` would with the files that were written.
fn check(global: &GlobalArgs) -> anyhow::Result<Outcome> {
    let choice = RuleChoice::default();
    let wanted = Wanted { paths: &[], choice: &choice, instead: None, accepted: None };
    let (scopes, mut outcome) = baseline::scan(wanted, global)?;
    baseline::apply(&scopes, &mut outcome);
    Ok(outcome)
}

fn describe(out: &mut String, plan: &Plan, target: &Target, migrated: &Migrated, written: bool) {
    // Writing to a string cannot fail.
    for line in &plan.read {
        let _ = writeln!(out, "read {}", printable(line));
    }
    let (verb, changes) = if written { ("wrote", "changed") } else { ("would write", "would change") };
    let config = target.shown(&target.config.0);
    match (&target.config.1, &target.text) {
        (Some(before), Some(after)) => {
            let _ = write!(out, "\n{changes} {config}:\n{}", between(&config, before, after, false));
        }
        (None, Some(text)) => {
            let _ = writeln!(out, "\n{verb} {config}:");
            text.lines().for_each(|line| _ = writeln!(out, "  {line}"));
        }
        (_, None) => {}
    }
    for change in &plan.changes {
        let diff = between(&change.path, &change.before, &change.after, false);
        let _ = write!(out, "\n{changes} {}:\n{diff}", printable(&change.path));
    }
    let folder = target.shown(&target.rules);
    for (id, text) in &plan.rules {
        let _ = writeln!(out, "\n{verb} {folder}/{id}.toml:");
        for line in text.lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    if migrated.changed {
        let count = counted(migrated.baseline.entries.len(), "accepted finding");
        let history = match migrated.history {
            0 => String::new(),
            count => format!(", {count} of them in history only"),
        };
        let _ = writeln!(out, "\n{verb} {}: {count}{history}", target.shown(&target.baseline.0));
    }
    if !plan.lost.is_empty() {
        out.push_str("\ncould not be taken over:\n");
        for lost in &plan.lost {
            let _ = writeln!(out, "  {}: {}", printable(&lost.place), printable(&lost.what));
        }
    }
}

/// Lists what only one of the two knows.
fn differences(out: &mut String, plan: &Plan, unmatched: &[usize], outcome: &Outcome) {
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
        let fails = if known.fails { ", fails the check" } else { "" };
        let facts: String = diagnostic.evidence.iter().map(|evidence| format!(", {}", evidence.text)).collect();
        let _ = writeln!(
            out,
            "  new finding: {}: {}[{}] {} (confidence {}{facts}{fails})",
            printable(&known.place()),
            diagnostic.severity,
            diagnostic.rule,
            printable(&diagnostic.message),
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
        let (source, place) = (printable(&record.source), printable(&place));
        let _ =
            writeln!(out, "  only known to the other scanner: {source}{place}{commit}: keylint finds nothing there");
    }
    for skip in incomplete.iter().take(MAX_LISTED) {
        let _ = writeln!(out, "  not scanned: {}: {}", printable(&skip.path), printable(&skip.reason));
    }
    for (count, word) in [(new.len(), "new findings"), (unmatched.len(), "known to the other scanner only")] {
        if count > MAX_LISTED {
            let _ = writeln!(out, "  and {} more {word}", count - MAX_LISTED);
        }
    }
    let failing = new.iter().filter(|known| known.fails).count();
    if failing > 0 {
        let text = "`keylint check` fails until new findings are fixed, or accepted with `keylint baseline update`";
        terminal::note(text);
    }
}
