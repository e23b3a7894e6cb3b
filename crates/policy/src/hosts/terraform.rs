//! Policies in Terraform: data sources, `jsonencode`, heredocs and quoted JSON, each with what it is attached to.
//! Not here: how a data source becomes a policy (`terraform/document.rs`), `.tf.json` and plans (`terraform/json.rs`).

mod document;
pub(super) mod json;

use std::collections::BTreeMap;

use keylint_syntax::{
    Text,
    tree::{self, Block, Body, Expression, Kind, Node, hcl},
};

use super::{
    Found, Hosted,
    attachment::{self, Attachment},
    json::is_policy,
    unknown::plugged,
};
use crate::PolicyKind;

/// Values may stand in locals that name locals; deeper than this is a circle.
const MAX_LOCALS: usize = 16;

/// Finds the policies of a Terraform text.
pub(super) fn find(text: &Text) -> Hosted {
    in_body(&hcl(text).0)
}

/// Finds the policies of a Terraform file.
fn in_body(body: &Body) -> Hosted {
    let mut module = Module::new(body);
    for block in of_kind(body, "resource") {
        module.resource(block);
    }
    module.documents(body)
}

/// The blocks of a kind with two labels: `resource "type" "name"`.
fn of_kind<'b>(body: &'b Body, kind: &'b str) -> impl Iterator<Item = &'b Block> {
    body.blocks.iter().filter(move |block| &*block.kind == kind && block.labels.len() == 2)
}

/// What a file says beside its policies.
struct Module<'b> {
    locals: BTreeMap<&'b str, &'b Node>,
    /// Policies and the one principal that each is attached to, by `aws_iam_policy.name`.
    principals: BTreeMap<String, Option<String>>,
    /// What data sources are attached to, by name.
    uses: BTreeMap<String, Use>,
    /// Data sources that are part of others.
    parts: BTreeMap<String, String>,
    hosted: Hosted,
}

/// What a policy is attached to.
#[derive(Clone)]
struct Use {
    kind: PolicyKind,
    service: Option<&'static str>,
    attached: String,
}

