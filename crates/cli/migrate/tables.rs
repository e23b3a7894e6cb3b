//! Reads TOML with the lines of its values, and YAML as JSON values: what the files of other scanners are written in.
//! Not here: what they mean.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::Value;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A TOML file of another scanner.
pub(super) struct Toml<'t> {
    /// How the file is called.
    pub(super) name: &'t str,
    text: &'t str,
    table: DeTable<'t>,
}

/// A value with its place.
pub(super) type Node<'t> = Spanned<DeValue<'t>>;

impl<'t> Toml<'t> {
    /// Reads `text`, which is the file `name`.
    pub(super) fn parse(text: &'t str, name: &'t str) -> Result<Toml<'t>, String> {
        let table = DeTable::parse(text).map_err(|error| error.message().to_string())?;
        Ok(Toml { name, text, table: table.into_inner() })
    }

    /// The value of a key of the file.
    pub(super) fn get(&self, key: &str) -> Option<&Node<'t>> {
        get(&self.table, key)
    }

    /// File and line of a value.
    pub(super) fn place(&self, node: &Node<'_>) -> String {
        let before = self.text.as_bytes().get(..node.span().start).unwrap_or_default();
        format!("{}:{}", self.name, 1 + before.iter().filter(|&&byte| byte == b'\n').count())
    }
}

fn get<'n, 't>(table: &'n DeTable<'t>, key: &str) -> Option<&'n Node<'t>> {
    table.iter().find(|(known, _)| known.get_ref().as_ref() == key).map(|(_, value)| value)
}

/// The value of a key of a table.
pub(super) fn entry<'n, 't>(node: &'n Node<'t>, key: &str) -> Option<&'n Node<'t>> {
    node.get_ref().as_table().and_then(|table| get(table, key))
}

/// The keys of a table.
pub(super) fn keys<'n>(node: &'n Node<'_>) -> Vec<&'n str> {
    node.get_ref()
        .as_table()
        .map(|table| table.iter().map(|(key, _)| key.get_ref().as_ref()).collect())
        .unwrap_or_default()
}

/// A string of a table.
pub(super) fn word<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    entry(node, key)?.get_ref().as_str()
}

/// A whole number of a table.
pub(super) fn number(node: &Node<'_>, key: &str) -> Option<u32> {
    let integer = entry(node, key)?.get_ref().as_integer()?;
    u32::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// The elements of a list; a table alone counts as a list of one.
pub(super) fn items<'n, 't>(node: Option<&'n Node<'t>>) -> Vec<&'n Node<'t>> {
    match node.map(|node| (node, node.get_ref())) {
        Some((_, DeValue::Array(array))) => array.iter().collect(),
        Some((node, DeValue::Table(_))) => vec![node],
        _ => Vec::new(),
    }
}

/// The strings of a list of a table, each with its node.
pub(super) fn words<'n, 't>(node: &'n Node<'t>, key: &str) -> Vec<(&'n Node<'t>, String)> {
    let list = items(entry(node, key));
    list.into_iter().filter_map(|item| Some((item, item.get_ref().as_str()?.to_string()))).collect()
}

/// The first document of a YAML file, as a JSON value.
pub(super) fn yaml(text: &str) -> Result<Value, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| error.to_string())?;
    Ok(documents.first().map(json).unwrap_or_default())
}

fn json(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(scalar) => match scalar {
            Scalar::String(text) => text.as_ref().into(),
            Scalar::Boolean(value) => (*value).into(),
            Scalar::Integer(value) => (*value).into(),
            Scalar::FloatingPoint(value) => value.into_inner().into(),
            Scalar::Null => Value::Null,
        },
        Yaml::Representation(text, ..) => text.as_ref().into(),
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(pairs) => pairs.iter().filter_map(|(key, value)| Some((key_of(key)?, json(value)))).collect(),
        Yaml::Tagged(_, inner) => json(inner),
        Yaml::Alias(_) | Yaml::BadValue => Value::Null,
    }
}

fn key_of(node: &Yaml<'_>) -> Option<String> {
    match json(node) {
        Value::String(text) => Some(text),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}

/// The strings of a list in a JSON value; numbers count, since YAML makes them of digits.
pub(super) fn strings(value: Option<&Value>) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}
