//! Puts what was taken over into a `keylint.toml` that is there: lists grow, comments and order stay, and reading the
//! result again proves that nothing else became different. Not here: a new file (`plan.rs`).

use anyhow::{Context, ensure};
use keylint_engine::config::{self, Allow, ConfigFile};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::plan::Plan;
use crate::config_show::allow_values;

/// How deep the words of a list stand that has a line for each, where no word shows it.
const INDENT: &str = "  ";

/// The text `before` of the file that errors call `name`, with what the plan has. `rules` is the folder of rules, where the
/// file does not name one.
pub(super) fn merge(before: &str, name: &str, plan: &Plan, rules: Option<&str>) -> anyhow::Result<String> {
    let old = config::parse(before, name)?;
    let mut new = old.clone();
    missing(&old.ignore, &plan.ignore).for_each(|word| new.ignore.push(word.clone()));
    missing(&old.exclude, &plan.exclude).for_each(|word| new.exclude.push(word.clone()));
    missing(&old.allow, &plan.allow).for_each(|entry| new.allow.push(entry.clone()));
    new.rules = old.rules.clone().or(rules.map(String::from));
    if new == old {
        return Ok(before.into());
    }
    let text = match old == ConfigFile::default() && before.lines().all(|line| line.trim_start().starts_with('#')) {
        // A file of comments: what is new stands below them.
        true => format!("{}\n\n{}", before.trim_end(), plan.settings(rules)),
        false => edited(before, &old, &new)?,
    };
    ensure!(
        config::parse(&text, name).is_ok_and(|read| read == new),
        "`{name}` cannot be changed safely; move it away, run this again, and join the two by hand"
    );
    Ok(text)
}

/// What of `wanted` is not in `have`.
fn missing<'w, T: PartialEq>(have: &'w [T], wanted: &'w [T]) -> impl Iterator<Item = &'w T> {
    wanted.iter().filter(|one| !have.contains(one))
}

fn edited(before: &str, old: &ConfigFile, new: &ConfigFile) -> anyhow::Result<String> {
    let mut document: DocumentMut = before.parse().context("the configuration is not TOML")?;
    for (key, have, want) in [("ignore", &old.ignore, &new.ignore), ("exclude", &old.exclude, &new.exclude)] {
        let added = &want[have.len()..];
        if added.is_empty() {
            continue;
        }
        match document.get_mut(key).and_then(Item::as_array_mut) {
            Some(array) => grow(array, added),
            None => {
                let mut array = Array::new();
                added.iter().for_each(|word| array.push(word.as_str()));
                document.insert(key, Item::Value(array.into()));
            }
        }
    }
    if let Some(folder) = new.rules.as_ref().filter(|_| old.rules.is_none()) {
        document.insert("rules", Item::Value(folder.as_str().into()));
    }
    let added = &new.allow[old.allow.len()..];
    match document.get_mut("allow") {
        Some(Item::Value(Value::Array(array))) => {
            for entry in added {
                array.push(InlineTable::from_iter(values(entry)?));
            }
        }
        Some(Item::ArrayOfTables(tables)) => push(tables, added)?,
        _ if added.is_empty() => {}
        _ => {
            let mut tables = ArrayOfTables::new();
            push(&mut tables, added)?;
            document.insert("allow", Item::ArrayOfTables(tables));
        }
    }
    Ok(document.to_string())
}

fn push(tables: &mut ArrayOfTables, entries: &[Allow]) -> anyhow::Result<()> {
    for entry in entries {
        tables.push(Table::from_iter(values(entry)?));
    }
    Ok(())
}

fn values(allow: &Allow) -> anyhow::Result<Vec<(&'static str, Value)>> {
    let value = |(key, text): (&'static str, String)| Ok((key, text.parse::<Value>()?));
    allow_values(allow).into_iter().map(value).collect()
}

/// Adds words as those that are there are written: on a line each, or on one.
fn grow(array: &mut Array, words: &[String]) {
    let prefix = |value: &Value| value.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default().to_string();
    let trailing = array.trailing().as_str().unwrap_or_default().to_string();
    let Some(lead) = array.iter().map(prefix).find(|lead| lead.contains('\n')) else {
        return words.iter().for_each(|word| array.push(word.as_str()));
    };
    // What stands behind the last word is a remark on it.
    let mut remark = trailing.trim_end().to_string();
    if let Some(last) = array.len().checked_sub(1).and_then(|last| array.get_mut(last)) {
        let suffix = last.decor().suffix().and_then(|raw| raw.as_str()).unwrap_or_default().trim_end().to_string();
        last.decor_mut().set_suffix("");
        remark.insert_str(0, &suffix);
    }
    let indent = lead.rsplit('\n').next().filter(|indent| !indent.is_empty()).unwrap_or(INDENT);
    for word in words {
        let mut value = Value::from(word.as_str());
        value.decor_mut().set_prefix(format!("{remark}\n{indent}"));
        remark.clear();
        array.push_formatted(value);
    }
    array.set_trailing("\n");
    array.set_trailing_comma(true);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, want: &str) {
        let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        let allow = Allow { words: words(&["EXAMPLE"]), reason: Some("samples".into()), ..Allow::default() };
        let plan = Plan { exclude: words(&["a/", "b/"]), allow: vec![allow], ..Plan::default() };
        let after = merge(before, "keylint.toml", &plan, None).expect("it can be merged");
        assert_eq!(after, want);
        assert_eq!(merge(&after, "keylint.toml", &plan, None).expect("a second time"), after);
    }

    #[test]
    fn comments_and_order_stay() {
        check(
            "# ours\nexclude = [\"a/\", 'c/'] # why\n\n# loud\n[severity]\njwt = \"low\"\n",
            "# ours\nexclude = [\"a/\", 'c/', \"b/\"] # why\n\n# loud\n[severity]\njwt = \"low\"\n\n[[allow]]\nwords = [\"EXAMPLE\"]\nreason = \"samples\"\n",
        );
        check(
            "exclude = [\n    \"x/\", # x\n    \"y/\" # y\n]\n[[allow]]\nwords = [\"EXAMPLE\"]\nreason = \"samples\"\n",
            "exclude = [\n    \"x/\", # x\n    \"y/\", # y\n    \"a/\",\n    \"b/\",\n]\n[[allow]]\nwords = [\"EXAMPLE\"]\nreason = \"samples\"\n",
        );
        check(
            "exclude = [\n  \"x/\", # x\n]\nallow = [{ words = [\"z\"] }]\n",
            "exclude = [\n  \"x/\", # x\n  \"a/\",\n  \"b/\",\n]\nallow = [{ words = [\"z\"] }, { words = [\"EXAMPLE\"], reason = \"samples\" }]\n",
        );
        check(
            "#:schema x\n# exclude = []\n",
            "#:schema x\n# exclude = []\n\nexclude = [\"a/\", \"b/\"]\n\n[[allow]]\nwords = [\"EXAMPLE\"]\nreason = \"samples\"\n",
        );
    }

    #[test]
    fn a_wrong_file_is_refused() {
        assert!(merge("exclude = 1", "keylint.toml", &Plan::default(), None).is_err());
    }
}
