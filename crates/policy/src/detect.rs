//! Runs the checks of the chosen rules over the policies of a document. Not here: what they check (`checks`).

use std::{cell::OnceCell, sync::Arc};

use keylint_diagnostics::{Diagnostic, Document, Evidence, Fingerprint, Label, RuleId, Severity, Span};
use keylint_rules::{Family, Rule};
use keylint_syntax::tree::{Expression, Kind, Node, Part, SyntaxError};

use crate::{
    PolicyKind,
    catalogue::Catalogue,
    checks::{CHECKS, Check, syntax_problem},
    context::{Context, Problem},
    holdings::Holdings,
    hosts::{self, Hosted},
    model::{Policy, UNKNOWN},
    module::{Module, is_of_module},
    read,
};

/// Findings of one document beyond this many are left out; who scans says so.
pub const MAX_DIAGNOSTICS: usize = 1000;

/// The rule about texts that do not parse, which no policy's check can speak for.
const SYNTAX: &str = "json-syntax-error";

/// The rules of the policy family that run.
#[derive(Clone, Debug)]
pub struct Detector {
    rules: Vec<Chosen>,
    key: Box<[u8]>,
    kind: Option<PolicyKind>,
    anywhere: bool,
}

#[derive(Clone, Debug)]
struct Chosen {
    id: RuleId,
    severity: Severity,
    check: Check,
}

impl Detector {
    /// The checks of those `rules` that are about policies; `key` keys the fingerprints, `kind` says what every policy is
    /// attached to where its place does not.
    pub fn new(rules: &[Rule], key: &[u8], kind: Option<PolicyKind>) -> Detector {
        let policies = rules.iter().filter(|rule| rule.family == Family::Policy);
        let chosen = policies.filter_map(|rule| {
            let check = CHECKS.iter().find(|check| check.rule() == rule.id)?;
            Some(Chosen { id: RuleId(Arc::from(rule.id.as_str())), severity: rule.severity, check: *check })
        });
        Detector { rules: chosen.collect(), key: key.into(), kind, anywhere: false }
    }

    /// Whether documents of any name are looked into.
    pub fn anywhere(self, anywhere: bool) -> Detector {
        Detector { anywhere, ..self }
    }

    /// The format of a document that is too large to be looked into, given at least its begin; none where no rule runs or
    /// no policy could stand there.
    pub fn format(&self, document: &Document<'_>) -> Option<hosts::Format> {
        let format = hosts::Format::of(document, self.anywhere).filter(hosts::Format::is_missed);
        format.filter(|_| !self.rules.is_empty())
    }

    /// The findings of a document, by span and rule; at most [`MAX_DIAGNOSTICS`], and none in more than
    /// [`hosts::MAX_DOCUMENT`] bytes.
    pub fn scan(&self, document: &Document<'_>) -> Vec<Diagnostic> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        let mut found = self.judge(document, hosts::find(document, self.anywhere));
        found.truncate(MAX_DIAGNOSTICS);
        found
    }

    /// Whether a document is a file of a Terraform module that holds policies, so that its other files matter.
    pub fn wants_module(&self, document: &Document<'_>) -> bool {
        let format = || hosts::Format::of(document, false);
        let is_one = !self.rules.is_empty() && is_of_module(document.path);
        is_one && format().is_some_and(|format| format.may_hold(document.text))
    }

    /// The same of a file of a Terraform module: what its other files say about its policies counts. Labels in them name
    /// their paths. A document that is no such file is scanned for itself.
    pub fn scan_in_module(&self, document: &Document<'_>, module: &Module) -> Vec<Diagnostic> {
        let file = module.file(document).filter(|_| self.wants_module(document));
        let Some(file) = file else { return self.scan(document) };
        let mut found = self.judge(&Document::new(document.path, module.text()), module.hosted(file));
        found.retain_mut(|diagnostic| module.own(file, diagnostic));
        found.truncate(MAX_DIAGNOSTICS);
        found
    }

    /// What the rules say of the policies of a document.
    fn judge(&self, document: &Document<'_>, hosted: Hosted) -> Vec<Diagnostic> {
        let policies: Vec<Policy> = hosted
            .policies
            .into_iter()
            .map(|mut found| {
                found.kind = found.kind.or(self.kind);
                read::policy(found)
            })
            .collect();
        let mut out = self.errors(document, &hosted.errors);
        let mut problems = Vec::new();
        let holdings = Holdings::new(&policies);
        for (index, policy) in policies.iter().enumerate() {
            let identity = Identity::new(&self.key, policy);
            for held in holdings.of(index) {
                let context = Context {
                    policy,
                    policies: &policies,
                    held,
                    catalogue: Catalogue::get(),
                    path: document.path,
                    text: document.text,
                };
                for rule in &self.rules {
                    (rule.check.run)(&context, &mut problems);
                    // More than are reported in all are not made ready.
                    let ready = problems.drain(..).take(MAX_DIAGNOSTICS);
                    out.extend(ready.map(|problem| self.diagnostic(rule, Some(&identity), document, problem)));
                }
            }
        }
        keylint_diagnostics::sort_by(&mut out, |a, b| (a.primary.span, &a.rule).cmp(&(b.primary.span, &b.rule)));
        // What is wrong with a policy that several hold, or that an alias repeats, is said once.
        out.dedup_by(|a, b| a.primary.span == b.primary.span && a.rule == b.rule && a.message == b.message);
        out
    }

