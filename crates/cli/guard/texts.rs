//! The texts of an event: prompts, what a tool is given, files it would read, what it gave.
//! Not here: scanning them.

use std::{
    borrow::Cow,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use keylint_diagnostics::not_text;
use serde_json::{Map, Value};

use super::{
    event::{Event, Moment},
    shown,
};

/// A text to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// How a reason names it.
    pub(super) place: String,
    /// The path it is taken to have, from the project's folder: it tells its kind, and which configuration counts.
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
    /// Whether it is to be written at that path.
    pub(super) written: bool,
    /// Whether it is a file that the tool would read.
    pub(super) file: bool,
}

impl Text {
    /// What is scanned of it. What an agent says is text, also where zero bytes stand between its parts, as between the
    /// variables of `/proc/self/environ`; only a file may be a binary one.
    pub(super) fn scannable(&self) -> Cow<'_, [u8]> {
        if self.file || not_text(&self.bytes).is_none() {
            return Cow::Borrowed(&self.bytes);
        }
        Cow::Owned(self.bytes.iter().map(|&byte| if byte == 0 { b'\n' } else { byte }).collect())
    }
}

/// Of a file that would be read, as much is looked at; no agent reads more of one at once.
const MAX_FILE: u64 = 16 << 20;
/// JSON inside of strings inside of JSON: agents go one level deep, tools another.
const MAX_DEPTH: usize = 4;

/// Keys whose text leaves: what an edit takes away is no reason to refuse it.
const REMOVED: [&str; 6] = ["old_string", "old_str", "oldString", "oldText", "old_text", "old_content"];
/// Keys that name a file.
const PATHS: [&str; 8] =
    ["file_path", "filePath", "path", "absolute_path", "target_file", "relative_path", "notebook_path", "filename"];
/// Words in the names of tools that read files.
const READERS: [&str; 3] = ["read", "view", "open"];
/// Keys of an event that hold what a tool gave.
const OUTPUTS: [&str; 7] =
    ["tool_response", "tool_output", "toolResult", "output", "result_json", "error_message", "error"];

/// What is to be scanned of `event`, in a project at `base`.
pub(super) fn of(event: &Event, base: &Path) -> Vec<Text> {
    let fields = &event.fields;
    let mut texts = Vec::new();
    match event.moment {
        Moment::Prompt => texts.extend(plain(fields, "prompt", "prompt.txt")),
        Moment::Before => {
            texts.extend(plain(fields, "command", "command.sh"));
            if let Some(content) = fields.get("content").and_then(Value::as_str) {
                // Cursor shows the file that it is about to read.
                let path = path_of(fields).unwrap_or_else(|| "content.txt".into());
                let place = shown(&path);
                texts.push(Text { place, path, bytes: content.into(), written: false, file: true });
            }
            for key in ["tool_input", "toolArgs"] {
                if let Some(input) = fields.get(key) {
                    texts.extend(input_texts(key, input));
                    texts.extend(read_file(event, &parsed(input), base));
                }
            }
        }
        Moment::After => {
            for key in OUTPUTS {
                if let Some(value) = fields.get(key) {
                    strings(&parsed(value), key, 0, &mut |place, text| {
                        let path = PathBuf::from("output.txt");
                        texts.push(Text { place, path, bytes: text.into(), written: false, file: false });
                    });
                }
            }
        }
        Moment::Other => {}
    }
    texts
}

/// What a tool gave, text by text, as a model would read it.
pub(super) fn outputs(event: &Event) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    for value in OUTPUTS.iter().filter_map(|key| event.fields.get(*key)) {
        strings(&parsed(value), "", 0, &mut |_, text| texts.push(text.as_bytes().to_vec()));
    }
    texts
}

fn plain(fields: &Map<String, Value>, key: &str, path: &str) -> Option<Text> {
    let text = fields.get(key)?.as_str()?;
    Some(Text { place: key.into(), path: path.into(), bytes: text.into(), written: false, file: false })
}

/// A value, or where it is a string that holds JSON, that.
fn parsed(value: &Value) -> Value {
    let inner = value.as_str().filter(|text| text.trim_start().starts_with(['{', '[']));
    inner.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}

/// The texts that a tool is given: each on its own, as the document it would become, and the small ones together, so
/// that their names are seen (`{"password": …}`).
fn input_texts(place: &str, input: &Value) -> Vec<Text> {
    let input = parsed(input);
    let path = input.as_object().and_then(path_of);
    let mut texts = Vec::new();
    strings(&input, place, 0, &mut |place, text| {
        let command = place.ends_with(".command") || place.ends_with(".cmd");
        let bytes = if text.contains("*** Begin Patch") { added(text) } else { text.into() };
        let path = match &path {
            Some(path) if !command => path.clone(),
            _ => PathBuf::from(if command { "command.sh" } else { "input.txt" }),
        };
        texts.push(Text { place, path, bytes: bytes.into(), written: !command, file: false });
    });
    let short = serde_json::to_string_pretty(&lines_removed(&input, 0)).unwrap_or_default();
    texts.push(Text {
        place: place.into(),
        path: "input.json".into(),
        bytes: short.into(),
        written: false,
        file: false,
    });
    texts
}

