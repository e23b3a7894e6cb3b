//! Where policies stand: finds them in a document and says what each is attached to.
//! Not here: what a policy means (`model`, `checks`), or how JSON, YAML and HCL are parsed (`keylint-syntax`).

mod answers;
mod attachment;
mod cloudformation;
mod holders;
mod json;
mod literal;
mod terraform;
mod unknown;
mod yaml;

use keylint_diagnostics::{Document, Encoding};
use keylint_syntax::{
    Text, to_utf8,
    tree::{Body, Node, SyntaxError},
};

use crate::PolicyKind;

/// Larger documents are data and not policies, which AWS keeps below 40 KB; a template has at most 1 MB, a plan more.
pub const MAX_DOCUMENT: usize = 32 << 20;

/// A policy in a document: its tree, with the spans of the document, and what the place says about it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The policy as a map of `Version`, `Statement` …, also where its host writes it otherwise.
    pub node: Node,
    /// What it is attached to, where the place says so.
    pub kind: Option<PolicyKind>,
    /// The service of the resource that it is attached to.
    pub service: Option<Box<str>>,
    /// Who or what it is attached to, by names within the document.
    pub attached: Vec<Box<str>>,
}

impl Found {
    /// A policy of which the place says nothing.
    pub fn bare(node: Node) -> Found {
        Found { node, kind: None, service: None, attached: Vec::new() }
    }
}

/// What a document holds.
#[derive(Clone, Debug, Default)]
pub struct Hosted {
    /// The policies, in the order of the text.
    pub policies: Vec<Found>,
    /// Where a text of JSON does not parse: the document, or a string in it that holds a policy. A template or a module
    /// that is broken is the matter of other tools.
    pub errors: Vec<SyntaxError>,
}

/// Finds the policies of a document. Documents that cannot hold one are left alone after a look at their bytes and,
/// unless policies are looked for `anywhere`, their name.
pub fn find(document: &Document<'_>, anywhere: bool) -> Hosted {
    let fits = document.text.len() <= MAX_DOCUMENT;
    let Some(format) = Format::of(document, anywhere).filter(|format| fits && format.may_hold(document.text)) else {
        return Hosted::default();
    };
    let text = to_utf8(document.text, Encoding::detect(document.text));
    match format.host {
        Host::Json => json::find(&text),
        Host::Yaml => yaml::find(&text),
        Host::Terraform | Host::TerraformJson => {
            let (body, errors) = blocks(vec![(text, format)]);
            in_blocks(&body, errors)
        }
        Host::Program => literal::find(&text),
    }
}

/// Finds the policies of Terraform files of one folder, each as it stands in the text that they make together; `None` where
/// they are no module but each for itself, as examples are.
pub(crate) fn in_module(files: Vec<(Text, Format)>) -> Option<Hosted> {
    let (body, errors) = blocks(files);
    terraform::is_module(&body).then(|| in_blocks(&body, errors))
}

fn blocks(files: Vec<(Text, Format)>) -> (Body, Vec<SyntaxError>) {
    let (mut body, mut errors) = (Body::default(), Vec::new());
    for (text, format) in files {
        errors.extend(terraform::add(&mut body, &text, format.host == Host::TerraformJson).err());
    }
    (body, errors)
}

fn in_blocks(body: &Body, errors: Vec<SyntaxError>) -> Hosted {
    let mut hosted = terraform::find(body);
    hosted.errors.extend(errors);
    hosted
}

/// The formats that policies stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host {
    Json,
    Yaml,
    Terraform,
    TerraformJson,
    Program,
}

/// The format of a document by its name and its begin, and how to tell in a look whether it may hold a policy.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    host: Host,
    words: &'static [&'static str],
    /// Whether characters are of several bytes, so that no word is looked for.
    wide: bool,
}

/// Endings of file names, the format behind each, and words of which a document of it with a policy holds one, in
/// ASCII or UTF-16.
const HOSTS: &[(&[&str], Host, &[&str])] = &[
    (&[".tf.json"], Host::TerraformJson, &["olic"]),
    (&[".json", ".jsonc", ".json5", ".tfstate"], Host::Json, POLICY),
    (&[".yaml", ".yml"], Host::Yaml, &["Statement", "tatements", "PolicyDocument", "Policies:", "2012-10-17"]),
    (&[".tf", ".tofu", ".hcl"], Host::Terraform, &["Statement", "aws_iam_policy_document", "2012-10-17"]),
    (&[".py", ".ts", ".js", ".mjs", ".cjs", ".tsx", ".jsx"], Host::Program, &["Statement"]),
];

/// Of these a whole policy holds one, though it may lack its statements.
const POLICY: &[&str] = &["Statement", "2012-10-17"];

impl Format {
    /// Of a document, or of the first part of one.
    pub(crate) fn of(document: &Document<'_>, anywhere: bool) -> Option<Format> {
        let name = document.path.rsplit('/').next().unwrap_or_default();
        let named = |(endings, ..): &&(&[&str], Host, &[&str])| {
            endings.iter().any(|ending| {
                let cut = name.len().checked_sub(ending.len());
                cut.is_some_and(|at| name.as_bytes()[at..].eq_ignore_ascii_case(ending.as_bytes()))
            })
        };
        let (host, words) = match HOSTS.iter().find(named) {
            Some((_, host, words)) => (*host, *words),
            // CloudFormation's own ending, and no ending at all, are of either format.
            None if anywhere || name.ends_with(".template") || !name.contains('.') => {
                (Host::either(document.text)?, POLICY)
            }
            None => return None,
        };
        Some(Format { host, words, wide: !matches!(Encoding::detect(document.text), Encoding::Utf8) })
    }

    /// Whether a text of this format, or a part of one, may hold a policy.
    pub fn may_hold(&self, text: &[u8]) -> bool {
        let holds = |word: &&str| memchr::memmem::find(text, word.as_bytes()).is_some();
        let nearer = || match self.host {
            Host::Json => json::may_hold(text),
            Host::Program => literal::may_hold(text),
            Host::Yaml | Host::Terraform | Host::TerraformJson => true,
        };
        self.wide || self.words.iter().any(holds) && nearer()
    }

    /// Whether a document that is too large is worth a word: a program of that size is made by a tool out of others.
    pub(crate) fn is_missed(&self) -> bool {
        self.host != Host::Program
    }
}

impl Host {
    /// JSON or YAML, by the first byte; a file without an ending is only looked at where it begins as JSON.
    fn either(text: &[u8]) -> Option<Host> {
        match text.trim_ascii_start().first()? {
            b'{' | b'[' => Some(Host::Json),
            _ if memchr::memmem::find(&text[..text.len().min(4096)], b"AWSTemplateFormatVersion").is_some() => {
                Some(Host::Yaml)
            }
            _ => None,
        }
    }
}
