//! What `--format json` and `jsonl` print fits `share/keylint-report.schema.json`.
//! Not here: the schema of the configuration.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::path::Path;

use jsonschema::Validator;
use keylint_report::{Format, Options};
use serde_json::{Value, json};

use crate::sample::{self, Found};

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../share/keylint-report.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the schema is there")).expect("JSON")
}

fn validator(definition: &str) -> Validator {
    let mut schema = schema();
    if !definition.is_empty() {
        let definitions = schema["$defs"].take();
        schema = json!({"$ref": format!("#/$defs/{definition}"), "$defs": definitions});
    }
    jsonschema::validator_for(&schema).expect("a schema")
}

fn check(validator: &Validator, text: &str) {
    let value: Value = serde_json::from_str(text).expect("JSON");
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
}

fn runs() -> Vec<Vec<Found>> {
    vec![Vec::new(), sample::documents()]
}

#[test]
fn json_fits() {
    for found in runs() {
        check(&validator(""), &sample::print(Format::Json, &Options::default(), &found));
    }
}

#[test]
fn every_line_of_jsonl_fits() {
    for found in runs() {
        let text = sample::print(Format::Jsonl, &Options::default(), &found);
        let (last, lines) =
            text.lines().collect::<Vec<_>>().split_last().map(|(l, r)| (*l, r.to_vec())).expect("a line");
        lines.into_iter().for_each(|line| check(&validator("diagnostic"), line));
        check(&validator("lastLine"), last);
    }
}

/// The schema lets fields be added, so that old readers accept new reports; what is written today it names in full.
#[test]
fn the_schema_names_every_field() {
    let text = sample::print(Format::Json, &Options::default(), &sample::documents());
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let schema = schema();
    let mut unnamed = Vec::new();
    unnamed_fields(&value, &schema, &schema, "", &mut unnamed);
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

fn unnamed_fields(value: &Value, schema: &Value, root: &Value, place: &str, unnamed: &mut Vec<String>) {
    let schema = match schema["$ref"].as_str() {
        Some(pointer) => root.pointer(pointer.trim_start_matches('#')).unwrap_or(&Value::Null),
        None => schema,
    };
    if let Some(choices) = schema["oneOf"].as_array() {
        let fitting = choices.iter().find(|choice| {
            let mut choice = (*choice).clone();
            choice["$defs"] = root["$defs"].clone();
            jsonschema::is_valid(&choice, value)
        });
        return fitting.map_or((), |choice| unnamed_fields(value, choice, root, place, unnamed));
    }
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let place = format!("{place}/{key}");
                match schema["properties"].get(key) {
                    Some(property) => unnamed_fields(value, property, root, &place, unnamed),
                    None => unnamed.push(place),
                }
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| unnamed_fields(item, &schema["items"], root, &format!("{place}/*"), unnamed));
        }
        _ => {}
    }
}

#[test]
fn a_wrong_report_does_not_fit() {
    let text = sample::print(Format::Json, &Options::default(), &sample::documents());
    let mut value: Value = serde_json::from_str(&text).expect("JSON");
    value["diagnostics"][0]["severity"] = "huge".into();
    assert!(!validator("").is_valid(&value));
}
