//! What an agent is told, in its own form. Where all is well nothing is decided, so that the agent goes on to ask its
//! person as it would have done.
//! Not here: what is refused, and why.

use serde_json::{Value, json};

use super::event::{Event, Moment};
use crate::args::Agent;

/// The longest output that is given back with placeholders.
const MAX_REDACTED: usize = 64 << 10;

/// What is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Standard output.
    pub(super) out: String,
    /// Standard error, for a person.
    pub(super) error: String,
}

impl Answer {
    /// Nothing to say.
    pub(super) fn silent() -> Answer {
        Answer { out: "{}\n".into(), error: String::new() }
    }

    fn json(value: &Value) -> Answer {
        Answer { out: format!("{value}\n"), error: String::new() }
    }
}

/// Nothing was found.
pub(super) fn allow(event: &Event) -> Answer {
    match (event.agent, event.moment) {
        // Cursor waits for a word before it sends a prompt.
        (Agent::Cursor, Moment::Prompt) => Answer::json(&json!({"continue": true})),
        _ => Answer::silent(),
    }
}

/// Something was found. `redacted` is a tool's output with placeholders.
pub(super) fn refuse(event: &Event, reason: &str, redacted: Option<&str>) -> Answer {
    let replaced = || match redacted.filter(|text| text.len() <= MAX_REDACTED) {
        Some(text) => format!("{reason}\nThe output, with placeholders:\n{text}"),
        None => reason.to_string(),
    };
    let value = match (event.agent, event.moment) {
        (_, Moment::Other) => return Answer::silent(),
        (Agent::Claude | Agent::Codex, Moment::Prompt) => json!({"decision": "block", "reason": reason}),
        (Agent::Vscode, Moment::Prompt) => {
            json!({"continue": false, "stopReason": reason, "systemMessage": reason, "decision": "block", "reason": reason})
        }
        (Agent::Claude | Agent::Codex | Agent::Vscode, Moment::Before) if event.name == "PermissionRequest" => {
            json!({"hookSpecificOutput": {"hookEventName": event.name, "decision": {"behavior": "deny", "message": reason}}})
        }
        (Agent::Claude | Agent::Codex | Agent::Vscode, Moment::Before) => json!({"hookSpecificOutput": {
            "hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": reason}}),
        // Claude Code and VS Code show the reason beside the output, Codex instead of it.
        (Agent::Claude | Agent::Vscode, Moment::After) => {
            json!({"decision": "block", "reason": reason, "systemMessage": reason})
        }
        (Agent::Codex, Moment::After) => json!({"decision": "block", "reason": replaced()}),
        (Agent::Gemini, Moment::After) => json!({"decision": "deny", "reason": replaced(), "systemMessage": reason}),
        (Agent::Gemini, _) => json!({"decision": "deny", "reason": reason, "systemMessage": reason}),
        (Agent::Cursor, Moment::Prompt) => json!({"continue": false, "user_message": reason}),
        (Agent::Cursor, Moment::Before) => {
            json!({"permission": "deny", "user_message": reason, "agent_message": reason})
        }
        (Agent::Cursor, Moment::After) if event.name == "postToolUse" => {
            let mut value = json!({"additional_context": reason});
            if event.tool.starts_with("MCP:") {
                value["updated_mcp_tool_output"] = json!({"content": [{"type": "text", "text": replaced()}]});
            }
            value
        }
        (Agent::Copilot, Moment::Before) => json!({"permissionDecision": "deny", "permissionDecisionReason": reason}),
        (Agent::Copilot, Moment::After) => {
            json!({"modifiedResult": {"resultType": "success", "textResultForLlm": replaced()}})
        }
        // These cannot be stopped; a person can be told.
        (Agent::Cursor, Moment::After) | (Agent::Copilot, Moment::Prompt) => {
            return Answer { error: reason.into(), ..Answer::silent() };
        }
    };
    let told = matches!((event.agent, event.moment), (Agent::Copilot | Agent::Cursor, Moment::After));
    Answer { error: if told { reason.into() } else { String::new() }, ..Answer::json(&value) }
}
