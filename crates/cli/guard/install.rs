//! The configuration that makes an agent ask keylint: printed, or written beside what is there.
//! Not here: what the agent then says.

use std::{env, fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::{args::Agent, shell};

/// What stands in every command of ours.
const OURS: &str = "keylint guard";

/// Runs `guard --install`.
pub(super) fn run(agent: Agent, write: bool, global: bool) -> anyhow::Result<ExitCode> {
    let wanted = configuration(agent);
    let path = path(agent, global)?;
    if !write {
        let text = serde_json::to_string_pretty(&wanted)?;
        let hint = format!("{text}\n\nThis belongs into `{}`; `--write` puts it there.\n", path.display());
        return shell::print(hint.as_bytes());
    }
    let before = match fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).with_context(|| {
            format!("`{}` is no plain JSON, so add what `--install` prints without `--write`", path.display())
        })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => json!({}),
        Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    };
    let after = joined(before.clone(), &wanted)
        .with_context(|| format!("`{}` has another form than expected", path.display()))?;
    if after == before {
        return shell::print(format!("`{}` asks keylint already\n", path.display()).as_bytes());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    let text = serde_json::to_string_pretty(&after)? + "\n";
    fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    shell::print(format!("wrote {}\n", path.display()).as_bytes())
}

/// Where the agent reads its hooks.
fn path(agent: Agent, global: bool) -> anyhow::Result<PathBuf> {
    let home = || {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).filter(|home| !home.is_empty());
        home.map(PathBuf::from).context("the home folder is unknown: `HOME` is not set")
    };
    let folder = if global { home()? } else { PathBuf::new() };
    Ok(folder.join(match agent {
        Agent::Claude => ".claude/settings.json",
        Agent::Codex => ".codex/hooks.json",
        Agent::Cursor => ".cursor/hooks.json",
        Agent::Gemini => ".gemini/settings.json",
        Agent::Copilot if global => ".copilot/hooks/keylint.json",
        Agent::Vscode if global => bail!("VS Code reads `~/.claude/settings.json`: use `--install claude --global`"),
        Agent::Copilot | Agent::Vscode => ".github/hooks/keylint.json",
    }))
}

/// The hooks of an agent.
fn configuration(agent: Agent) -> Value {
    let command = format!("{OURS} --agent {}", name(agent));
    let nested = |milliseconds: bool| {
        let timeout = if milliseconds { 30_000 } else { 30 };
        json!({"hooks": [{"type": "command", "command": command, "timeout": timeout}]})
    };
    let matched = |milliseconds| {
        let mut group = nested(milliseconds);
        group["matcher"] = json!(".*");
        group
    };
    match agent {
        Agent::Claude | Agent::Codex => json!({"hooks": {
            "UserPromptSubmit": [nested(false)], "PreToolUse": [matched(false)], "PostToolUse": [matched(false)]}}),
        Agent::Gemini => json!({"hooks": {
            "BeforeAgent": [nested(true)], "BeforeTool": [matched(true)], "AfterTool": [matched(true)]}}),
        Agent::Cursor => {
            // Cursor lets everything pass where a hook fails, unless it is told not to.
            let entry = json!([{"command": command, "failClosed": true}]);
            json!({"version": 1, "hooks": {
                "beforeSubmitPrompt": entry, "preToolUse": entry, "beforeReadFile": entry, "postToolUse": entry}})
        }
        Agent::Copilot => {
            let entry = json!([{"type": "command", "bash": command, "powershell": command, "timeoutSec": 30}]);
            json!({"version": 1, "hooks": {
                "userPromptSubmitted": entry, "preToolUse": entry, "postToolUse": entry}})
        }
        Agent::Vscode => {
            let entry = json!([{"type": "command", "command": command, "timeout": 30}]);
            json!({"hooks": {"UserPromptSubmit": entry, "PreToolUse": entry, "PostToolUse": entry}})
        }
    }
}

fn name(agent: Agent) -> &'static str {
    match agent {
        Agent::Claude => "claude",
        Agent::Codex => "codex",
        Agent::Copilot => "copilot",
        Agent::Cursor => "cursor",
        Agent::Gemini => "gemini",
        Agent::Vscode => "vscode",
    }
}

/// `before` with the hooks of `wanted` added; what is there stays. `None` where it is no object of lists.
fn joined(mut before: Value, wanted: &Value) -> Option<Value> {
    let top = before.as_object_mut()?;
    if let Some(version) = wanted.get("version") {
        top.entry("version").or_insert_with(|| version.clone());
    }
    let hooks = top.entry("hooks").or_insert_with(|| json!({})).as_object_mut()?;
    for (event, entries) in wanted.get("hooks")?.as_object()? {
        let list = hooks.entry(event.as_str()).or_insert_with(|| json!([])).as_array_mut()?;
        if !list.iter().any(|entry| entry.to_string().contains(OURS)) {
            list.extend(entries.as_array()?.iter().cloned());
        }
    }
    Some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays() {
        let before = json!({"model": "x", "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": []}], "Stop": []}});
        let once = joined(before, &configuration(Agent::Claude)).expect("a configuration");
        assert_eq!(once["model"], "x");
        assert_eq!(once["hooks"]["PreToolUse"].as_array().map(Vec::len), Some(2));
        assert_eq!(once["hooks"]["Stop"], json!([]));
        assert_eq!(joined(once.clone(), &configuration(Agent::Claude)), Some(once));
        assert_eq!(joined(json!([]), &configuration(Agent::Claude)), None);
        assert_eq!(joined(json!({"hooks": 1}), &configuration(Agent::Cursor)), None);
    }
}
