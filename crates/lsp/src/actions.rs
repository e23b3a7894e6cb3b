//! What can be done about a finding: mend it, suppress it with a reason, accept it; and how each is done when chosen.
//! Not here: sending it (`server.rs`).

use keylint_diagnostics::{Applicability, Diagnostic, Span};

use crate::{
    baseline,
    client::{Client, Settings},
    comment::Comment,
    documents::Open,
    files::Pending,
    fixes,
    ignored::GIT,
    scan::{Scanned, World},
    show::{self, UNUSED},
    text::Lines,
    types::{
        ActionContext, CodeAction, Command, CreateFile, Deed, DocumentChange, Range, Target, TextDocumentEdit,
        TextEdit, VersionedDocument, What, WorkspaceEdit,
    },
    uri::Uri,
};

/// The command that carries out a [`Deed`].
pub(crate) const APPLY: &str = "keylint.apply";
pub(crate) const QUICK_FIX: &str = "quickfix";
pub(crate) const FIX_ALL: &str = "source.fixAll.keylint";

/// Findings of a selection that get actions; nobody reads a longer menu.
const MAX_FINDINGS: usize = 8;
/// Why secrets are suppressed, mostly; a client that asks for a reason sends its own.
const REASONS: [&str; 3] = ["not a secret", "a test value", "revoked"];
/// Why anything else is.
const OTHER_REASONS: [&str; 3] = ["needed as it is", "limited elsewhere", "a test"];

/// A document and what was found in it.
pub(crate) struct Subject<'a> {
    pub(crate) uri: &'a Uri,
    pub(crate) open: &'a Open,
    pub(crate) scanned: &'a Scanned,
    pub(crate) client: &'a Client,
}

/// A deed as it is carried out.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) edit: WorkspaceEdit,
    /// What the host writes first.
    pub(crate) lines: Vec<(Uri, Vec<u8>)>,
}

