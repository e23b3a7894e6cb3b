//! Plans and states of Terraform: what `terraform show -json` prints, and the file that a state is kept in.
//! Not here: configuration.

use keylint_syntax::tree::{Kind, Node, Part, json};

use super::{
    super::{Found, Hosted, attachment, holders::Holders, json::is_policy},
    organization_kind,
};

/// Whether a tree is a plan or a state.
pub(in super::super) fn is_plan(root: &Node) -> bool {
    let parts = ["planned_values", "values", "resources"];
    root.get("terraform_version").is_some() && parts.iter().any(|part| root.get(part).is_some())
}

/// A resource with its values.
struct Resource<'a> {
    kind: &'a str,
    address: String,
    values: &'a Node,
}

/// Finds the policies of a plan: those of the values that it plans, so that each stands once.
pub(in super::super) fn find(root: &Node, hosted: &mut Hosted) {
    let resources = resources(root);
    let mut holders = Holders::default();
    for resource in &resources {
        relations(resource, &mut holders);
    }
    for resource in references(root) {
        planned_relations(resource, &resources, &mut holders);
    }
    for resource in &resources {
        policies(resource, &mut holders, hosted);
    }
    keylint_diagnostics::sort_by_key(&mut hosted.policies, |found| found.node.span);
}

fn resources(root: &Node) -> Vec<Resource<'_>> {
    let text = |node: &Node, name: &str| node.get(name).and_then(Node::as_str).unwrap_or_default().to_string();
    let mut out = Vec::new();
    let values = root.get("planned_values").or_else(|| root.get("values"));
    let mut modules: Vec<&Node> = values.and_then(|values| values.get("root_module")).into_iter().collect();
    while let Some(module) = modules.pop() {
        modules.extend(module.get("child_modules").map_or(&[][..], Node::elements));
        for resource in module.get("resources").map_or(&[][..], Node::elements) {
            let kind = resource.get("type").and_then(Node::as_str);
            let managed = resource.get("mode").and_then(Node::as_str) != Some("data");
            if let (Some(kind), Some(values), true) = (kind, resource.get("values"), managed) {
                out.push(Resource { kind, address: text(resource, "address"), values });
            }
        }
    }
    // The file of a state has its resources at its top, each with its instances.
    for resource in root.get("resources").map_or(&[][..], Node::elements) {
        let kind = resource.get("type").and_then(Node::as_str).unwrap_or_default();
        let managed = resource.get("mode").and_then(Node::as_str) == Some("managed");
        for instance in resource.get("instances").map_or(&[][..], Node::elements).iter().filter(|_| managed) {
            let Some(values) = instance.get("attributes") else { continue };
            out.push(Resource { kind, address: format!("{kind}.{}", text(resource, "name")), values });
        }
    }
    out
}

/// The name of a principal that a value names, with its kind: a role and a user may have the same.
fn principal(kind: &str, value: &Node) -> Option<String> {
    value.as_str().map(|name| format!("{kind} {name}"))
}

fn text<'a>(values: &'a Node, name: &str) -> Option<&'a str> {
    values.get(name).and_then(Node::as_str)
}

/// The principals that a resource names, of which lists hold several.
fn principals(values: &Node) -> Vec<String> {
    let mut out = Vec::new();
    for kind in ["role", "user", "group"] {
        out.extend(values.get(kind).and_then(|value| principal(kind, value)));
        let several = values.get(&format!("{kind}s")).map_or(&[][..], Node::elements);
        out.extend(several.iter().filter_map(|value| principal(kind, value)));
    }
    out
}

/// Who holds what, as far as names and ARNs are known.
fn relations(resource: &Resource<'_>, holders: &mut Holders) {
    let values = resource.values;
    if resource.kind.ends_with("_policy_attachment") {
        let Some(policy) = text(values, "policy_arn") else { return };
        principals(values).iter().for_each(|principal| holders.attach(policy, principal));
    }
    for kind in ["role", "user"] {
        let own = values.get("name").and_then(|name| principal(kind, name));
        if resource.kind == format!("aws_iam_{kind}")
            && let (Some(own), Some(boundary)) = (own, text(values, "permissions_boundary"))
        {
            holders.bound(boundary, &own);
        }
    }
}

/// The resources of a plan's configuration, whose expressions name each other.
fn references(root: &Node) -> &[Node] {
    let module = root.get("configuration").and_then(|node| node.get("root_module"));
    module.and_then(|module| module.get("resources")).map_or(&[], Node::elements)
}

/// The ARN of a policy that is yet to be made is unknown; the configuration names the policy.
fn planned_relations(resource: &Node, all: &[Resource<'_>], holders: &mut Holders) {
    let named = |argument: &str| {
        let references = resource.get("expressions")?.get(argument)?.get("references")?.elements();
        references.iter().filter_map(Node::as_str).min_by_key(|name| name.len())
    };
    let own = text(resource, "address").and_then(|address| all.iter().find(|one| one.address == address));
    let Some(own) = own else { return };
    if own.kind.ends_with("_policy_attachment")
        && let Some(policy) = named("policy_arn")
    {
        principals(own.values).iter().for_each(|principal| holders.attach(policy, principal));
    }
    for kind in ["role", "user"] {
        let name = own.values.get("name").and_then(|name| principal(kind, name));
        if own.kind == format!("aws_iam_{kind}")
            && let (Some(name), Some(policy)) = (name, named("permissions_boundary"))
        {
            holders.bound(policy, &name);
        }
    }
}

fn policies(resource: &Resource<'_>, holders: &mut Holders, hosted: &mut Hosted) {
    for attachment in attachment::of(resource.kind) {
        let Some(kind) = organization_kind(attachment.kind, resource.values.get("type")) else { continue };
        let mut values = vec![resource.values];
        for step in attachment.property.split('.') {
            let next: Vec<&Node> = values.iter().filter_map(|node| node.get(step)).collect();
            let flat = next.iter().flat_map(|node| match &node.kind {
                Kind::List(elements) => elements.as_slice(),
                _ => std::slice::from_ref(*node),
            });
            values = flat.collect();
        }
        for node in values {
            let Kind::String(template) = &node.kind else { continue };
            let [Part::Text(text)] = template.parts.as_slice() else { continue };
            match json(text) {
                Ok(node) if is_policy(&node) => {
                    let service = attachment.service.map(Into::into);
                    place(resource, Found { kind: Some(kind), service, ..Found::bare(node) }, holders, hosted);
                }
                Ok(_) => {}
                Err(error) => hosted.errors.push(error),
            }
        }
    }
}

/// A policy is known by its ARN or, before it has one, by its address.
fn place(resource: &Resource<'_>, found: Found, holders: &mut Holders, hosted: &mut Hosted) {
    let own = match resource.kind {
        "aws_iam_role" => resource.values.get("name").and_then(|name| principal("role", name)),
        "aws_iam_user" => resource.values.get("name").and_then(|name| principal("user", name)),
        _ => None,
    };
    let named = if resource.kind.ends_with("_attachment") { Vec::new() } else { principals(resource.values) };
    let principals: Vec<String> = own.into_iter().chain(named).collect();
    let arn = text(resource.values, "arn").filter(|arn| !arn.is_empty());
    let address = &resource.address;
    holders.place(arn.unwrap_or(address), &principals, found, hosted);
}