    /// What is said of texts that are meant as policies and do not parse.
    fn errors(&self, document: &Document<'_>, errors: &[SyntaxError]) -> Vec<Diagnostic> {
        let Some(rule) = self.rules.iter().find(|rule| rule.id.as_str() == SYNTAX) else { return Vec::new() };
        let problems = errors.iter().filter_map(|error| syntax_problem(document, error));
        problems.map(|problem| self.diagnostic(rule, None, document, problem)).collect()
    }

    fn diagnostic(
        &self,
        rule: &Chosen,
        identity: Option<&Identity<'_>>,
        document: &Document<'_>,
        mut problem: Problem,
    ) -> Diagnostic {
        // What is missing at the end of a text is shown at its last byte: a finding stands somewhere.
        if problem.span.is_empty() {
            problem.span.start = problem.span.start.saturating_sub(u32::from(problem.span.start > 0));
            problem.span.end = problem.span.start.saturating_add(1).min(document.text.len() as u32);
        }
        let content = match identity {
            Some(identity) => identity.of(problem.span, document.text),
            None => document.text.to_vec(),
        };
        let label = |span: Span, text: String| Label { path: None, span, text: shown(text), mask: None };
        Diagnostic {
            rule: rule.id.clone(),
            severity: problem.severity.unwrap_or(rule.severity),
            confidence: problem.confidence,
            fingerprint: Fingerprint::of(&self.key, rule.id.as_str(), &content),
            message: shown(problem.message),
            primary: label(problem.span, String::new()),
            related: problem.related.into_iter().map(|(span, text)| label(span, text)).collect(),
            evidence: problem.evidence.into_iter().map(|said| Evidence { text: shown(said.text), ..said }).collect(),
            fixes: problem.fixes,
            suppressed: None,
        }
    }
}

/// What the findings of a policy are known by: the statement in one spelling, and the part of it that is meant.
struct Identity<'p> {
    key: &'p [u8],
    policy: &'p Policy,
    /// A hash of each statement, and of the whole policy at the end; a statement may have thousands of findings.
    spelt: Vec<OnceCell<Fingerprint>>,
}

impl<'p> Identity<'p> {
    fn new(key: &'p [u8], policy: &'p Policy) -> Identity<'p> {
        Identity { key, policy, spelt: vec![OnceCell::new(); policy.statements.len() + 1] }
    }

    /// What is hashed for a finding at `span`.
    fn of(&self, span: Span, text: &[u8]) -> Vec<u8> {
        let statements = &self.policy.statements;
        // Statements stand in the order of the text, unless a host has put them together.
        let holds = |node: &Node| node.span.start <= span.start && span.end <= node.span.end;
        let near = statements.partition_point(|statement| statement.node.span.start <= span.start).saturating_sub(1);
        let index = match statements.get(near) {
            Some(statement) if holds(&statement.node) => near,
            _ => statements.iter().position(|statement| holds(&statement.node)).unwrap_or(statements.len()),
        };
        let node = statements.get(index).map_or(&*self.policy.node, |statement| &*statement.node);
        let hash = self.spelt[index].get_or_init(|| {
            let mut spelt = Vec::new();
            spell(node, &mut spelt);
            Fingerprint::of(self.key, "statement", &spelt)
        });
        let mut content = hash.to_string().into_bytes();
        content.push(0);
        if index < statements.len() && node.span != span {
            content.extend_from_slice(span.of(text));
        }
        content
    }
}

/// A text for people, with what only a run knows as `…`.
fn shown(text: String) -> String {
    if text.contains(UNKNOWN) { text.replace(UNKNOWN, "…") } else { text }
}

/// Writes a tree in one spelling: keys sorted, no space.
fn spell(node: &Node, out: &mut Vec<u8>) {
    match &node.kind {
        Kind::Null => out.extend_from_slice(b"null"),
        Kind::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Kind::Number(text) => out.extend_from_slice(text.as_bytes()),
        Kind::String(template) => {
            out.push(b'"');
            for part in &template.parts {
                match part {
                    Part::Text(text) => out.extend_from_slice(&text.bytes),
                    Part::Unknown(node) => spell(node, out),
                }
            }
            out.push(b'"');
        }
        Kind::List(elements) => {
            out.push(b'[');
            for element in elements {
                spell(element, out);
                out.push(b',');
            }
            out.push(b']');
        }
        Kind::Map(entries) => {
            let mut written: Vec<Vec<u8>> = Vec::with_capacity(entries.len());
            for entry in entries {
                let mut text = entry.key.as_str().unwrap_or_default().as_bytes().to_vec();
                text.push(b':');
                spell(&entry.value, &mut text);
                written.push(text);
            }
            keylint_diagnostics::sort(&mut written);
            out.push(b'{');
            out.extend(written.concat());
            out.push(b'}');
        }
        Kind::Expression(Expression::Reference(path)) => out.extend_from_slice(path.as_bytes()),
        Kind::Expression(Expression::Call { name, arguments }) => {
            out.extend_from_slice(name.as_bytes());
            out.push(b'(');
            for argument in arguments {
                spell(argument, out);
                out.push(b',');
            }
            out.push(b')');
        }
        Kind::Expression(Expression::Conditional(first, second)) => {
            out.push(b'?');
            spell(first, out);
            out.push(b':');
            spell(second, out);
        }
        Kind::Expression(Expression::Other) => out.push(b'_'),
    }
}