impl Subject<'_> {
    /// The actions for a selection.
    pub(crate) fn actions(
        &self,
        world: &mut World<'_>,
        range: Range,
        context: &ActionContext,
        settings: &Settings,
    ) -> Result<Vec<CodeAction>, Pending> {
        let lines = Lines::new(self.open.text.as_bytes(), self.client.unit);
        let selection = lines.span(range);
        let mut actions = Vec::new();
        if wants(context, QUICK_FIX) {
            let touches = |span: Span| span.start <= selection.end && selection.start <= span.end;
            let shown = self.scanned.diagnostics.iter().filter(|diagnostic| show::is_shown(diagnostic, settings));
            for finding in shown.filter(|diagnostic| touches(diagnostic.primary.span)).take(MAX_FINDINGS) {
                let of = show::item(finding, &self.scanned.scope, &self.open.uri, &lines, self.client);
                let given = context.diagnostics.iter().filter(|given| {
                    given["source"] == show::SOURCE
                        && given["code"] == of.code
                        && given["range"] == crate::rpc::value(of.range)
                });
                let given: Vec<_> = given.cloned().collect();
                for action in self.about(world, finding)? {
                    actions.push(CodeAction { diagnostics: given.clone(), ..action });
                }
            }
        }
        if wants(context, FIX_ALL) && !fixes::all_safe(self.scanned, self.open, &lines).is_empty() {
            let title = "Fix everything that can be fixed safely";
            actions.extend(
                self.action(world, title.into(), What::FixAll)?.map(|action| CodeAction { kind: FIX_ALL, ..action }),
            );
        }
        Ok(actions)
    }

    /// What can be done about one finding.
    fn about(&self, world: &mut World<'_>, finding: &Diagnostic) -> Result<Vec<CodeAction>, Pending> {
        let lines = Lines::new(self.open.text.as_bytes(), self.client.unit);
        let of =
            Target { rule: finding.rule.to_string(), start: finding.primary.span.start, end: finding.primary.span.end };
        let mut actions = Vec::new();
        if finding.rule.as_str() == UNUSED {
            if fixes::removal(self.open.text.as_bytes(), finding.primary.span).is_some() {
                actions.extend(self.action(world, "Remove this comment".into(), What::Remove { of })?);
            }
            actions.iter_mut().for_each(|action| action.is_preferred = true);
            return Ok(actions);
        }
        let proposed = fixes::proposed(world, self.scanned, self.open, finding)?;
        for (number, fix) in proposed.fixes.iter().enumerate() {
            if fixes::plan(self.scanned, self.open, self.uri, finding, fix, &lines).is_none() {
                continue;
            }
            let look = if fix.applicability == Applicability::DisplayOnly { " (check the result)" } else { "" };
            let what = What::Fix { of: of.clone(), number };
            let first = actions.is_empty() && look.is_empty();
            let action = self.action(world, format!("{}{look}", capital(&fix.title)), what)?;
            actions.extend(action.map(|action| CodeAction { is_preferred: first, ..action }));
        }
        let rule = &of.rule;
        let reasons = if finding.primary.mask.is_some() { REASONS } else { OTHER_REASONS };
        if !self.comments(finding, reasons[0], false).is_empty() {
            for reason in reasons {
                let what = What::Ignore { of: of.clone(), reason: reason.into() };
                actions.extend(self.action(world, format!("Ignore this: {reason}"), what)?);
            }
            if !self.comments(finding, reasons[0], true).is_empty() {
                let what = What::IgnoreFile { of: of.clone(), reason: reasons[0].into() };
                actions.extend(self.action(world, format!("Ignore `{rule}` in this file: {}", reasons[0]), what)?);
            }
        }
        if self.uri.has_folder() && self.scanned.scope.problem.is_none() && world.files.host.today().is_some() {
            let what = What::Baseline { of: of.clone(), reason: None };
            actions.extend(self.action(world, "Accept this: add it to the baseline".into(), what)?);
        }
        Ok(actions)
    }

    /// An action: with its edit where the client cannot ask for it later, or as a command where the host must write.
    fn action(&self, world: &mut World<'_>, title: String, what: What) -> Result<Option<CodeAction>, Pending> {
        let deed = Deed { uri: self.open.uri.clone(), version: self.open.version, what };
        let writes = match &deed.what {
            What::Fix { .. } => self.perform(world, &deed.what)?.is_none_or(|done| !done.lines.is_empty()),
            _ => false,
        };
        let action = CodeAction { title: title.clone(), kind: QUICK_FIX, ..CodeAction::default() };
        if writes || !self.client.actions {
            let command = Command { title, command: APPLY, arguments: vec![crate::rpc::value(deed)] };
            return Ok(self.client.applies.then_some(CodeAction { command: Some(command), ..action }));
        }
        if self.client.resolves {
            return Ok(Some(CodeAction { data: Some(deed), ..action }));
        }
        let done = self.perform(world, &deed.what)?;
        Ok(done.map(|done| CodeAction { edit: Some(done.edit), ..action }))
    }

    /// Carries out a deed; `None` where that is not possible (any more).
    pub(crate) fn perform(&self, world: &mut World<'_>, what: &What) -> Result<Option<Done>, Pending> {
        let lines = Lines::new(self.open.text.as_bytes(), self.client.unit);
        let here = |edits: Vec<TextEdit>| (!edits.is_empty()).then(|| self.done(edits, Vec::new()));
        Ok(match what {
            What::FixAll => here(fixes::all_safe(self.scanned, self.open, &lines)),
            What::Remove { of } => self.find(of).and_then(|finding| {
                let span = fixes::removal(self.open.text.as_bytes(), finding.primary.span)?;
                here(vec![TextEdit { range: lines.range(span), new_text: String::new() }])
            }),
            What::Fix { of, number } => {
                let Some(finding) = self.find(of) else { return Ok(None) };
                let proposed = fixes::proposed(world, self.scanned, self.open, finding)?;
                let fix = proposed.fixes.get(*number);
                let plan = fix.and_then(|fix| fixes::plan(self.scanned, self.open, self.uri, finding, fix, &lines));
                let Some(mut plan) = plan else { return Ok(None) };
                // A pattern such as `*.env` says it already.
                if plan.lines.iter().any(|(uri, _)| uri.name() == GIT)
                    && world.keeps_from_git(&self.scanned.scope.base.join(fixes::ENV))?
                {
                    plan.lines.retain(|(uri, _)| uri.name() != GIT);
                }
                Some(self.done(plan.edits, plan.lines))
            }
            What::Ignore { of, reason } => {
                self.find(of).and_then(|finding| here(self.comments(finding, reason, false)))
            }
            What::IgnoreFile { of, reason } => {
                self.find(of).and_then(|finding| here(self.comments(finding, reason, true)))
            }
            What::Baseline { of, reason } => {
                let Some(finding) = self.find(of) else { return Ok(None) };
                let added =
                    baseline::add(world, self.scanned, self.open, self.uri, finding, reason.clone(), self.client.unit)?;
                added.map(|added| {
                    let version = world.files.documents.get(&added.uri).map(|open| open.version);
                    let uri = world.files.documents.get(&added.uri).map_or(added.uri.text(), |open| open.uri.clone());
                    Done { edit: self.edit(uri, version, added.new, vec![added.edit]), lines: Vec::new() }
                })
            }
        })
    }

    fn find(&self, of: &Target) -> Option<&Diagnostic> {
        let span = Span { start: of.start, end: of.end };
        let mut all = self.scanned.diagnostics.iter();
        all.find(|diagnostic| diagnostic.rule.as_str() == of.rule && diagnostic.primary.span == span)
    }

    fn done(&self, edits: Vec<TextEdit>, lines: Vec<(Uri, Vec<u8>)>) -> Done {
        Done { edit: self.edit(self.open.uri.clone(), Some(self.open.version), false, edits), lines }
    }

    /// Changes of one document, in the form that the client takes.
    fn edit(&self, uri: String, version: Option<i64>, new: bool, edits: Vec<TextEdit>) -> WorkspaceEdit {
        if !self.client.document_changes {
            return WorkspaceEdit { changes: Some([(uri, edits)].into()), document_changes: None };
        }
        let create = DocumentChange::Create(CreateFile { kind: "create", uri: uri.clone() });
        let text_document = VersionedDocument { uri, version };
        let change = DocumentChange::Edit(TextDocumentEdit { text_document, edits });
        let create = (new && self.client.creates).then_some(create);
        WorkspaceEdit { changes: None, document_changes: Some(create.into_iter().chain([change]).collect()) }
    }

    /// A comment that suppresses the finding, or its rule in the whole document; empty where none can be written, or
    /// where it would not be heeded.
    fn comments(&self, finding: &Diagnostic, reason: &str, whole: bool) -> Vec<TextEdit> {
        let text = self.open.text.as_str();
        let Some(comment) = Comment::of(&self.scanned.path, text.as_bytes(), &self.open.language) else {
            return Vec::new();
        };
        let rule = finding.rule.as_str();
        let lines = Lines::new(text.as_bytes(), self.client.unit);
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let at = finding.primary.span.start;
        let candidates = if whole {
            let start = head(text);
            vec![(start, format!("{}{line_end}", comment.text("ignore-file", rule, reason)))]
        } else {
            let line = lines.line(at).range();
            let code = text.get(line.clone()).unwrap_or_default();
            let indent: String = code.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
            let above = format!("{indent}{}{line_end}", comment.text("ignore-next-line", rule, reason));
            let behind = format!("  {}", comment.text("ignore", rule, reason));
            // A line that goes on must end as it does, and nothing may come between it and the next.
            let continued = text[..line.start].trim_end_matches(['\n', '\r']).ends_with('\\');
            let goes_on = code.ends_with('\\');
            let above = (!continued).then_some((line.start, above));
            let behind = (!goes_on).then_some((line.end, behind));
            above.into_iter().chain(behind).collect()
        };
        let heeded = candidates.into_iter().find(|(place, inserted)| self.is_heeded(finding, *place, inserted));
        let edit = |(place, new_text): (usize, String)| {
            let range = lines.range(Span::new(place..place));
            TextEdit { range, new_text }
        };
        heeded.into_iter().map(edit).collect()
    }

    /// Whether the finding is suppressed once `inserted` stands at `place`.
    fn is_heeded(&self, finding: &Diagnostic, place: usize, inserted: &str) -> bool {
        let mut text = self.open.text.clone();
        if !text.is_char_boundary(place) {
            return false;
        }
        text.insert_str(place, inserted);
        let scan = self.scanned.again(&self.scanned.scope.engine, text.as_bytes());
        let by = if place <= finding.primary.span.start as usize { inserted.len() } else { 0 };
        let span = finding.primary.span.shifted(u32::try_from(by).unwrap_or(u32::MAX));
        let mut same = scan.diagnostics.iter();
        same.any(|other| other.rule == finding.rule && other.primary.span == span && other.suppressed.is_some())
    }
}

