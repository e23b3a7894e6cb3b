//! The structures of the protocol that the server reads and writes, as far as it uses them. Hand-written: the full set
//! would be the larger part of the WebAssembly. Not here: what is put into them.
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Line and column, from 0, in the negotiated unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) character: u32,
}

/// A half-open range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Range {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Location {
    pub(crate) uri: String,
    pub(crate) range: Range,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Diagnostic {
    pub(crate) range: Range,
    pub(crate) severity: u8,
    pub(crate) code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code_description: Option<CodeDescription>,
    pub(crate) source: &'static str,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related_information: Vec<Related>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CodeDescription {
    pub(crate) href: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Related {
    pub(crate) location: Location,
    pub(crate) message: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CodeAction {
    pub(crate) title: String,
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) diagnostics: Vec<Value>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) is_preferred: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) edit: Option<WorkspaceEdit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<Command>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<Deed>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What an action does, as it is sent to the client and comes back: by place, never by value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deed {
    pub(crate) uri: String,
    pub(crate) version: i64,
    #[serde(flatten)]
    pub(crate) what: What,
}

/// The kinds of deeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(crate) enum What {
    /// Applies the fix of this number.
    Fix { of: Target, number: usize },
    /// Writes a comment that suppresses the finding.
    Ignore { of: Target, reason: String },
    /// Writes a comment that suppresses the rule in the document.
    IgnoreFile { of: Target, reason: String },
    /// Adds the finding to the baseline.
    Baseline { of: Target, reason: Option<String> },
    /// Removes a comment that suppresses nothing.
    Remove { of: Target },
    /// Applies every fix that keeps the meaning.
    FixAll,
}

/// A finding, by rule and bytes of the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) rule: String,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Command {
    pub(crate) title: String,
    pub(crate) command: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) arguments: Vec<Value>,
}

/// Changes of documents: by document with versions where the client knows them, else by URI.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkspaceEdit {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changes: Option<BTreeMap<String, Vec<TextEdit>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document_changes: Option<Vec<DocumentChange>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum DocumentChange {
    Create(CreateFile),
    Edit(TextDocumentEdit),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CreateFile {
    pub(crate) kind: &'static str,
    pub(crate) uri: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TextDocumentEdit {
    pub(crate) text_document: VersionedDocument,
    pub(crate) edits: Vec<TextEdit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct VersionedDocument {
    pub(crate) uri: String,
    pub(crate) version: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TextEdit {
    pub(crate) range: Range,
    pub(crate) new_text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CodeLens {
    pub(crate) range: Range,
    pub(crate) command: Command,
}

// What comes from the client.

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Opened {
    pub(crate) text_document: OpenedDocument,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenedDocument {
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) language_id: String,
    #[serde(default)]
    pub(crate) version: i64,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changed {
    pub(crate) text_document: Named,
    pub(crate) content_changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    #[serde(default)]
    pub(crate) range: Option<Range>,
    pub(crate) text: String,
}

/// `textDocument` of most requests, and with it what a pull of diagnostics says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OfDocument {
    pub(crate) text_document: Named,
    #[serde(default)]
    pub(crate) previous_result_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) version: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct At {
    pub(crate) text_document: Named,
    pub(crate) position: Position,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionsWanted {
    pub(crate) text_document: Named,
    pub(crate) range: Range,
    #[serde(default)]
    pub(crate) context: ActionContext,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ActionContext {
    #[serde(default)]
    pub(crate) diagnostics: Vec<Value>,
    #[serde(default)]
    pub(crate) only: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CommandCalled {
    pub(crate) command: String,
    #[serde(default)]
    pub(crate) arguments: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkspacePull {
    #[serde(default)]
    pub(crate) previous_result_ids: Vec<Previous>,
    #[serde(default)]
    pub(crate) partial_result_token: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Previous {
    pub(crate) uri: String,
    pub(crate) value: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WatchedChanges {
    pub(crate) changes: Vec<WatchedChange>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WatchedChange {
    pub(crate) uri: String,
    /// 3 where it is gone.
    #[serde(rename = "type", default)]
    pub(crate) kind: u8,
}

#[derive(Debug, Deserialize)]
pub(crate) struct FoldersChanged {
    pub(crate) event: FoldersEvent,
}

#[derive(Debug, Deserialize)]
pub(crate) struct FoldersEvent {
    #[serde(default)]
    pub(crate) added: Vec<Named>,
    #[serde(default)]
    pub(crate) removed: Vec<Named>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SettingsChanged {
    #[serde(default)]
    pub(crate) settings: Value,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Cancelled {
    pub(crate) id: Value,
}