/// Calls `found` with every string below `value` and where it stands; what an edit takes away is left out.
fn strings(value: &Value, place: &str, depth: usize, found: &mut dyn FnMut(String, &str)) {
    match value {
        Value::String(text) => {
            found(place.into(), text);
            let inner = parsed(value);
            if depth < MAX_DEPTH && !inner.is_string() {
                strings(&inner, place, depth + 1, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, place, depth, found)),
        Value::Object(fields) => {
            for (key, value) in fields.iter().filter(|(key, _)| !REMOVED.contains(&key.as_str())) {
                strings(value, &format!("{place}.{key}"), depth, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// `value` with only the strings of one line: longer ones are documents, and JSON would spell them with escapes.
fn lines_removed(value: &Value, depth: usize) -> Value {
    match value {
        Value::String(text) if text.contains('\n') => Value::Null,
        Value::Array(items) if depth < 64 => items.iter().map(|item| lines_removed(item, depth + 1)).collect(),
        Value::Object(fields) if depth < 64 => {
            let kept = fields.iter().filter(|(key, _)| !REMOVED.contains(&key.as_str()));
            Value::Object(kept.map(|(key, value)| (key.clone(), lines_removed(value, depth + 1))).collect())
        }
        Value::Array(_) | Value::Object(_) => Value::Null,
        other => other.clone(),
    }
}

/// A patch without the lines that it takes away.
fn added(patch: &str) -> String {
    patch.split_inclusive('\n').filter(|line| !line.starts_with('-')).collect()
}

fn path_of(fields: &Map<String, Value>) -> Option<PathBuf> {
    PATHS.iter().find_map(|key| fields.get(*key)?.as_str()).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The file that a tool is about to read: once it is read, its text is with the model.
fn read_file(event: &Event, input: &Value, base: &Path) -> Option<Text> {
    let tool = event.tool.to_ascii_lowercase();
    if !READERS.iter().any(|word| tool.contains(word)) {
        return None;
    }
    let path = path_of(input.as_object()?)?;
    let mut bytes = Vec::new();
    let place = base.join(&path);
    // What cannot be read here, the tool cannot read either. A pipe is not even opened: it would wait for a writer.
    fs::metadata(&place).ok().filter(|file| file.is_file())?;
    File::open(&place).ok()?.take(MAX_FILE).read_to_end(&mut bytes).ok()?;
    Some(Text { place: shown(&path), path, bytes, written: false, file: true })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(event: &Value) -> Vec<(String, String)> {
        let event = Event::parse(event.to_string().as_bytes(), None).expect("an event");
        let texts = of(&event, Path::new("/nowhere"));
        texts.into_iter().map(|text| (text.place, String::from_utf8_lossy(&text.bytes).into_owned())).collect()
    }

    #[test]
    fn what_an_edit_removes_is_left_out() {
        let got = texts(&json!({"hook_event_name": "PreToolUse", "tool_name": "Edit",
            "tool_input": {"file_path": "a.py", "old_string": "before", "new_string": "after"}}));
        assert!(got.iter().any(|(place, text)| place == "tool_input.new_string" && text == "after"), "{got:?}");
        assert!(got.iter().all(|(_, text)| !text.contains("before")), "{got:?}");
        let patch = "*** Begin Patch\n*** Update File: a\n-before\n+after\n*** End Patch";
        let got = texts(
            &json!({"hook_event_name": "PreToolUse", "tool_name": "apply_patch", "tool_input": {"command": patch}}),
        );
        assert!(got.iter().any(|(_, text)| text.contains("+after")), "{got:?}");
        assert!(got.iter().all(|(_, text)| !text.contains("before")), "{got:?}");
    }

    #[test]
    fn strings_inside_strings() {
        let args = json!({"command": "ls", "env": {"A": "b"}}).to_string();
        let got = texts(&json!({"timestamp": 1, "toolName": "bash", "toolArgs": args}));
        assert!(got.contains(&("toolArgs.command".into(), "ls".into())), "{got:?}");
        assert!(got.contains(&("toolArgs.env.A".into(), "b".into())), "{got:?}");
        let output = json!({"output": "text", "exitCode": 0}).to_string();
        let got = texts(&json!({"hook_event_name": "postToolUse", "tool_output": output}));
        assert!(got.contains(&("tool_output.output".into(), "text".into())), "{got:?}");
    }
}
