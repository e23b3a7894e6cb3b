//! keylint for JavaScript: the engine and the reports, with the same bytes as the command line. `npm/keylint` is the
//! public face of it. Not here: files, threads, clocks, command lines; JavaScript brings those. The language server is
//! another module (`lsp-wasm`).

mod finding;
mod ignored;
mod named_lines;
mod options;
mod redactor;
mod report;
mod rules;
mod scanner;

// What the program cuts out of a document, which lines are new to it, and which comments it refuses, decide its output
// byte for byte.
#[path = "../../cli/added.rs"]
mod added;
#[allow(dead_code)]
#[path = "../../cli/new_suppressions.rs"]
mod new_suppressions;
#[allow(dead_code)]
#[path = "../../cli/pieces.rs"]
mod pieces;

use wasm_bindgen::prelude::*;

pub use ignored::Ignore;
pub use redactor::Redactor;
pub use report::Report;
pub use scanner::Scanner;

/// The version of keylint.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// The names of the report formats, one on each line.
#[wasm_bindgen]
pub fn formats() -> String {
    let names: Vec<_> = keylint_report::Format::ALL.iter().map(|format| format.as_str()).collect();
    names.join("\n")
}

/// The built-in rules as JSON, with the texts where they were provided.
#[wasm_bindgen]
pub fn rules() -> String {
    rules::list()
}

/// The built-in rule `id`, now or formerly, as JSON; `undefined` when there is none.
#[wasm_bindgen]
pub fn explain(id: &str) -> Option<String> {
    rules::one(id)
}

/// Takes what rules say to people, which is stored apart; gives whether it could be read and was not there before.
#[wasm_bindgen(js_name = provideTexts)]
pub fn provide_texts(texts: &[u8]) -> bool {
    keylint_rules::provide_texts(texts)
}

/// What a configuration file points to, as JSON. Throws what is wrong with the file.
#[wasm_bindgen(js_name = readConfig)]
pub fn read_config(text: &str, name: &str) -> Result<String, JsError> {
    Ok(scanner::pointers(text, name)?)
}

/// JSON of a value whose keys are strings, which cannot fail.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
