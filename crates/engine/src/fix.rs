//! Proposes how a secret leaves its document: to an environment variable, a CI secret, or AWS Secrets Manager.
//! Not here: writing files, or whether `.env` is ignored and its names are free; a host sees that when it applies a fix.
//!
//! A fix changes what the program does (the variable must be set where it runs), so none is ever `Safe`: it is `Unsafe`
//! where the rewritten text is certain to mean the variable, and `DisplayOnly` where a person must look.

mod apply;
mod code;
mod declarative;
pub mod env;
mod import;
mod manager;
mod name;
mod spot;

use std::cell::RefCell;

use keylint_diagnostics::{
    Applicability, Confidence, Diagnostic, Document, Edit, Encoding, Fix, Insert, Map, Severity, Span,
};
use keylint_syntax::FileKind;

use self::{declarative::Dialect, name::Names, spot::Spot};

pub use apply::{Choice, Spliced, choose, splice};

/// The end of a document whose length is not known here: what is inserted there are whole lines, and a line that the
/// document already has is not written again.
pub const END: Span = Span { start: u32::MAX, end: u32::MAX };

/// Where local values live, beside the configuration, and for a compose file beside that file.
const ENV: &str = ".env";

/// A larger document was not written by hand, and is not rewritten.
const MAX_TEXT: usize = 1 << 20;
/// Findings of one document that are mended: one with more is a list of credentials, which moves as a whole.
const MAX_MENDED: usize = 200;

/// The document that a secret stands in.
struct Site<'t> {
    document: Document<'t>,
    kind: FileKind,
    dialect: Dialect,
    /// What each module's import needs: every finding of a file asks for the same few.
    imports: RefCell<Map<String, Option<Vec<Edit>>>>,
}

/// What takes the place of one secret.
#[derive(Debug, Default)]
struct Rewrite {
    /// Changes of the document; empty where none is known.
    edits: Vec<Edit>,
    /// Whether the new text is certain to mean the variable.
    certain: bool,
    /// What the secret is called in `.env`, where it belongs there.
    entry: Option<String>,
}

/// Whether a variable of this name already has another value than this one, so that it needs another name. A host that
/// sees `.env` can tell; without one, no name is taken.
pub type Taken<'a> = &'a dyn Fn(&str, &[u8]) -> bool;

/// Adds to each finding how it may be mended, in place of what was proposed before.
pub fn propose(document: &Document<'_>, diagnostics: &mut [Diagnostic], taken: Taken<'_>) {
    if document.text.len() > MAX_TEXT {
        return;
    }
    let wanted = diagnostics.iter_mut().filter(|diagnostic| is_mendable(diagnostic));
    let mut wanted = wanted.take(MAX_MENDED).peekable();
    // A rewritten document in UTF-16 would need a `.env` in UTF-8: a person has to look at it.
    if wanted.peek().is_none() || Encoding::detect(document.text) != Encoding::Utf8 {
        return;
    }
    let kind = FileKind::of(document.path, document.text);
    let site = Site { document: *document, kind, dialect: Dialect::of(document, kind), imports: RefCell::default() };
    let mut names = Names::new(taken);
    for diagnostic in wanted {
        diagnostic.fixes = site.fixes(diagnostic, &mut names);
    }
}

/// Whether a finding is a secret that should move: not a public key, not accepted, not a guess.
fn is_mendable(diagnostic: &Diagnostic) -> bool {
    let secret = diagnostic.primary.mask.is_some() && diagnostic.primary.path.is_none();
    secret
        && diagnostic.suppressed.is_none()
        && diagnostic.severity > Severity::Info
        && diagnostic.confidence > Confidence::Low
}

