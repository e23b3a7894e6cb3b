//! The command `guard`: reads what a coding agent is about to do or has done, and refuses what holds a secret.
//! Not here: the forms of the agents (`event.rs`, `answer.rs`), or their configuration (`install.rs`).

mod answer;
mod event;
mod install;
mod texts;

use std::{
    collections::BTreeSet,
    io::{Read, Write, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail};
use keylint_diagnostics::{Confidence, Origin, Severity};

use self::{
    answer::Answer,
    event::{Event, Moment},
    texts::Text,
};
use crate::{
    args::{CheckArgs, GateChoice, GuardArgs},
    baseline,
    config_file::Scopes,
    place::{Here, slashed, tops},
    progress::Counters,
    scan::{Found, Shared, Source, Worker},
    terminal,
};

/// What an agent may say at once: more than any tool gives a model to read. What is longer is not scanned in part.
const MAX_INPUT: u64 = 32 << 20;
/// Secrets named in a reason; the rest is counted.
const MAX_NAMED: usize = 5;

/// A secret, as a reason names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Secret {
    severity: Severity,
    confidence: Confidence,
    rule: String,
    message: String,
    masked: String,
    place: String,
}

/// Runs `guard`.
pub(crate) fn run(args: &GuardArgs) -> anyhow::Result<ExitCode> {
    if let Some(agent) = args.install {
        return install::run(agent, args.write, args.global);
    }
    let answer = match judge(args) {
        Ok(answer) => answer,
        Err(error) if args.fail_open => {
            terminal::note(&format!("not guarded: {error:#}"));
            Answer::silent()
        }
        // Exit code 2 refuses with every agent that has exit codes, and its reason is what stands on standard error.
        Err(error) => return Err(error.context("keylint cannot check this, so it is refused")),
    };
    if !answer.error.is_empty() {
        terminal::note(&answer.error);
    }
    let mut out = stdout().lock();
    out.write_all(answer.out.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Reads standard input and says what the agent is told.
fn judge(args: &GuardArgs) -> anyhow::Result<Answer> {
    let mut input = Vec::new();
    stdin().lock().take(MAX_INPUT + 1).read_to_end(&mut input).context("cannot read what the agent says")?;
    if input.len() as u64 > MAX_INPUT {
        bail!("what the agent says is longer than 32 MiB");
    }
    let event = Event::parse(&input, args.agent)?;
    if event.moment == Moment::Other {
        return Ok(Answer::silent());
    }
    let here = Here::new()?;
    let base = event.folder.clone().filter(|folder| folder.is_absolute()).unwrap_or_else(|| here.path().into());
    let texts = texts::of(&event, &base);
    let secrets = scan(args, here, &base, &texts)?;
    if secrets.is_empty() {
        return Ok(answer::allow(&event));
    }
    let redacted = match event.moment {
        Moment::After => Some(redact(args, &base, &event)?),
        _ => None,
    };
    Ok(answer::refuse(&event, &reason(&event, &secrets), redacted.as_deref()))
}

/// Scans the texts; gives what fails the gate, each secret once.
fn scan(args: &GuardArgs, here: Here, base: &Path, texts: &[Text]) -> anyhow::Result<Vec<Secret>> {
    let folders: Vec<PathBuf> = texts.iter().map(|text| folder(base, &text.path).0).collect();
    let all = folders.iter().cloned().chain([base.to_path_buf()]);
    let gate = GateChoice { fail_on: args.fail_on, min_confidence: args.min_confidence };
    let scopes = Arc::new(Scopes::new(&args.rules, tops(&here, all)).gated(gate));
    let check = CheckArgs::default();
    let shared = Shared::new(Arc::clone(&scopes), here, Arc::new(Counters::default()), &check);
    let mut found: Vec<Secret> = Vec::new();
    let mut hole = None;
    let mut seen = BTreeSet::new();
    let mut worker = Worker::new(&shared);
    for (text, folder_of) in texts.iter().zip(&folders) {
        let (_, name) = folder(base, &text.path);
        if text.written && worker.excludes(folder_of, &name) {
            continue;
        }
        let source = Source { folder: folder_of, name: &name, shown: text.place.clone(), origin: Origin::Stdin };
        worker.source(source, &text.scannable(), None);
        let mut outcome = worker.finish();
        if let Some(error) = outcome.failure.take() {
            return Err(error);
        }
        hole = hole.or_else(|| outcome.holes().next().map(|skip| format!("{}: {}", skip.path, skip.reason)));
        baseline::apply(&scopes, &mut outcome);
        for one in &outcome.found {
            for (piece, diagnostic) in one.pieces.iter().flat_map(|p| p.diagnostics.iter().map(move |d| (p, d))) {
                if one.gate.fails(diagnostic) && seen.insert((diagnostic.rule.clone(), diagnostic.fingerprint)) {
                    let span = diagnostic.primary.span;
                    let at = |offset: u32| offset.saturating_sub(piece.base) as usize;
                    let value = piece.text.get(at(span.start)..at(span.end)).unwrap_or_default();
                    found.push(Secret {
                        severity: diagnostic.severity,
                        confidence: diagnostic.confidence,
                        rule: diagnostic.rule.to_string(),
                        message: diagnostic.message.clone(),
                        masked: diagnostic.primary.mask.unwrap_or_default().apply(value),
                        place: place(one, text),
                    });
                }
            }
        }
    }
    if let Some(hole) = hole.filter(|_| found.is_empty()) {
        bail!(hole);
    }
    found.sort_by(|a, b| (b.severity, b.confidence, &a.place).cmp(&(a.severity, a.confidence, &b.place)));
    Ok(found)
}

/// Where a text stands, made fit for a sentence: names come from the agent.
fn place(found: &Found, text: &Text) -> String {
    let shown: String = found.path.chars().flat_map(char::escape_debug).take(MAX_PLACE).collect();
    if text.file { format!("the file `{shown}`") } else { format!("`{shown}`") }
}

/// Characters of a place that are shown.
const MAX_PLACE: usize = 200;

/// The folder, absolute, and the name of the document at `path`.
fn folder(base: &Path, path: &Path) -> (PathBuf, String) {
    let path = base.join(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (path.parent().unwrap_or(base).to_path_buf(), name)
}

/// What the person and the model are told.
fn reason(event: &Event, secrets: &[Secret]) -> String {
    let what = match event.moment {
        Moment::Prompt => "The prompt holds",
        Moment::Before => "This would use",
        Moment::After => "The output holds",
        Moment::Other => "This holds",
    };
    let count = if secrets.len() == 1 { "a secret".into() } else { format!("{} secrets", secrets.len()) };
    let mut text = format!("keylint: {what} {count}.");
    for secret in secrets.iter().take(MAX_NAMED) {
        let Secret { severity, rule, message, masked, place, .. } = secret;
        text.push_str(&format!("\n- {severity}[{rule}] {message}: {masked} in {place}"));
    }
    if secrets.len() > MAX_NAMED {
        text.push_str(&format!("\n- and {} more", secrets.len() - MAX_NAMED));
    }
    text.push_str(match event.moment {
        Moment::Prompt => "\nTake it out, or name the variable or file that holds it.",
        Moment::Before => "\nRead it from an environment variable or a secret store instead of writing it out.",
        Moment::After | Moment::Other => "\nDo not repeat it. If it is a real one, it should be revoked.",
    });
    text
}

/// The tool's output with placeholders in place of its secrets.
fn redact(args: &GuardArgs, base: &Path, event: &Event) -> anyhow::Result<String> {
    let here = Here::new()?;
    let scopes = Scopes::new(&args.rules, tops(&here, [base.to_path_buf()]));
    let engine = scopes.of(base)?.engine;
    let least = args.min_confidence.unwrap_or(Confidence::Medium);
    let mut out = Vec::new();
    for text in texts::outputs(event) {
        let mut redactor = engine.redactor("output.txt", least);
        redactor.push(&text, &mut out);
        redactor.finish(&mut out);
        if !out.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// A path with `/`, for the name of a place.
fn shown(path: &Path) -> String {
    slashed(path)
}
