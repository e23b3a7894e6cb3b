//! `check --fix` and `--diff`: mends findings in files of the work tree, or shows how.
//! Not here: what a fix is (`keylint_engine::fix`), or how a diff looks (`fix/diff.rs`).
//!
//! A file is only rewritten if it still is what was scanned, and if the new text is silent where it was mended. Values
//! reach `.env` before they leave a file, so that none is lost.

mod beside;
pub(crate) mod diff;
mod line;
mod write;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use keylint_diagnostics::{Applicability, Diagnostic, Document, Edit, Fix, Label, Mask, Origin, Span};
use keylint_engine::{
    Engine,
    fix::{Spliced, choose, propose, splice},
};

use self::beside::Beside;
pub(crate) use self::line::append;
use crate::{
    args::{CheckArgs, GlobalArgs},
    check::{self, Gathered},
    examples, module, output,
    place::{Here, Place},
    scan::Found,
    shell,
    terminal::{self, Terminal, counted},
};

/// How often a fix that does not help is left out before a file is given up.
const MAX_ROUNDS: usize = 16;

/// A file and what becomes of it.
struct Rewritten {
    path: PathBuf,
    shown: String,
    old: Vec<u8>,
    new: Vec<u8>,
    /// Both with their secrets masked, to be shown.
    shown_old: Vec<u8>,
    shown_new: Vec<u8>,
}

/// Everything that is to be changed.
#[derive(Default)]
struct Plan {
    files: Vec<Rewritten>,
    beside: Beside,
    /// What could not be done, and why.
    notes: BTreeSet<String>,
    mended: usize,
    /// Whether a secret is among them, which a new text does not take back.
    secrets: bool,
    /// Findings whose fix needs `--unsafe`.
    held: usize,
    /// Findings for which only a person can do it.
    by_hand: usize,
}

/// Runs `check --fix` or `check --diff`.
pub(crate) fn run(args: &CheckArgs, global: &GlobalArgs, gathered: Gathered) -> anyhow::Result<ExitCode> {
    let here = Here::new()?;
    let only_safe = args.fixes.fix && !args.fixes.include_unsafe;
    let most = if only_safe { Applicability::Safe } else { Applicability::Unsafe };
    let mut plan = Plan::default();
    for found in &gathered.outcome.found {
        plan.document(&gathered, &here, found, most)?;
    }
    if args.fixes.diff {
        let color = Terminal::detect(global.color).color;
        shell::print(diff::text(&plan.files, &plan.beside, color).as_bytes())?;
        plan.say("would be mended", global);
        output::say_holes(&gathered.outcome);
        return Ok(output::exit_code(args, &gathered.outcome));
    }
    write::all(&mut plan)?;
    plan.say("mended", global);
    if plan.files.is_empty() {
        return gathered.report(args, global);
    }
    // What is reported is what is there now.
    check::gather(args, global)?.report(args, global)
}

