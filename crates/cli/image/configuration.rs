//! Makes documents of an image's configuration, each in the form in which its names and values are written: variables as
//! lines of a shell, the history as the Dockerfile that it was.
//! Not here: scanning them. The format: <https://github.com/opencontainers/image-spec/blob/main/config.md>.

use serde_json::Value;

/// The documents: a name, the extension that says how it is written, and the text.
pub(super) fn documents(text: &[u8]) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let Ok(mut value) = serde_json::from_slice::<Value>(text) else {
        return vec![("config", "json", text.to_vec())];
    };
    let mut documents = Vec::new();
    let env = lines(value["config"]["Env"].as_array(), |line| line.as_str().map(str::to_string));
    if !env.is_empty() {
        documents.push(("Env", "env", env.into_bytes()));
        value["config"]["Env"] = Value::Null;
    }
    let history = lines(value["history"].as_array(), |entry| entry["created_by"].as_str().map(instruction));
    if !history.is_empty() {
        documents.push(("history", "dockerfile", history.into_bytes()));
    }
    for entry in value["history"].as_array_mut().into_iter().flatten() {
        entry["created_by"] = Value::Null;
    }
    // What the build container had: the same again.
    if let Some(fields) = value.as_object_mut() {
        fields.remove("container_config");
    }
    let rest = serde_json::to_string_pretty(&value).unwrap_or_default();
    documents.push(("config", "json", rest.into_bytes()));
    documents
}

/// One line for each element, also for those that have nothing to say, so that lines are numbers.
fn lines(list: Option<&Vec<Value>>, text: impl Fn(&Value) -> Option<String>) -> String {
    let line = |element| text(element).unwrap_or_default().replace(['\n', '\r'], " ") + "\n";
    list.into_iter().flatten().map(line).collect()
}

/// The line of the Dockerfile that a layer was made by.
fn instruction(created_by: &str) -> String {
    let text = created_by.trim().trim_end_matches("# buildkit").trim_end();
    if let Some(instruction) = text.strip_prefix("/bin/sh -c #(nop)") {
        return instruction.trim_start().into();
    }
    match text.strip_prefix("/bin/sh -c ") {
        Some(command) => format!("RUN {command}"),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_and_history_become_lines() {
        let text = r#"{"config":{"Env":["PATH=/bin","KEY=a\nb"],"Labels":{"x":"y"}},"container_config":{"Env":["PATH=/bin"]},
            "history":[{"created_by":"/bin/sh -c #(nop)  ENV KEY=a"},{"empty_layer":true},
            {"created_by":"RUN /bin/sh -c make # buildkit"},{"created_by":"/bin/sh -c make install"}]}"#;
        let documents = documents(text.as_bytes());
        let text = |index: usize| String::from_utf8_lossy(&documents[index].2).into_owned();
        assert_eq!(text(0), "PATH=/bin\nKEY=a b\n");
        assert_eq!(text(1), "ENV KEY=a\n\nRUN /bin/sh -c make\nRUN make install\n");
        assert!(text(2).contains("\"x\": \"y\"") && !text(2).contains("KEY"), "{}", text(2));
        assert_eq!(super::documents(b"no JSON").len(), 1);
    }
}