/// Where a comment about the whole document may stand: behind what must come first.
fn head(text: &str) -> usize {
    let first = ["#!", "<?", "<!doctype", "<!DOCTYPE", "# syntax=", "# escape=", "# -*-", "\u{feff}", "---"];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !first.iter().any(|start| line.starts_with(start)) || !line.ends_with('\n') {
            break;
        }
        at += line.len();
    }
    at
}

/// Whether the client wants actions of this kind; one that does not say wants all.
fn wants(context: &ActionContext, kind: &str) -> bool {
    let is = |wanted: &String| {
        wanted.is_empty()
            || kind == wanted
            || kind.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    context.only.as_ref().is_none_or(|only| only.iter().any(is))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_asked_for_by_their_beginning() {
        let check = |only: Option<&[&str]>, kind: &str, want: bool| {
            let only = only.map(|only| only.iter().map(ToString::to_string).collect());
            assert_eq!(wants(&ActionContext { only, diagnostics: Vec::new() }, kind), want);
        };
        check(None, QUICK_FIX, true);
        check(Some(&["source"]), FIX_ALL, true);
        check(Some(&["source.fixAll"]), FIX_ALL, true);
        check(Some(&["source.fix"]), FIX_ALL, false);
        check(Some(&["source.fixAll"]), QUICK_FIX, false);
        check(Some(&[""]), QUICK_FIX, true);
    }

    #[test]
    fn first_lines_stay_first() {
        let check = |text: &str, want: usize| assert_eq!(head(text), want, "{text}");
        check("#!/bin/sh\nx\n", 10);
        check("x\n", 0);
        check("#!/bin/sh", 0);
        check("# syntax=docker/dockerfile:1\nFROM x\n", 29);
    }
}