impl Plan {
    /// Plans what becomes of one document.
    fn document(&mut self, gathered: &Gathered, here: &Here, found: &Found, most: Applicability) -> anyhow::Result<()> {
        if found.origin != Origin::Worktree {
            self.notes.insert("only files of the work tree are mended".into());
            return Ok(());
        }
        let path = here.path().join(&found.path);
        let folder = here.folder_of(Path::new(&found.path));
        let place = Place::new(&gathered.scopes, &folder)?;
        let name = format!("{}{}", place.prefix, path.file_name().unwrap_or_default().to_string_lossy());
        let text = match fs::read(&path) {
            Ok(text) if is_same(&text, found) => text,
            Ok(_) => {
                self.leave(found, "it changed since it was scanned");
                return Ok(());
            }
            Err(error) => {
                self.leave(found, &format!("it cannot be read: {error}"));
                return Ok(());
            }
        };
        if place.scope.expands_examples() && examples::expand(&name, &text).is_some() {
            return Ok(());
        }
        let document = Document::new(&name, &text);
        let mut scanned = module::scan(place.scope.engine, &folder, &document).diagnostics;
        propose(&document, &mut scanned, &|name, value| self.beside.is_taken(&place.scope.base, name, value));
        let open = open(found);
        let mut fixes = Vec::new();
        for diagnostic in
            scanned.iter().filter(|diagnostic| open.contains(&(diagnostic.primary.span, diagnostic.rule.as_str())))
        {
            match diagnostic.fixes.iter().map(|fix| fix.applicability).min() {
                None => {}
                Some(Applicability::DisplayOnly) => self.by_hand += 1,
                Some(least) if least > most => self.held += 1,
                Some(_) => {
                    self.secrets |= diagnostic.primary.mask.is_some();
                    fixes.extend(diagnostic.fixes.iter().find(|fix| fix.applicability <= most));
                }
            }
        }
        if fixes.is_empty() {
            return Ok(());
        }
        let document = Mending {
            engine: place.scope.engine,
            folder: &folder,
            base: &place.scope.base,
            name: &name,
            text: &text,
            scanned: &scanned,
        };
        if let Some(mended) = document.mend(self, &found.path, fixes) {
            self.mended += mended.fixes;
            self.files.push(Rewritten {
                path,
                shown: found.path.clone(),
                shown_old: document.masked(0..text.len()),
                shown_new: mended.shown,
                new: mended.new,
                old: text,
            });
        }
        Ok(())
    }

    fn leave(&mut self, found: &Found, why: &str) {
        self.notes.insert(format!("`{}` is left as it is: {why}", found.path.escape_debug()));
    }

    /// Says on standard error what was done and what was not.
    fn say(&self, done: &str, global: &GlobalArgs) {
        for note in &self.notes {
            terminal::note(note);
        }
        if global.quiet {
            return;
        }
        let findings = |count: usize| counted(count, "finding");
        if self.mended > 0 {
            let history = if self.secrets { "; the value is still in the history, so revoke it" } else { "" };
            terminal::note(&format!("{} {done}{history}", findings(self.mended)));
        }
        if self.held > 0 {
            terminal::note(&format!("{} can be mended by `--fix --unsafe`; `--diff` shows how", findings(self.held)));
        }
        if self.by_hand > 0 {
            terminal::note(&format!(
                "{} must be mended by hand: `fix:` in the report says how",
                findings(self.by_hand)
            ));
        }
    }
}

/// Whether the text still holds what the findings were found in.
fn is_same(text: &[u8], found: &Found) -> bool {
    found.pieces.iter().all(|piece| {
        let start = piece.base as usize;
        text.get(start..start + piece.text.len()) == Some(&piece.text[..])
    })
}

/// The findings of a document that count, by place and rule.
fn open(found: &Found) -> BTreeSet<(Span, &str)> {
    let diagnostics = found.pieces.iter().flat_map(|piece| &piece.diagnostics);
    let open = diagnostics.filter(|diagnostic| diagnostic.suppressed.is_none());
    open.map(|diagnostic| (diagnostic.primary.span, diagnostic.rule.as_str())).collect()
}

/// What a document became.
struct Mended {
    new: Vec<u8>,
    /// With its secrets masked.
    shown: Vec<u8>,
    /// How many fixes were applied.
    fixes: usize,
}

/// A document that is being mended.
struct Mending<'a> {
    engine: &'a Engine,
    /// The folder that it stands in.
    folder: &'a Path,
    /// The folder that paths of edits are relative to.
    base: &'a Path,
    name: &'a str,
    text: &'a [u8],
    scanned: &'a [Diagnostic],
}

