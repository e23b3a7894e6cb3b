//! What the client can do, and what its user wants. Not here: what the server offers in return (`server.rs`).

use keylint_diagnostics::{Confidence, Severity, Unit};
use serde_json::Value;

/// What the client can do, read from `initialize`; what it does not say it cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// What columns count.
    pub(crate) unit: Unit,
    /// It asks for diagnostics itself.
    pub(crate) pulls: bool,
    /// It asks again when told to.
    pub(crate) refreshes_diagnostics: bool,
    pub(crate) refreshes_lenses: bool,
    /// It answers `workspace/configuration`.
    pub(crate) configuration: bool,
    /// It watches files when asked to.
    pub(crate) watches: bool,
    /// It shows related places.
    pub(crate) related: bool,
    /// It takes code actions rather than commands only.
    pub(crate) actions: bool,
    /// It keeps what an action carries, and asks for the edit when the action is chosen.
    pub(crate) resolves: bool,
    /// Edits may name versions, and may make files.
    pub(crate) document_changes: bool,
    pub(crate) creates: bool,
    /// It applies edits that a command makes.
    pub(crate) applies: bool,
    /// Hovers may be Markdown.
    pub(crate) markdown: bool,
}

impl Default for Client {
    fn default() -> Client {
        Client::read(&Value::Null)
    }
}

impl Client {
    /// Reads `capabilities`.
    pub(crate) fn read(capabilities: &Value) -> Client {
        let is = |pointer: &str| capabilities.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let lists = |pointer: &str, word: &str| {
            let list = capabilities.pointer(pointer).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|item| item == word))
        };
        let there = |pointer: &str| capabilities.pointer(pointer).is_some_and(Value::is_object);
        Client {
            unit: unit(capabilities.pointer("/general/positionEncodings")),
            pulls: there("/textDocument/diagnostic"),
            refreshes_diagnostics: is("/workspace/diagnostics/refreshSupport"),
            refreshes_lenses: is("/workspace/codeLens/refreshSupport"),
            configuration: is("/workspace/configuration"),
            watches: is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            related: is("/textDocument/publishDiagnostics/relatedInformation")
                || is("/textDocument/diagnostic/relatedInformation"),
            actions: there("/textDocument/codeAction/codeActionLiteralSupport"),
            resolves: is("/textDocument/codeAction/dataSupport")
                && lists("/textDocument/codeAction/resolveSupport/properties", "edit"),
            document_changes: is("/workspace/workspaceEdit/documentChanges"),
            creates: lists("/workspace/workspaceEdit/resourceOperations", "create"),
            applies: is("/workspace/applyEdit"),
            markdown: lists("/textDocument/hover/contentFormat", "markdown"),
        }
    }

    /// The word for what columns count.
    pub(crate) fn encoding(&self) -> &'static str {
        match self.unit {
            Unit::Byte => "utf-8",
            Unit::Utf16 => "utf-16",
            Unit::Character => "utf-32",
        }
    }
}

/// UTF-8 costs nothing here, so it is taken wherever it is offered; UTF-16 is what every client knows.
fn unit(offered: Option<&Value>) -> Unit {
    let offers =
        |word: &str| offered.and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == word));
    match () {
        () if offers("utf-8") => Unit::Byte,
        () if offers("utf-32") && !offers("utf-16") => Unit::Character,
        () => Unit::Utf16,
    }
}

/// When a document is scanned again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Run {
    /// At every change.
    #[default]
    OnType,
    /// When it is saved.
    OnSave,
}

/// What the user wants, `keylint` in the client's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Whether anything is reported.
    pub(crate) enable: bool,
    pub(crate) run: Run,
    /// The lowest severity that is shown.
    pub(crate) severity: Severity,
    /// The lowest confidence that is shown.
    pub(crate) confidence: Confidence,
    /// Whether files that are not open are scanned when the client asks for the whole workspace.
    pub(crate) workspace: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            enable: true,
            run: Run::OnType,
            severity: Severity::Info,
            confidence: Confidence::Low,
            workspace: true,
        }
    }
}

impl Settings {
    /// Takes over what `value` says and leaves the rest; what it does not understand it ignores, as another version of
    /// the extension may know more.
    pub(crate) fn update(&mut self, value: &Value) {
        let value = value.get("keylint").unwrap_or(value);
        let switch = |key: &str| value.get(key).and_then(Value::as_bool);
        let word = |key: &str| value.get(key).and_then(Value::as_str);
        self.enable = switch("enable").unwrap_or(self.enable);
        self.workspace = switch("workspace").unwrap_or(self.workspace);
        self.run = match word("run") {
            Some("onSave") => Run::OnSave,
            Some("onType") => Run::OnType,
            _ => self.run,
        };
        self.severity = word("severity").and_then(|word| word.parse().ok()).unwrap_or(self.severity);
        self.confidence = word("confidence").and_then(|word| word.parse().ok()).unwrap_or(self.confidence);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_encoding_is_negotiated() {
        let check = |offered: Value, want: &str| {
            let client = Client::read(&json!({ "general": { "positionEncodings": offered } }));
            assert_eq!(client.encoding(), want);
        };
        check(json!(["utf-16", "utf-8"]), "utf-8");
        check(json!(["utf-16", "utf-32"]), "utf-16");
        check(json!(["utf-32"]), "utf-32");
        check(json!([]), "utf-16");
        check(json!("utf-8"), "utf-16");
        assert_eq!(Client::default().encoding(), "utf-16");
    }

    #[test]
    fn settings_are_taken_over_one_by_one() {
        let mut settings = Settings::default();
        settings.update(&json!({ "keylint": { "run": "onSave", "severity": "high", "enable": 3 } }));
        settings.update(&json!({ "confidence": "nonsense", "workspace": false }));
        let want = Settings { run: Run::OnSave, severity: Severity::High, workspace: false, ..Settings::default() };
        assert_eq!(settings, want);
        settings.update(&Value::Null);
        assert_eq!(settings, want);
    }
}
