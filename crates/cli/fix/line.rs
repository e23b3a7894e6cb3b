//! One line for a file beside a document, for hosts that mend one finding at a time.
//! Not here: what stands in it.

use std::path::Path;

use keylint_diagnostics::{Edit, Insert};
use keylint_engine::fix::END;

use super::{beside::Beside, write};

/// Appends a line to `path` unless the file says it already; says why where it must not be.
pub(crate) fn append(path: &Path, line: &str) -> Result<(), String> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err("a line needs a file".into());
    };
    let name = name.to_string_lossy().into_owned();
    let edit = Edit { path: name.clone(), span: END, insert: vec![Insert::Text(format!("{line}\n"))] };
    let mut beside = Beside::default();
    let copied = |_| Vec::new();
    if let Some(reason) = beside.refusal(folder, &edit, &copied) {
        return Err(reason);
    }
    beside.add(folder, &edit, &copied, &copied);
    for (path, lines) in &beside.files {
        write::append(path, lines).map_err(|error| format!("cannot write `{name}`: {error}"))?;
    }
    Ok(())
}
