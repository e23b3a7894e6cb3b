//! The little that is asked of git beside `--staged`.
//! Not here: the index and its blobs (`staged.rs`).

use std::path::Path;

/// The commit that is checked out in the repository of `folder`, as hexadecimal digits.
pub(crate) fn head(folder: &Path) -> Option<String> {
    let repository = gix::discover(folder).ok()?;
    repository.head_id().ok().map(|id| id.to_string())
}
