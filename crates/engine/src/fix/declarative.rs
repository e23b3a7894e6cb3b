//! Configuration files: each fills in values in its own way, or not at all.
//! Not here: program source (`code.rs`).

use keylint_diagnostics::{Document, Span};
use keylint_syntax::FileKind;

use super::{Rewrite, Site, spot::Spot};

/// How much of a template is read to tell CloudFormation and Kubernetes from other YAML and JSON.
const SNIFF: usize = 64 << 10;

/// Who reads a configuration file, and so how values are filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Docker Compose: `${X}`, from `.env` beside the file.
    Compose,
    /// GitHub Actions: `${{ secrets.X }}`.
    Workflow,
    /// GitLab CI.
    GitlabCi,
    /// CloudFormation and SAM: `{{resolve:secretsmanager:…}}`.
    CloudFormation,
    /// Kubernetes manifests.
    Kubernetes,
    /// Spring Boot: `${X}`.
    Spring,
    /// Terraform.
    Terraform,
    /// Values of Terraform variables.
    Tfvars,
    /// Nobody that is known.
    #[default]
    Other,
}

impl Dialect {
    pub(super) fn of(document: &Document<'_>, kind: FileKind) -> Dialect {
        let name = document.file_name().to_ascii_lowercase();
        let head = &document.text[..document.text.len().min(SNIFF)];
        let has = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
        let stem = name.split('.').next().unwrap_or_default();
        match kind {
            FileKind::Yaml if document.path.contains(".github/workflows/") => Dialect::Workflow,
            FileKind::Yaml if name.starts_with(".gitlab-ci") => Dialect::GitlabCi,
            FileKind::Yaml
                if ["compose", "docker-compose", "podman-compose"].contains(&stem)
                    || stem.starts_with("docker-compose-") =>
            {
                Dialect::Compose
            }
            FileKind::Yaml | FileKind::Json
                if has("AWSTemplateFormatVersion")
                    || has("AWS::Serverless")
                    || has("Type: AWS::")
                    || has("\"AWS::") =>
            {
                Dialect::CloudFormation
            }
            FileKind::Yaml if has("apiVersion:") && has("kind:") => Dialect::Kubernetes,
            FileKind::Yaml | FileKind::Properties
                if stem.starts_with("application") || stem.starts_with("bootstrap") =>
            {
                Dialect::Spring
            }
            FileKind::Hcl if name.ends_with(".tfvars") => Dialect::Tfvars,
            FileKind::Hcl if name.ends_with(".tf") => Dialect::Terraform,
            _ => Dialect::Other,
        }
    }
}

/// Lets the reader of the file fill in the secret.
pub(super) fn rewrite(site: &Site<'_>, spot: &Spot<'_>, name: &str) -> Rewrite {
    match site.dialect {
        Dialect::Compose => filled(site, spot, format!("${{{name}}}"), Some(name.into())),
        Dialect::Spring => filled(site, spot, format!("${{{name}}}"), Some(name.into())),
        // Names that begin with GITHUB_ are GitHub's own.
        Dialect::Workflow => {
            let name = name.strip_prefix("GITHUB_").map_or(name.to_string(), |rest| format!("GH_{rest}"));
            filled(site, spot, format!("${{{{ secrets.{name} }}}}"), None)
        }
        Dialect::Terraform => terraform(site, spot, name),
        Dialect::Tfvars => tfvars(site, spot),
        _ if site.kind == FileKind::Env => Rewrite { edits: vec![site.ignore_entry()], ..Rewrite::default() },
        _ => Rewrite::default(),
    }
}

/// A reader that fills in placeholders anywhere in a value.
fn filled(site: &Site<'_>, spot: &Spot<'_>, placeholder: String, entry: Option<String>) -> Rewrite {
    let before = spot.line_before(spot.secret.start);
    // `{` and `[` of flow style would take the braces for their own.
    let flow = spot.quote == 0 && before.iter().any(|b| matches!(b, b'{' | b'['));
    let key = spot.text.get(spot.secret.range().end) == Some(&b':') && before.trim_ascii().is_empty();
    let certain = spot.is_plain() && !flow && !key && !spot.value().contains(&b'$');
    Rewrite { edits: vec![site.edit(spot.secret, placeholder)], certain, entry }
}

