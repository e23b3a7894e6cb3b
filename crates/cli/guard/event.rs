//! What an agent says, in the forms of the agents: <https://code.claude.com/docs/en/hooks>,
//! <https://developers.openai.com/codex/hooks>, <https://cursor.com/docs/agent/hooks>,
//! <https://geminicli.com/docs/hooks/reference>, <https://docs.github.com/copilot/reference/hooks-configuration>,
//! <https://code.visualstudio.com/docs/copilot/customization/hooks>.
//! Not here: which of its texts are scanned (`texts.rs`).

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde_json::{Map, Value};

use crate::args::Agent;

/// When an agent asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A person has written a prompt.
    Prompt,
    /// A tool is about to run, or a file to be read.
    Before,
    /// A tool has run.
    After,
    /// Something in which no text goes to a model or a tool.
    Other,
}

/// What an agent says.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) agent: Agent,
    pub(super) moment: Moment,
    /// The agent's name for the moment; empty where it has none.
    pub(super) name: String,
    pub(super) tool: String,
    /// The folder of the project.
    pub(super) folder: Option<PathBuf>,
    pub(super) fields: Map<String, Value>,
}

/// The names of moments, and whose they are where that is certain.
const MOMENTS: [(&str, Moment); 19] = [
    ("UserPromptSubmit", Moment::Prompt),
    ("PreToolUse", Moment::Before),
    ("PermissionRequest", Moment::Before),
    ("PostToolUse", Moment::After),
    ("PostToolUseFailure", Moment::After),
    ("BeforeAgent", Moment::Prompt),
    ("BeforeTool", Moment::Before),
    ("AfterTool", Moment::After),
    ("beforeSubmitPrompt", Moment::Prompt),
    ("beforeShellExecution", Moment::Before),
    ("beforeMCPExecution", Moment::Before),
    ("beforeReadFile", Moment::Before),
    ("beforeTabFileRead", Moment::Before),
    ("preToolUse", Moment::Before),
    ("postToolUse", Moment::After),
    ("postToolUseFailure", Moment::After),
    ("afterShellExecution", Moment::After),
    ("afterMCPExecution", Moment::After),
    ("userPromptSubmitted", Moment::Prompt),
];

impl Event {
    /// Reads the JSON of an agent. `agent` is who asks, where the configuration said so.
    pub(super) fn parse(input: &[u8], agent: Option<Agent>) -> anyhow::Result<Event> {
        // PowerShell puts a mark in front.
        let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
        let value: Value = serde_json::from_slice(input).map_err(plain).context("what the agent says is no JSON")?;
        let Value::Object(fields) = value else { bail!("what the agent says is no JSON object") };
        let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        let name = ["hook_event_name", "hookEventName"].into_iter().map(text).find(|name| !name.is_empty());
        let name = name.unwrap_or_default().to_string();
        let known = MOMENTS.iter().find(|(word, _)| *word == name).map(|(_, moment)| *moment);
        let moment = match known {
            Some(moment) => moment,
            None if !name.is_empty() => Moment::Other,
            None => unnamed(&fields).context("what the agent says is of no form that keylint knows")?,
        };
        let agent = agent.unwrap_or_else(|| guess(&name, &fields));
        let tool = ["tool_name", "toolName"].into_iter().map(text).find(|name| !name.is_empty());
        let tool = tool.unwrap_or_default().to_string();
        let folder = Some(text("cwd")).filter(|cwd| !cwd.is_empty()).map(PathBuf::from);
        let root = || Some(PathBuf::from(fields.get("workspace_roots")?.get(0)?.as_str()?));
        let folder = folder.or_else(root);
        Ok(Event { agent, moment, name, tool, folder, fields })
    }
}

/// The error without a piece of the input, which may be the secret.
fn plain(error: serde_json::Error) -> anyhow::Error {
    anyhow::anyhow!("line {}, column {}", error.line(), error.column())
}

/// The moment of an event without a name, as Copilot sends them.
fn unnamed(fields: &Map<String, Value>) -> Option<Moment> {
    match () {
        () if fields.contains_key("toolResult") => Some(Moment::After),
        () if fields.contains_key("toolName") => Some(Moment::Before),
        () if fields.contains_key("prompt") => Some(Moment::Prompt),
        // Its other events have a time and no text.
        () if fields.contains_key("timestamp") => Some(Moment::Other),
        () => None,
    }
}

fn guess(name: &str, fields: &Map<String, Value>) -> Agent {
    match name {
        _ if fields.contains_key("cursor_version") => Agent::Cursor,
        "BeforeAgent" | "BeforeTool" | "AfterTool" => Agent::Gemini,
        "" | "userPromptSubmitted" => Agent::Copilot,
        _ if name.starts_with(|first: char| first.is_ascii_lowercase()) => Agent::Cursor,
        _ if fields.contains_key("hookEventName") || fields.contains_key("sessionId") => Agent::Vscode,
        _ if fields.contains_key("turn_id") => Agent::Codex,
        _ => Agent::Claude,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, agent: Agent, moment: Moment) {
        let event = Event::parse(input.as_bytes(), None).expect(input);
        assert_eq!((event.agent, event.moment), (agent, moment), "{input}");
    }

    #[test]
    fn agents_are_told_apart() {
        check(r#"{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{}}"#, Agent::Claude, Moment::Before);
        check(r#"{"hook_event_name":"UserPromptSubmit","prompt":"x"}"#, Agent::Claude, Moment::Prompt);
        check(r#"{"hook_event_name":"PostToolUse","turn_id":"1","tool_response":"x"}"#, Agent::Codex, Moment::After);
        check(r#"{"hook_event_name":"beforeShellExecution","command":"ls"}"#, Agent::Cursor, Moment::Before);
        check(r#"{"hook_event_name":"preToolUse","cursor_version":"2"}"#, Agent::Cursor, Moment::Before);
        check(r#"{"hook_event_name":"BeforeAgent","prompt":"x"}"#, Agent::Gemini, Moment::Prompt);
        check(r#"{"hookEventName":"PreToolUse","sessionId":"1"}"#, Agent::Vscode, Moment::Before);
        check(r#"{"timestamp":1,"toolName":"bash","toolArgs":"{}"}"#, Agent::Copilot, Moment::Before);
        check(r#"{"timestamp":1,"toolName":"bash","toolResult":{}}"#, Agent::Copilot, Moment::After);
        check("\u{feff}{\"timestamp\":1,\"prompt\":\"x\"}", Agent::Copilot, Moment::Prompt);
        check(r#"{"hook_event_name":"SessionStart"}"#, Agent::Claude, Moment::Other);
        for input in ["", "[]", "{", "{\"a\":1}", "\"x\""] {
            assert!(Event::parse(input.as_bytes(), None).is_err(), "{input}");
        }
    }

    #[test]
    fn errors_show_nothing() {
        let error = Event::parse(b"{\"prompt\": hunter2hunter2}", None).expect_err("no JSON");
        assert!(!format!("{error:#}").contains("hunter"), "{error:#}");
    }
}