impl<'t> Site<'t> {
    fn fixes(&self, diagnostic: &Diagnostic, names: &mut Names<'_>) -> Vec<Fix> {
        let text = self.document.text;
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
        let spans = labels.filter(|label| label.path.is_none() && label.mask.is_some()).map(|label| label.span);
        let spots: Vec<(Spot<'t>, String)> = spans
            .map(|span| {
                let spot = Spot::new(text, span, self.kind);
                let name = names.variable(spot.bound, diagnostic.rule.as_str(), span.of(text));
                (spot, name)
            })
            .collect();
        let mut fixes = vec![self.environment(&spots)];
        let managed = manager::rewrite(self, &spots);
        if self.dialect == Dialect::CloudFormation {
            fixes.clear();
        }
        fixes.extend(managed);
        fixes
    }

    /// Moves the secrets to variables.
    fn environment(&self, spots: &[(Spot<'t>, String)]) -> Fix {
        let rewrites: Vec<Rewrite> = spots.iter().map(|(spot, name)| self.rewrite(spot, name)).collect();
        let certain = rewrites.iter().all(|rewrite| rewrite.certain && !rewrite.edits.is_empty());
        let names: Vec<&str> = spots.iter().map(|(_, name)| name.as_str()).collect();
        let title = self.title(&names, rewrites.iter().all(|rewrite| rewrite.edits.is_empty()));
        let mut edits = Vec::new();
        for ((spot, _), rewrite) in spots.iter().zip(rewrites) {
            edits.extend(rewrite.edits);
            edits.extend(rewrite.entry.map(|entry| self.entry(&entry, spot.secret)));
        }
        if edits.iter().any(|edit: &Edit| edit.path == self.env()) {
            edits.push(self.ignore_entry());
        }
        let edits = each_once(edits);
        let applicability = if certain { Applicability::Unsafe } else { Applicability::DisplayOnly };
        Fix { title, applicability, edits }
    }

    /// What takes the place of one secret.
    fn rewrite(&self, spot: &Spot<'t>, name: &str) -> Rewrite {
        match self.kind {
            _ if spot.comment => Rewrite::default(),
            FileKind::Code(language) => code::rewrite(self, spot, language, name),
            FileKind::Shell => code::shell(self, spot, name),
            FileKind::PowerShell => code::power_shell(self, spot, name),
            _ => declarative::rewrite(self, spot, name),
        }
    }

    fn title(&self, names: &[&str], unknown: bool) -> String {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let (it, plural) = if names.len() > 1 { ("them", "s") } else { ("it", "") };
        let names = quoted.join(" and ");
        match (self.dialect, self.kind) {
            (Dialect::Workflow, _) => format!("move {it} to the Actions secret{plural} {names} (`gh secret set NAME`)"),
            (Dialect::GitlabCi, _) => format!("move {it} to the masked CI/CD variable{plural} {names}"),
            (Dialect::Kubernetes, _) => {
                format!("move {it} to a Secret that is not in the repository, by `secretKeyRef`")
            }
            (Dialect::Terraform | Dialect::Tfvars, _) => format!("move {it} to the sensitive variable{plural} {names}"),
            (_, FileKind::Dockerfile) => {
                let id = names.trim_matches('`').to_ascii_lowercase();
                format!(
                    "hand {it} to the build as a secret: `RUN --mount=type=secret,id={id}`, or to the container when it runs"
                )
            }
            (_, FileKind::Env) => "keep this file out of git: an entry in `.gitignore`, then `git rm --cached`".into(),
            _ if unknown => {
                format!("move {it} out of the file, for instance to the environment variable{plural} {names}")
            }
            _ => format!("move {it} to the environment variable{plural} {names}"),
        }
    }

    /// A change of this document.
    fn edit(&self, span: Span, text: impl Into<String>) -> Edit {
        Edit { path: self.document.path.into(), span, insert: vec![Insert::Text(text.into())] }
    }

    /// The `.env` that belongs to this document.
    fn env(&self) -> String {
        match (self.dialect, self.document.path.rsplit_once('/')) {
            (Dialect::Compose, Some((folder, _))) => format!("{folder}/{ENV}"),
            _ => ENV.into(),
        }
    }

    /// The line of `.env` that keeps the value. Quoted where a shell would see more than a word.
    fn entry(&self, name: &str, secret: Span) -> Edit {
        let value = secret.of(self.document.text);
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-./+=:@%,~".contains(b);
        let quote = if value.iter().all(plain) { "" } else { "'" };
        let insert =
            vec![Insert::Text(format!("{name}={quote}")), Insert::CopyOf(secret), Insert::Text(format!("{quote}\n"))];
        Edit { path: self.env(), span: END, insert }
    }

    fn ignore_entry(&self) -> Edit {
        Edit { path: ".gitignore".into(), span: END, insert: vec![Insert::Text(format!("{ENV}\n"))] }
    }

    /// The line end of this document.
    fn line_end(&self) -> &'static str {
        let text = self.document.text;
        let first = memchr::memchr(b'\n', text).filter(|&at| at > 0 && text[at - 1] == b'\r');
        if first.is_some() { "\r\n" } else { "\n" }
    }
}

/// The two halves of a pair need the same import.
fn each_once(edits: Vec<Edit>) -> Vec<Edit> {
    let mut kept: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        if !kept.contains(&edit) {
            kept.push(edit);
        }
    }
    kept
}