/// A variable of Terraform: declared as sensitive, its value from `TF_VAR_…`.
fn terraform(site: &Site<'_>, spot: &Spot<'_>, name: &str) -> Rewrite {
    let Some(literal) = spot.literal.filter(|literal| literal.quote == b'"' && literal.prefix.is_empty()) else {
        return Rewrite::default();
    };
    let mut certain = spot.is_plain() && !spot.value().iter().any(|b| matches!(b, b'$' | b'%'));
    if let Some((block, declared)) = variable_block(spot) {
        let default = spot.line_before(literal.span.start).trim_ascii_start();
        if !default.starts_with(b"default") {
            return Rewrite::default();
        }
        certain &= spot.line_after(literal.span.end).is_empty();
        let edit = if block.split(|&b| b == b'\n').any(|line| line.trim_ascii_start().starts_with(b"sensitive")) {
            site.edit(whole_line(spot, literal.span), "")
        } else {
            let start = literal.span.start - default.len() as u32;
            site.edit(Span { start, end: literal.span.end }, "sensitive = true")
        };
        return Rewrite { edits: vec![edit], certain, entry: Some(format!("TF_VAR_{declared}")) };
    }
    let variable = name.to_ascii_lowercase();
    // The settings of Terraform itself, as of a backend, are read before there are variables.
    let before = &spot.text[..spot.secret.range().start];
    let own = memchr::memmem::rfind(before, b"terraform {")
        .is_some_and(|at| memchr::memmem::find(&before[at..], b"\n}").is_none());
    certain &= !own;
    let mut edits = vec![site.edit(literal.span, format!("var.{variable}"))];
    let declaration = format!("variable \"{variable}\"");
    if memchr::memmem::find(spot.text, declaration.as_bytes()).is_none() {
        let end = site.line_end();
        let lead = if spot.text.ends_with(b"\n") { "" } else { end };
        let block =
            [&*declaration, " {", end, "  type      = string", end, "  sensitive = true", end, "}", end].concat();
        edits.push(site.edit(Span::new(spot.text.len()..spot.text.len()), format!("{lead}{end}{block}")));
    }
    Rewrite { edits, certain, entry: Some(format!("TF_VAR_{variable}")) }
}

/// The `variable` block that the secret stands in, up to its end, and the variable's name.
fn variable_block<'t>(spot: &Spot<'t>) -> Option<(&'t [u8], &'t str)> {
    let at = spot.secret.range().start;
    let before = &spot.text[..at];
    let start = if before.starts_with(b"variable ") && !before.windows(2).any(|pair| pair == b"\n}") {
        0
    } else {
        memchr::memmem::rfind(before, b"\nvariable ")? + 1
    };
    if memchr::memmem::find(&spot.text[start..at], b"\n}").is_some() {
        return None;
    }
    let end = memchr::memmem::find(&spot.text[at..], b"\n}").map_or(spot.text.len(), |end| at + end);
    let name = spot.text[start..at].split(|&b| b == b'"').nth(1)?;
    Some((&spot.text[start..end], std::str::from_utf8(name).ok()?))
}

/// A value of a variable leaves the file: its line goes.
fn tfvars(site: &Site<'_>, spot: &Spot<'_>) -> Rewrite {
    let Some(literal) = spot.literal else { return Rewrite::default() };
    let before = spot.line_before(literal.span.start).trim_ascii();
    let Some(name) = before.strip_suffix(b"=").map(<[u8]>::trim_ascii) else { return Rewrite::default() };
    let word = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let alone = spot.line_before(literal.span.start).first().is_some_and(|b| !b.is_ascii_whitespace());
    let certain = word && alone && spot.is_plain() && spot.line_after(literal.span.end).is_empty();
    let entry = String::from_utf8(name.to_vec()).ok().map(|name| format!("TF_VAR_{name}"));
    Rewrite { edits: vec![site.edit(whole_line(spot, literal.span), "")], certain, entry }
}

/// The line of `span`, with its end.
fn whole_line(spot: &Spot<'_>, span: Span) -> Span {
    let start = span.start as usize - spot.line_before(span.start).len();
    let rest = &spot.text[span.range().end..];
    let end = span.range().end + memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
    Span::new(start..end)
}
