//! Replaces the secrets of a text that comes in pieces. Not here: what a secret is (`keylint-engine`).

use keylint_diagnostics::Confidence;
use keylint_engine::{Engine, redact};
use wasm_bindgen::prelude::*;

/// A text that is redacted while it comes in.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Redactor {
    redactor: Option<redact::Redactor<'static>>,
}

impl Redactor {
    /// Begins with a text; of `path` only the name and its ending count.
    pub(crate) fn begin(engine: &'static Engine, path: &str, confidence: &str) -> Result<Redactor, String> {
        let least = match confidence {
            "" => Confidence::Medium,
            word => word.parse().map_err(|()| format!("no confidence is called `{}`", word.escape_debug()))?,
        };
        Ok(Redactor { redactor: Some(engine.redactor(&kind(path), least)) })
    }
}

#[wasm_bindgen]
impl Redactor {
    /// Takes the next piece; gives what is settled.
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(redactor) = &mut self.redactor {
            redactor.push(piece, &mut out);
        }
        out
    }

    /// Ends the text; gives the rest.
    pub fn finish(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(redactor) = self.redactor.take() {
            redactor.finish(&mut out);
        }
        out
    }
}

/// A path of the same kind as `path`, as `keylint redact` makes it: folders and stem say nothing of a text that is kept.
fn kind(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, extension)) => format!("input.{extension}"),
        None => name.into(),
    }
}
