//! The list of what was missed and of what was flagged without reason, for whoever improves the rules.
//! Not for the repository: rows hold texts of the acceptance data, so the file must lie elsewhere or under `target/`.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, absolute},
};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::process::{root, target};

/// Takes rows; drops them where no file was asked for.
pub(crate) struct Misses(Option<BufWriter<File>>);

impl Misses {
    /// Writes to `path`, one JSON object a line.
    pub(crate) fn new(path: Option<&Path>) -> anyhow::Result<Misses> {
        let Some(path) = path else { return Ok(Misses(None)) };
        let whole = absolute(path)?;
        if whole.starts_with(root()) && !whole.starts_with(target("")) {
            bail!(
                "`{}` lies in the repository: the rows hold texts that must not get there, choose a file under `target/`",
                path.display()
            );
        }
        if let Some(folder) = whole.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::create(&whole).with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(Misses(Some(BufWriter::new(file))))
    }

    /// Adds a row, built only where it is kept.
    pub(crate) fn add(&mut self, row: impl FnOnce() -> Value) -> anyhow::Result<()> {
        if let Some(file) = &mut self.0 {
            writeln!(file, "{}", row())?;
        }
        Ok(())
    }

    /// Makes sure that everything is written.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        match self.0 {
            Some(mut file) => Ok(file.flush()?),
            None => Ok(()),
        }
    }
}
