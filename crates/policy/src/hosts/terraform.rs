//! Policies in Terraform: data sources, `jsonencode`, heredocs and quoted JSON, each with what it is attached to.
//! Not here: how a data source becomes a policy (`terraform/document.rs`), `.tf.json` (`terraform/json.rs`) and plans
//! (`terraform/plan.rs`).

mod document;
mod json;
mod layers;
mod locals;
pub(super) mod plan;

use keylint_diagnostics::Map;
use keylint_syntax::{
    Text,
    tree::{self, Block, Body, Expression, Kind, Node, SyntaxError, hcl},
};

use self::{layers::Layers, locals::Locals};
use super::{
    Found, Hosted, attachment,
    holders::Holders,
    json::is_policy,
    unknown::{plug, plugged},
};
use crate::PolicyKind;

/// A policy may stand in calls and in locals that name locals; deeper than this is a circle.
const MAX_DEPTH: usize = 16;

/// Adds the blocks of a file, which may be of JSON.
pub(super) fn add(body: &mut Body, text: &Text, of_json: bool) -> Result<(), SyntaxError> {
    let file = if of_json { json::body(&tree::json(text)?) } else { hcl(text).0 };
    body.attributes.extend(file.attributes);
    body.blocks.extend(file.blocks);
    Ok(())
}

/// Whether files can make one module: Terraform takes no two resources, or data sources, of one name.
pub(super) fn is_module(body: &Body) -> bool {
    let named = ["resource", "data"].into_iter().flat_map(|kind| of_kind(body, kind));
    let mut names: Vec<[&str; 3]> =
        named.map(|block| [&*block.kind, &*block.labels[0].0, &*block.labels[1].0]).collect();
    keylint_diagnostics::sort(&mut names);
    names.windows(2).all(|pair| pair[0] != pair[1])
}

/// Finds the policies of a file, or of a module of several.
pub(super) fn find(body: &Body) -> Hosted {
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

/// What a file or a module says beside its policies.
struct Module<'b> {
    locals: Locals<'b>,
    layers: Layers<'b>,
    /// Who holds which `aws_iam_policy.name`.
    holders: Holders,
    /// What data sources are attached to, by name.
    uses: Map<String, Vec<Use>>,
    hosted: Hosted,
}

/// What a policy is attached to.
#[derive(Clone)]
struct Use {
    kind: PolicyKind,
    service: Option<&'static str>,
    /// The resource that it stands in.
    own: String,
    /// The principals that this resource names.
    principals: Vec<String>,
}