impl Mending<'_> {
    /// The text with as many of `fixes` as go together and help, as it is and masked; and how many they were.
    fn mend(&self, plan: &mut Plan, shown: &str, mut fixes: Vec<&Fix>) -> Option<Mended> {
        let shown = shown.escape_debug();
        for _ in 0..MAX_ROUNDS {
            let choice = choose(&fixes);
            for &index in &choice.overlapping {
                plan.notes.insert(format!(
                    "`{shown}`: left out, as another fix changes the same place: {}",
                    fixes[index].title
                ));
            }
            let refused = choice.chosen.iter().find_map(|&index| {
                let reason = self.refusal(&plan.beside, fixes[index])?;
                Some((index, reason))
            });
            if let Some((index, reason)) = refused {
                plan.notes.insert(format!("`{shown}`: left out, since {reason}: {}", fixes[index].title));
                fixes.remove(index);
                continue;
            }
            let (here, beside): (Vec<&Edit>, Vec<&Edit>) = choice.edits.iter().partition(|edit| edit.path == self.name);
            let spliced =
                splice(self.text.len(), &here, &|kept| self.text[kept].to_vec(), &|span| span.of(self.text).to_vec());
            let failed = self.still_found(&spliced, &here);
            if let Some(edit) = failed
                && let Some(index) = fixes.iter().position(|fix| fix.edits.contains(edit))
            {
                plan.notes.insert(format!(
                    "`{shown}`: left out, as the new text would be a finding too: {}",
                    fixes[index].title
                ));
                fixes.remove(index);
                continue;
            }
            if here.is_empty() {
                return None;
            }
            let masked = splice(self.text.len(), &here, &|kept| self.masked(kept), &|span| self.masked(span.range()));
            for edit in beside {
                plan.beside
                    .add(self.base, edit, &|span| span.of(self.text).to_vec(), &|span| self.masked(span.range()));
            }
            return Some(Mended { new: spliced.text, shown: masked.text, fixes: choice.chosen.len() });
        }
        None
    }

    /// Why the files beside the document do not allow a fix.
    fn refusal(&self, beside: &Beside, fix: &Fix) -> Option<String> {
        let edits = fix.edits.iter().filter(|edit| edit.path != self.name);
        edits.into_iter().find_map(|edit| beside.refusal(self.base, edit, &|span| span.of(self.text).to_vec()))
    }

    /// The edit in whose place the new text has a finding, if there is one.
    fn still_found<'e>(&self, spliced: &Spliced, edits: &[&'e Edit]) -> Option<&'e Edit> {
        let scanned = module::scan(self.engine, self.folder, &Document::new(self.name, &spliced.text)).diagnostics;
        let spans: Vec<Span> = scanned
            .iter()
            .filter(|diagnostic| diagnostic.suppressed.is_none())
            .flat_map(labels)
            .map(|label| label.span)
            .collect();
        let hit = spliced.places.iter().position(|place| spans.iter().any(|span| span.overlaps(*place)));
        hit.and_then(|index| edits.get(index).copied())
    }

    /// A stretch of the text with every secret in it masked, line for line.
    fn masked(&self, range: std::ops::Range<usize>) -> Vec<u8> {
        let mut spans: Vec<(Span, Mask)> =
            self.scanned.iter().flat_map(labels).filter_map(|label| Some((label.span, label.mask?))).collect();
        spans.sort_by_key(|(span, _)| *span);
        let mut out = Vec::with_capacity(range.len());
        let mut at = range.start;
        for (span, mask) in spans {
            let (start, end) = (span.range().start.max(at), span.range().end.min(range.end));
            if start >= end {
                continue;
            }
            out.extend_from_slice(&self.text[at..start]);
            let secret = &self.text[start..end];
            let whole = start == span.range().start && end == span.range().end;
            let mask = if whole && !secret.contains(&b'\n') { mask } else { Mask::HIDDEN };
            out.extend(mask.apply(secret).into_bytes());
            for _ in secret.iter().filter(|&&b| b == b'\n') {
                out.push(b'\n');
                out.extend(Mask::HIDDEN.apply(secret).into_bytes());
            }
            at = end;
        }
        out.extend_from_slice(&self.text[at.min(range.end)..range.end]);
        out
    }
}

fn labels(diagnostic: &Diagnostic) -> impl Iterator<Item = &Label> {
    std::iter::once(&diagnostic.primary).chain(&diagnostic.related).filter(|label| label.path.is_none())
}
