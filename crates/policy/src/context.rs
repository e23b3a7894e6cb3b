//! What a check looks at, and how it says what it found. Not here: the checks (`checks/`).

use keylint_diagnostics::{Applicability, Confidence, Edit, Evidence, EvidenceKind, Fix, Insert, Severity, Span};

use crate::{
    catalogue::Catalogue,
    model::{Policy, Statement, Value},
};

/// One policy and what is known beside it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// All policies of the document, this one among them.
    pub policies: &'a [Policy],
    /// Which of them one principal or resource holds, this one among them. A policy that several hold is looked at with
    /// each.
    pub held: &'a [usize],
    /// The AWS services.
    pub catalogue: &'a Catalogue,
    /// The document's path, for fixes.
    pub path: &'a str,
    /// The document's stored bytes.
    pub text: &'a [u8],
}

/// What a check found: one diagnostic to be.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The offending part.
    pub span: Span,
    /// One sentence, no full stop.
    pub message: String,
    /// Other places that belong to it.
    pub related: Vec<(Span, String)>,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// How to mend it.
    pub fixes: Vec<Fix>,
    /// How sure it is.
    pub confidence: Confidence,
    /// How bad it is, where that is not what the rule says.
    pub severity: Option<Severity>,
}

impl Problem {
    /// A problem at `span`, of high confidence.
    pub fn new(span: Span, message: impl Into<String>) -> Problem {
        Problem {
            span,
            message: message.into(),
            related: Vec::new(),
            evidence: Vec::new(),
            fixes: Vec::new(),
            confidence: Confidence::High,
            severity: None,
        }
    }

    /// Adds another place.
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Problem {
        self.related.push((span, text.into()));
        self
    }

    /// Adds a request that shows the problem: "lambda:InvokeFunction on arn:aws:lambda:…".
    pub fn witness(mut self, text: impl Into<String>) -> Problem {
        self.evidence.push(Evidence { kind: EvidenceKind::Witness, text: text.into() });
        self
    }

    /// Says that it depends on the service catalogue, whose date is given.
    pub fn as_of(mut self, catalogue: &Catalogue) -> Problem {
        let text = format!("AWS service catalogue of {}", catalogue.date());
        self.evidence.push(Evidence { kind: EvidenceKind::Catalogue, text });
        self
    }

    /// With this confidence.
    pub fn confidence(mut self, confidence: Confidence) -> Problem {
        self.confidence = confidence;
        self
    }

    /// With this severity.
    pub fn severity(mut self, severity: Severity) -> Problem {
        self.severity = Some(severity);
        self
    }

    /// Adds a fix, where there is one.
    pub fn fix(mut self, fix: Option<Fix>) -> Problem {
        self.fixes.extend(fix);
        self
    }
}

impl<'a> Context<'a> {
    /// The statements.
    pub fn statements(&self) -> &'a [Statement] {
        &self.policy.statements
    }

    /// A fix that writes `text` in place of the text of `value`, quotes kept; `None` where it is not written plainly.
    pub fn rewrite(&self, value: &Value, text: &str, applicability: Applicability) -> Option<Fix> {
        let span = value.inner()?;
        let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'\'');
        // A key that is a name may stand without quotes; one that is none needs them.
        let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let bare = span == value.span && is_name(&value.text) && !is_name(text);
        let written = if bare { format!("\"{text}\"") } else { text.to_string() };
        text.bytes().all(plain).then(|| self.replace(span, &written, format!("write `{text}`"), applicability))
    }

    /// A fix that replaces `span` by `text` as it is.
    pub fn replace(&self, span: Span, text: &str, title: String, applicability: Applicability) -> Fix {
        let edit = Edit { path: self.path.into(), span, insert: vec![Insert::Text(text.into())] };
        Fix { title, applicability, edits: vec![edit] }
    }

    /// The policies of the same principal or resource, this one among them.
    pub fn peers(&self) -> impl Iterator<Item = &'a Policy> {
        let (held, all) = (self.held, self.policies);
        held.iter().filter_map(|&index| all.get(index))
    }
}