impl<'b> Module<'b> {
    fn new(body: &'b Body) -> Module<'b> {
        let mut holders = Holders::default();
        of_kind(body, "resource").for_each(|block| relations(block, &mut holders));
        let (locals, layers) = (Locals::new(body), Layers::new(body));
        Module { locals, layers, holders, uses: Map::new(), hosted: Hosted::default() }
    }

    /// Takes in the policies of a resource.
    fn resource(&mut self, block: &'b Block) {
        let own = format!("{}.{}", block.labels[0].0, block.labels[1].0);
        for attachment in attachment::of(&block.labels[0].0) {
            let Some(kind) = organization_kind(attachment.kind, attribute(&block.body, "type")) else { continue };
            let own = if kind == PolicyKind::Trust { format!("{own} (trust)") } else { own.clone() };
            let of = Use { kind, service: attachment.service, own, principals: principals(&block.body) };
            match attachment.property.split_once('.') {
                None => self.value(attribute(&block.body, attachment.property), &of, 0),
                Some((inner, property)) => {
                    for inner in document::blocks(&block.body, inner) {
                        self.value(attribute(inner, property), &of, 0);
                    }
                }
            }
        }
    }

    /// Takes in what an argument that holds a policy is set to.
    fn value(&mut self, value: Option<&'b Node>, of: &Use, depth: usize) {
        let Some(node) = value.filter(|_| depth < MAX_DEPTH) else { return };
        match &node.kind {
            // A data source is decoded and encoded again to have it in one spelling.
            Kind::Expression(Expression::Call { name, arguments })
                if matches!(&**name, "jsonencode" | "jsondecode") =>
            {
                self.value(arguments.first(), of, depth + 1);
            }
            Kind::Expression(Expression::Conditional(first, second)) => {
                self.value(Some(first), of, depth + 1);
                self.value(Some(second), of, depth + 1);
            }
            Kind::Expression(Expression::Reference(path)) => {
                if let Some(name) = document_name(node) {
                    self.uses.get_or_insert_with(name, Vec::new).push(of.clone());
                } else {
                    self.value(self.locals.get(path), of, depth + 1);
                }
            }
            Kind::String(template) => {
                let template = self.locals.template(template);
                // Of `%{ if … }` a run makes some elements of a list, or none.
                let is_value = |node: &Node| !matches!(node.kind, Kind::Expression(Expression::Other));
                let read = tree::json(&plugged(&template));
                match read.or_else(|error| tree::json(&plug(&template, is_value)).map_err(|_| error)) {
                    Ok(policy) => self.policy(policy, of),
                    Err(error) => self.hosted.errors.push(error),
                }
            }
            Kind::Map(_) => self.policy(self.locals.known(node), of),
            _ => {}
        }
    }

    fn policy(&mut self, node: Node, of: &Use) {
        if is_policy(&node) {
            self.place(node, of);
        }
    }

    fn place(&mut self, node: Node, of: &Use) {
        let service = of.service.map(Into::into);
        let found = Found { kind: Some(of.kind), service, ..Found::bare(node) };
        self.holders.place(&of.own, &of.principals, found, &mut self.hosted);
    }

    /// Adds the data sources, each with what it is attached to, itself or as a part of another.
    fn documents(mut self, body: &Body) -> Hosted {
        for block in layers::documents(body) {
            let name = &*block.labels[1].0;
            let is_used = |name: &str| self.uses.contains_key(name);
            let is_overridden = |sid: &str| self.layers.is_overridden(name, sid, is_used);
            let open = self.layers.is_open(name);
            let Some(node) = document::policy(block, is_overridden, open) else { continue };
            let node = self.locals.known(&node);
            let wholes = self.layers.wholes(name);
            let uses: Vec<Use> = wholes.iter().filter_map(|name| self.uses.get(name)).flatten().cloned().collect();
            // What is used twice is of one kind, and joined with the policies of each principal.
            match uses.split_first() {
                Some((first, others)) => {
                    let others = others.iter().filter(|of| of.kind == first.kind && of.kind == PolicyKind::Identity);
                    let mut of = first.clone();
                    others.for_each(|other| of.principals.extend(self.holders.names(&other.own, &other.principals)));
                    if !of.principals.is_empty() {
                        of.principals.extend(self.holders.names(&first.own, &first.principals));
                    }
                    self.place(node, &of);
                }
                None => {
                    let name = wholes.last().map_or("", String::as_str);
                    let attached = vec![format!("data.{}.{name}", document::DATA).into()];
                    self.hosted.policies.push(Found { attached, ..Found::bare(node) });
                }
            }
        }
        keylint_diagnostics::sort_by_key(&mut self.hosted.policies, |found| found.node.span);
        self.hosted
    }
}

/// Policies of an organization say their type themselves; one of another type is no policy of ours.
fn organization_kind(kind: PolicyKind, said: Option<&Node>) -> Option<PolicyKind> {
    if kind != PolicyKind::Scp {
        return Some(kind);
    }
    match said.map(Node::as_str) {
        None | Some(Some("SERVICE_CONTROL_POLICY")) => Some(PolicyKind::Scp),
        Some(Some("RESOURCE_CONTROL_POLICY")) => Some(PolicyKind::Rcp),
        Some(_) => None,
    }
}

/// Takes in who holds what, as far as resources of the file name each other.
fn relations(block: &Block, holders: &mut Holders) {
    let (kind, own) = (&*block.labels[0].0, format!("{}.{}", block.labels[0].0, block.labels[1].0));
    let named = |name: &str| attribute(&block.body, name).and_then(address);
    let several = |name: &str| {
        let elements = attribute(&block.body, name).map_or(&[][..], Node::elements);
        elements.iter().filter_map(principal).collect::<Vec<String>>()
    };
    if kind.ends_with("_policy_attachment")
        && let Some(policy) = named("policy_arn")
    {
        principals(&block.body).iter().for_each(|principal| holders.attach(&policy, principal));
    }
    match kind {
        "aws_iam_role" | "aws_iam_user" => {
            several("managed_policy_arns").iter().for_each(|policy| holders.attach(policy, &own));
            if let Some(policy) = named("permissions_boundary") {
                holders.bound(&policy, &own);
            }
        }
        "aws_iam_group_membership" => {
            let group = attribute(&block.body, "group").and_then(principal).unwrap_or_default();
            several("users").iter().for_each(|user| holders.join(&group, user));
        }
        "aws_iam_user_group_membership" => {
            let user = attribute(&block.body, "user").and_then(principal).unwrap_or_default();
            several("groups").iter().for_each(|group| holders.join(group, &user));
        }
        _ => {}
    }
}

/// The principals that a resource names, each by its address or, where it stands elsewhere, by its name.
fn principals(body: &Body) -> Vec<String> {
    let mut out = Vec::new();
    for name in ["role", "user", "group"] {
        out.extend(attribute(body, name).and_then(principal));
        let several = attribute(body, &format!("{name}s")).map_or(&[][..], Node::elements);
        out.extend(several.iter().filter_map(principal));
    }
    out
}

fn principal(node: &Node) -> Option<String> {
    address(node).or_else(|| node.as_str().map(Into::into))
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
