//! keylint for JavaScript: the engine and the reports behind four functions, with the same bytes as the command line.
//! Not here: files, threads, command lines; JavaScript brings those.

use keylint_diagnostics::{Document, Origin};
use keylint_engine::{Engine, config};
use keylint_report::{Format, Options, Scope, Summary, Tally, Tool, View, sink};
use wasm_bindgen::prelude::*;

/// The chosen rules, ready to scan.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Keylint {
    engine: Engine,
}

#[wasm_bindgen]
impl Keylint {
    /// An engine for a configuration as in `keylint.toml`; without one, every stable rule runs.
    /// Throws what is wrong with the configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(configuration: Option<String>) -> Result<Keylint, JsError> {
        let text = configuration.unwrap_or_default();
        let file = config::parse(&text, "configuration")?;
        let config = file.into_config(Vec::new(), None);
        Ok(Keylint { engine: Engine::new(config)? })
    }

    /// Scans the bytes of one document and gives the report that `keylint --format FORMAT` prints for it.
    /// Throws when there is no such format.
    pub fn scan(&self, path: &str, text: &[u8], format: &str) -> Result<String, JsError> {
        let format: Format = format.parse()?;
        let document = Document::new(path, text);
        let scan = self.engine.scanner().scan(&document);
        let options = Options::default();
        let mut counts = Tally::default();
        scan.diagnostics.iter().for_each(|diagnostic| counts.add(diagnostic, &options.gate));
        let summary = Summary {
            tool: Tool { version: version(), rules: self.engine.rules().len(), catalogue: None },
            scope: Scope { kind: "document".into(), ..Scope::default() },
            files: 1,
            bytes: text.len() as u64,
            complete: scan.skipped.is_empty(),
            skipped: scan.skipped,
            counts,
            ..Summary::default()
        };
        let mut out = Vec::new();
        let mut sink = sink(format, self.engine.rules(), options, Box::new(&mut out));
        sink.document(&View::of(&document, Origin::Worktree), &scan.diagnostics)?;
        sink.finish(&summary)?;
        drop(sink);
        Ok(String::from_utf8_lossy(&out).into_owned())
    }
}

/// What rule `id` says to people, in Markdown; `undefined` when there is no such rule.
#[wasm_bindgen]
pub fn explain(id: &str) -> Option<String> {
    let about = keylint_rules::about(id)?;
    Some(format!("{}\n\nRevoke: {}", about.docs, about.response.revoke))
}

/// The version of keylint.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}
