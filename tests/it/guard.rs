//! What coding agents are answered.
//! Not here: reading their forms, which has its own tests.

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox, token};

fn guard(sandbox: &Sandbox, event: &Value, args: &[&str]) -> Ran {
    let ran = sandbox.keylint_with(&[&["guard"], args].concat(), event.to_string().as_bytes());
    ran.hides(&[&token(1), &token(1)[4..34]])
}

/// The answer to an event with a secret, and to one without.
#[track_caller]
fn answer(sandbox: &Sandbox, event: &dyn Fn(&str) -> Value) -> Value {
    let clean = guard(sandbox, &event("nothing"), &[]).code(0);
    let clean: Value = serde_json::from_str(&clean.out).expect("JSON");
    let quiet = [json!({}), json!({"continue": true})];
    assert!(quiet.contains(&clean), "nothing is decided where nothing is found: {clean}");
    let ran = guard(sandbox, &event(&format!("key {} key", token(1))), &[]).code(0);
    serde_json::from_str(&ran.out).expect(&ran.out)
}

#[test]
fn zero_bytes_hide_nothing() {
    let sandbox = Sandbox::new(&[]);
    let environ = format!("PATH=/bin\0GITHUB={}\0HOME=/\0", token(1));
    let event = json!({"hook_event_name": "PostToolUse", "tool_name": "Bash", "tool_response": {"stdout": environ}});
    let ran = guard(&sandbox, &event, &[]).code(0);
    ran.says(&["github-personal-access-token", "tool_response.stdout"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_read() {
    let sandbox = Sandbox::new(&[]);
    let made = std::process::Command::new("mkfifo").arg(sandbox.path("pipe")).status().expect("mkfifo runs");
    assert!(made.success());
    let path = sandbox.path("pipe");
    let event = json!({"hook_event_name": "PreToolUse", "tool_name": "Read", "tool_input": {"file_path": path}});
    assert_eq!(guard(&sandbox, &event, &[]).code(0).out, "{}\n");
}

#[test]
fn each_agent_gets_its_own_answer() {
    let sandbox = Sandbox::new(&[]);
    let says = |value: &Value| {
        let text = value.as_str().expect("a reason");
        assert!(text.contains("github-personal-access-token") && text.contains("ghp_****"), "{text}");
    };
    // Claude Code and Codex
    for extra in [json!({}), json!({"turn_id": "1"})] {
        let event = |name: &str, key: &str, value: Value| {
            let mut event = json!({"hook_event_name": name, "session_id": "1", "tool_name": "Bash"});
            event[key] = value;
            event.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
            event
        };
        let got = answer(&sandbox, &|text| event("UserPromptSubmit", "prompt", json!(text)));
        assert_eq!(got["decision"], "block");
        says(&got["reason"]);
        let got = answer(&sandbox, &|text| event("PreToolUse", "tool_input", json!({"command": text})));
        assert_eq!(got["hookSpecificOutput"]["permissionDecision"], "deny");
        assert_eq!(got["hookSpecificOutput"]["hookEventName"], "PreToolUse");
        says(&got["hookSpecificOutput"]["permissionDecisionReason"]);
        let got = answer(&sandbox, &|text| event("PostToolUse", "tool_response", json!({"stdout": text})));
        assert_eq!(got["decision"], "block");
        says(&got["reason"]);
    }
    // Codex and Gemini replace the output; the placeholder stands where the secret was.
    let got = answer(&sandbox, &|text| {
        json!({"hook_event_name": "AfterTool", "tool_name": "run_shell_command",
        "tool_response": {"llmContent": text}})
    });
    assert_eq!(got["decision"], "deny");
    let reason = got["reason"].as_str().expect("a reason");
    assert!(reason.contains("key «") || reason.contains("key [") || reason.contains("key <"), "{reason}");
    for (name, key) in [("BeforeAgent", "prompt"), ("BeforeTool", "tool_input")] {
        let got = answer(&sandbox, &|text| json!({"hook_event_name": name, key: text}));
        assert_eq!(got["decision"], "deny");
        says(&got["reason"]);
    }
    // Cursor
    let got = answer(&sandbox, &|text| json!({"hook_event_name": "beforeSubmitPrompt", "prompt": text}));
    assert_eq!(got["continue"], false);
    says(&got["user_message"]);
    for (name, key) in
        [("beforeShellExecution", "command"), ("beforeMCPExecution", "tool_input"), ("beforeReadFile", "content")]
    {
        let got = answer(&sandbox, &|text| json!({"hook_event_name": name, key: text, "file_path": "a.txt"}));
        assert_eq!(got["permission"], "deny", "{name}");
        says(&got["user_message"]);
        says(&got["agent_message"]);
    }
    let got = answer(&sandbox, &|text| {
        json!({"hook_event_name": "postToolUse", "tool_name": "MCP:x", "cursor_version": "3",
        "tool_output": json!({"output": text}).to_string()})
    });
    says(&got["additional_context"]);
    assert!(got["updated_mcp_tool_output"].to_string().contains("key "), "{got}");
    // Copilot
    let got = answer(
        &sandbox,
        &|text| json!({"timestamp": 1, "toolName": "bash", "toolArgs": json!({"command": text}).to_string()}),
    );
    assert_eq!(got["permissionDecision"], "deny");
    says(&got["permissionDecisionReason"]);
    let ran = guard(&sandbox, &json!({"timestamp": 1, "prompt": token(1)}), &[]).code(0);
    ran.warns(&["github-personal-access-token"]);
    // VS Code
    let got = answer(&sandbox, &|text| json!({"hookEventName": "UserPromptSubmit", "sessionId": "1", "prompt": text}));
    assert_eq!(got["continue"], false);
    says(&got["stopReason"]);
}

#[test]
fn files_are_looked_at_before_they_are_read() {
    let sandbox = Sandbox::new(&[(".env", &format!("TOKEN={}\n", token(1))), ("clean.txt", "x\n")]);
    let read = |path: &str, tool: &str| {
        let event = json!({"hook_event_name": "PreToolUse", "cwd": sandbox.path("").to_str(), "tool_name": tool,
            "tool_input": {"file_path": path}});
        guard(&sandbox, &event, &[]).code(0).out
    };
    assert!(read(".env", "Read").contains("deny"));
    assert!(read(sandbox.path(".env").to_str().expect("a path"), "read_file").contains("deny"));
    assert!(read(".env", "view").contains("the file `.env`"));
    assert_eq!(read("clean.txt", "Read"), "{}\n");
    assert_eq!(read("missing.txt", "Read"), "{}\n");
    assert_eq!(read(".", "Read"), "{}\n");
    assert_eq!(read(".env", "Delete"), "{}\n");
}

#[test]
fn edits_that_remove_a_secret_pass() {
    let sandbox = Sandbox::new(&[]);
    let edit = |old: &str, new: &str| {
        let event = json!({"hook_event_name": "PreToolUse", "tool_name": "Edit",
            "tool_input": {"file_path": "a.py", "old_string": old, "new_string": new}});
        guard(&sandbox, &event, &[]).code(0).out
    };
    assert_eq!(edit(&token(1), "os.environ['A']"), "{}\n");
    assert!(edit("x", &token(1)).contains("tool_input.new_string"));
    // The names around a value are seen, though each value is a text of its own.
    let password = "Tr0ub4dor&3xKqPz91";
    let event = json!({"hook_event_name": "PreToolUse", "tool_name": "mcp__db__connect",
        "tool_input": {"user": "admin", "password": password}});
    let ran = guard(&sandbox, &event, &[]).code(0).hides(&[password]);
    assert!(ran.out.contains("deny"), "{ran:#?}");
}

#[test]
fn the_configuration_of_the_project_counts() {
    let sandbox = Sandbox::new(&[("keylint.toml", "exclude = [\"fixtures\"]\n[severity]\n\"gitlab-*\" = \"low\"\n")]);
    let write = |path: &str| {
        let event = json!({"hook_event_name": "PreToolUse", "tool_name": "Write", "cwd": sandbox.path("").to_str(),
            "tool_input": {"file_path": path, "content": format!("# a\nkey = \"{}\"\n", token(1))}});
        guard(&sandbox, &event, &[]).code(0).out
    };
    assert!(write("src/a.py").contains("deny"));
    assert_eq!(write("fixtures/a.py"), "{}\n");
}

#[test]
fn what_cannot_be_read_is_refused() {
    let sandbox = Sandbox::new(&[]);
    let large = vec![b' '; (32 << 20) + 1];
    for input in [&b""[..], b"{", b"[1]", b"{\"a\": 1}", b"\xff", &large] {
        sandbox.keylint_with(&["guard"], input).code(2).warns(&["refused"]).hides(&["panicked"]);
        let open = sandbox.keylint_with(&["guard", "--fail-open"], input).code(0);
        assert_eq!(open.out, "{}\n");
        open.warns(&["not guarded"]);
    }
    // What an agent says beside prompts and tools is none of ours.
    let ran = guard(&sandbox, &json!({"hook_event_name": "Stop", "x": token(1)}), &[]).code(0);
    assert_eq!(ran.out, "{}\n");
    let deep = format!(
        "{{\"hook_event_name\":\"PreToolUse\",\"tool_input\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    sandbox.keylint_with(&["guard"], deep.as_bytes()).code(2).hides(&["overflow"]);
}

#[test]
fn configurations_are_written_beside_what_is_there() {
    let sandbox = Sandbox::new(&[(".claude/settings.json", "{\"model\": \"x\"}")]);
    for agent in ["claude", "codex", "copilot", "cursor", "gemini", "vscode"] {
        sandbox.keylint(&["guard", "--install", agent]).code(0).says(&["keylint guard --agent", "--write"]);
    }
    sandbox.keylint(&["guard", "--install", "claude", "--write"]).code(0).says(&["wrote"]);
    let text = sandbox.read(".claude/settings.json");
    assert!(text.contains("\"model\": \"x\"") && text.contains("UserPromptSubmit"), "{text}");
    sandbox.keylint(&["guard", "--install", "claude", "--write"]).code(0).says(&["already"]);
    assert_eq!(sandbox.read(".claude/settings.json"), text);
    sandbox.write(".claude/settings.json", b"{ // a comment\n}");
    sandbox.keylint(&["guard", "--install", "claude", "--write"]).code(2).warns(&["no plain JSON"]);
    sandbox.keylint(&["guard", "--install", "cursor", "--global", "--write"]).code(0);
    assert!(sandbox.read(".cursor/hooks.json").contains("\"failClosed\": true"));
}