impl<'b> Module<'b> {
    fn new(body: &'b Body) -> Module<'b> {
        let locals =
            body.blocks.iter().filter(|block| &*block.kind == "locals").flat_map(|block| &block.body.attributes);
        let locals = locals.filter_map(|entry| Some((entry.key.as_str()?, &entry.value))).collect();
        let mut principals: BTreeMap<String, Option<String>> = BTreeMap::new();
        for block in of_kind(body, "resource").filter(|block| block.labels[0].0.ends_with("_policy_attachment")) {
            let Some(policy) = attribute(&block.body, "policy_arn").and_then(address) else { continue };
            let principal = ["role", "user", "group"].iter().find_map(|name| address(attribute(&block.body, name)?));
            // A policy that stands with two principals is not joined with either: what both hold is not known to be one.
            principals.entry(policy).and_modify(|known| *known = None).or_insert(principal);
        }
        let mut parts = BTreeMap::new();
        for block in of_kind(body, "data").filter(|block| &*block.labels[0].0 == document::DATA) {
            for name in ["source_policy_documents", "override_policy_documents", "source_json", "override_json"] {
                let Some(value) = attribute(&block.body, name) else { continue };
                for part in std::iter::once(value).chain(value.elements()).filter_map(document_name) {
                    parts.insert(part, block.labels[1].0.to_string());
                }
            }
        }
        Module { locals, principals, uses: BTreeMap::new(), parts, hosted: Hosted::default() }
    }

    /// Takes in the policies of a resource.
    fn resource(&mut self, block: &'b Block) {
        let own = format!("{}.{}", block.labels[0].0, block.labels[1].0);
        for attachment in attachment::of(&block.labels[0].0) {
            let Some(kind) = organization_kind(attachment, &block.body) else { continue };
            let principal = ["role", "user", "group"].iter().find_map(|name| address(attribute(&block.body, name)?));
            let joined = principal.or_else(|| self.principals.get(&own).cloned().flatten());
            let suffix = if kind == PolicyKind::Trust { " (trust)" } else { "" };
            let attached = format!("{}{suffix}", joined.as_ref().unwrap_or(&own));
            let of = Use { kind, service: attachment.service, attached };
            match attachment.property.split_once('.') {
                None => self.value(attribute(&block.body, attachment.property), &of, 0),
                Some((inner, property)) => {
                    for inner in block.body.blocks.iter().filter(|block| &*block.kind == inner) {
                        self.value(attribute(&inner.body, property), &of, 0);
                    }
                }
            }
        }
    }

    /// Takes in what an argument that holds a policy is set to.
    fn value(&mut self, value: Option<&'b Node>, of: &Use, depth: usize) {
        let Some(node) = value.filter(|_| depth < MAX_LOCALS) else { return };
        match &node.kind {
            Kind::Expression(Expression::Call { name, arguments }) if &**name == "jsonencode" => {
                self.policy(arguments.first().cloned(), of);
            }
            Kind::Expression(Expression::Conditional(first, second)) => {
                self.value(Some(first), of, depth + 1);
                self.value(Some(second), of, depth + 1);
            }
            Kind::Expression(Expression::Reference(path)) => {
                if let Some(name) = document_name(node) {
                    self.uses.entry(name).or_insert_with(|| of.clone());
                } else if let Some(local) = path.strip_prefix("local.").and_then(|name| self.locals.get(name).copied())
                {
                    self.value(Some(local), of, depth + 1);
                }
            }
            Kind::String(template) => match tree::json(&plugged(template)) {
                Ok(policy) => self.policy(Some(policy), of),
                Err(error) => self.hosted.errors.push(error),
            },
            Kind::Map(_) => self.policy(Some(node.clone()), of),
            _ => {}
        }
    }

    fn policy(&mut self, node: Option<Node>, of: &Use) {
        let Some(node) = node.filter(is_policy) else { return };
        self.hosted.policies.push(of.found(node));
    }

    /// Adds the data sources, each with what it is attached to, itself or as a part of another.
    fn documents(mut self, body: &Body) -> Hosted {
        for block in of_kind(body, "data").filter(|block| &*block.labels[0].0 == document::DATA) {
            let mut name = block.labels[1].0.to_string();
            for _ in 0..MAX_LOCALS {
                if self.uses.contains_key(&name) {
                    break;
                }
                match self.parts.get(&name) {
                    Some(whole) => name.clone_from(whole),
                    None => break,
                }
            }
            let Some(node) = document::policy(block) else { continue };
            self.hosted.policies.push(match self.uses.get(&name) {
                Some(of) => of.found(node),
                None => Found { attached: Some(format!("data.{}.{name}", document::DATA).into()), ..Found::bare(node) },
            });
        }
        self.hosted.policies.sort_by_key(|found| found.node.span);
        self.hosted
    }
}

impl Use {
    fn found(&self, node: Node) -> Found {
        let service = self.service.map(Into::into);
        Found { node, kind: Some(self.kind), service, attached: Some(self.attached.as_str().into()) }
    }
}

/// Policies of an organization say their type themselves; one of another type is no policy of ours.
fn organization_kind(attachment: &Attachment, body: &Body) -> Option<PolicyKind> {
    if attachment.kind != PolicyKind::Scp {
        return Some(attachment.kind);
    }
    match attribute(body, "type").map(|node| node.as_str()) {
        None | Some(Some("SERVICE_CONTROL_POLICY")) => Some(PolicyKind::Scp),
        Some(Some("RESOURCE_CONTROL_POLICY")) => Some(PolicyKind::Rcp),
        Some(_) => None,
    }
}

/// The value of an attribute.
fn attribute<'b>(body: &'b Body, name: &str) -> Option<&'b Node> {
    body.attributes.iter().find(|entry| entry.key.as_str() == Some(name)).map(|entry| &entry.value)
}

/// `type.name` of a reference to a resource: `aws_iam_role.app.id`, `aws_iam_role.app[0].arn`.
fn address(node: &Node) -> Option<String> {
    let Kind::Expression(Expression::Reference(path)) = &node.kind else { return None };
    let mut steps = path.split('.');
    let (kind, name) = (steps.next()?, steps.next()?);
    let name = name.split('[').next().unwrap_or(name);
    kind.starts_with("aws_").then(|| format!("{kind}.{name}"))
}

/// `name` of a reference to the JSON of a data source: `data.aws_iam_policy_document.name.json`.
fn document_name(node: &Node) -> Option<String> {
    let Kind::Expression(Expression::Reference(path)) = &node.kind else { return None };
    let rest = path.strip_prefix("data.")?.strip_prefix(document::DATA)?.strip_prefix('.')?;
    let name = rest.split(['.', '[']).next()?;
    Some(name.to_string())
}
