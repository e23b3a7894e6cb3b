//! Reads what was packed with the program's own reader, and compares every fact with the model.
//! Not here: facts of AWS's documentation, which tests of `keylint-policy` check.

use anyhow::{Context, ensure};
use keylint_policy::catalogue::{AccessLevel, Catalogue};

use super::model::{Model, Service};

/// Fails where the packed file says anything else than the model.
pub(super) fn verify(model: &Model, packed: &[u8]) -> anyhow::Result<()> {
    let catalogue = Catalogue::open(packed.to_vec())?;
    ensure!(catalogue.date() == model.date, "date");
    ensure!(
        catalogue.services().map(|service| service.prefix()).eq(model.services.iter().map(|s| &*s.prefix)),
        "prefixes"
    );
    for service in &model.services {
        verify_service(&catalogue, service).with_context(|| format!("service `{}`", service.prefix))?;
    }
    for (name, kind) in &model.keys {
        let key = catalogue.key(&name.text).with_context(|| format!("no key `{}`", name.text))?;
        let array = if key.multivalued { "arrayof" } else { "" };
        let read = format!("{array}{:?}", key.kind).to_ascii_lowercase();
        ensure!(key.global || read == kind.to_ascii_lowercase(), "type of `{}`: {read}, not {kind}", name.text);
    }
    Ok(())
}

fn verify_service(catalogue: &Catalogue, service: &Service) -> anyhow::Result<()> {
    let read = catalogue.service(&service.prefix).context("is not found")?;
    ensure!(read.title() == service.title && read.has_rcp() == service.rcp, "title or policies");
    ensure!(service.slug.is_empty() || read.docs_slug() == service.slug, "page");
    ensure!(read.keys().map(|key| key.name).eq(service.keys.iter().map(|key| &*key.text)), "keys");
    ensure!(read.resource_types().len() == service.resources.len(), "count of resource types");
    for (read, (name, resource)) in read.resource_types().zip(&service.resources) {
        ensure!(read.name() == name.text && read.arn_format() == resource.arn, "resource type `{}`", name.text);
        ensure!(read.service().prefix() == service.prefix, "service of `{}`", name.text);
        ensure!(
            read.keys().map(|key| key.name).eq(resource.keys.iter().map(|key| &*key.text)),
            "keys of `{}`",
            name.text
        );
    }
    ensure!(read.actions().count() == service.actions.len(), "count of actions");
    let levels = [
        AccessLevel::Read,
        AccessLevel::List,
        AccessLevel::Write,
        AccessLevel::Tagging,
        AccessLevel::PermissionsManagement,
    ];
    for (read, (name, action)) in read.actions().zip(&service.actions) {
        let name = &name.text;
        ensure!(read.name() == name, "`{}` is not `{name}`", read.name());
        ensure!(catalogue.action(&format!("{}:{name}", service.prefix)) == Some(read), "`{name}` is not found");
        ensure!(read.access() == levels[usize::from(action.access)], "access level of `{name}`");
        let resources = read.resources().map(|used| (used.resource.name().to_string(), used.required));
        let wanted = action.resources.iter().map(|(name, &required)| (name.text.clone(), required));
        ensure!(resources.eq(wanted), "resource types of `{name}`");
        ensure!(read.keys().map(|key| key.name).eq(action.keys.iter().map(|key| &*key.text)), "keys of `{name}`");
        let mut needed: Vec<String> = read.dependents().map(|one| one.to_string().to_ascii_lowercase()).collect();
        needed.sort_unstable();
        ensure!(needed.iter().eq(&action.dependents), "dependents of `{name}`");
    }
    Ok(())
}
