//! Reads single objects: blobs, what stands at a path of a commit, who wrote a commit and when.
//! Not here: walking commits or trees.

use gix::{
    ObjectId, ThreadSafeRepository,
    bstr::{BStr, ByteSlice},
    date::time::format,
    objs::{CommitRefIter, Find, TreeRefIter},
};

/// Memory of a thread for what deltas are made from: enough for the versions of a few files.
const DELTA_BASES: usize = 24 << 20;
/// The largest blob that is looked at. GitHub takes none above 100 MiB; a pack holds a blob as a whole, so that it takes
/// this memory to see even the first byte of it.
const MAX_BLOB: u64 = 256 << 20;

/// What became of a blob.
pub(super) enum Blob {
    /// It was read.
    Read,
    /// It was not, and this is why.
    Missing(&'static str),
}

/// A repository for one thread that reads many objects.
pub(super) fn reader(shared: &ThreadSafeRepository) -> gix::Repository {
    let mut git = shared.to_thread_local();
    git.objects.set_pack_cache(|| Box::new(gix::odb::pack::cache::lru::MemoryCappedHashmap::new(DELTA_BASES)));
    git.objects.ignore_replacements = true;
    // An object that is missing, as in a partial clone, would otherwise cost a look at all packs.
    git.objects.refresh_never();
    git
}

/// Reads a blob into `buffer`. `reserve` is called with its size before that.
pub(super) fn blob<P>(
    git: &gix::Repository,
    id: ObjectId,
    buffer: &mut Vec<u8>,
    reserve: impl FnOnce(u64) -> P,
) -> (Blob, Option<P>) {
    let size = match git.try_find_header(id) {
        Ok(Some(header)) => header.size(),
        Ok(None) => return (Blob::Missing("its object is missing"), None),
        Err(_) => return (Blob::Missing("its object cannot be read"), None),
    };
    if size > MAX_BLOB {
        return (Blob::Missing("larger than 256 MiB"), None);
    }
    let permit = reserve(size);
    match git.objects.try_find(&id, buffer) {
        Ok(Some(data)) if data.kind.is_blob() => {
            let length = data.data.len();
            buffer.truncate(length);
            (Blob::Read, Some(permit))
        }
        _ => (Blob::Missing("its object cannot be read"), Some(permit)),
    }
}

/// The blob that stands at `path` of a tree.
pub(super) fn at(git: &gix::Repository, tree: ObjectId, path: &BStr) -> Option<ObjectId> {
    let mut buffer = Vec::new();
    let mut id = tree;
    let mut parts = path.split_str("/").peekable();
    while let Some(part) = parts.next() {
        let data = git.objects.try_find(&id, &mut buffer).ok()??;
        let mut entries = TreeRefIter::from_bytes(data.kind.is_tree().then_some(data.data)?, data.object_hash);
        let folder = parts.peek().is_some();
        let entry = entries
            .find_map(|entry| entry.ok().filter(|entry| entry.filename == part && entry.mode.is_tree() == folder))?;
        if !folder && !entry.mode.is_blob() {
            return None;
        }
        id = entry.oid.to_owned();
    }
    Some(id)
}

/// When a commit was written and by whom.
pub(super) fn author(git: &gix::Repository, commit: ObjectId) -> Option<(String, String)> {
    let mut buffer = Vec::new();
    let data = git.objects.try_find(&commit, &mut buffer).ok()??;
    let author = CommitRefIter::from_bytes(data.data, data.object_hash).author().ok()?;
    let date = author.time().ok()?.format_or_unix(format::ISO8601_STRICT);
    Some((date, author.name.to_str_lossy().trim().to_owned()))
}
