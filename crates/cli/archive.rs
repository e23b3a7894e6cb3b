//! Scans the members of archives as documents, in memory and never on a disk, and says of each that it could not read.
//! Not here: the formats themselves (below), or scanning one document (`scan.rs`).
//!
//! Tar and zip files are walked by own code, since it must go on behind damage, keep members of the same name apart, and
//! need the same little memory for whatever an archive claims of itself.

mod document;
mod format;
mod limits;
mod office;
mod tar;
mod unpack;
mod zip;

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufReader, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    rc::Rc,
};

use keylint_diagnostics::{Origin, SkipKind};

use crate::{
    budget::Permit,
    read,
    scan::{Source, Worker},
};

use self::{
    document::Ended,
    format::{Format, HEAD, Packing},
    limits::{MAX_DEPTH, MAX_NAME, MAX_WINDOWS, Meter, Metered},
    zip::Seekable,
};

use self::tar::Tar;

pub(crate) use self::tar::{Entry, Type};

/// Between an archive and what is in it, as Java writes it.
const INSIDE: &str = "!/";
/// How much is read at a time of a file.
const BUFFER: usize = 256 << 10;
/// Damaged places of one tar stream that are passed over: behind so many it is none.
const MAX_DAMAGE: usize = 16;

/// An error that says what is wrong with an archive.
fn damaged(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Why reading failed; what a decoder says is a phrase already.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => error.to_string(),
        _ => read::reason(error),
    }
}

/// Scans what is in the file `path`, whose folder is `folder` in absolute form, if it is an archive.
pub(crate) fn file(worker: &mut Worker<'_>, folder: &Path, path: &Path, shown: &str) -> bool {
    // What cannot be opened or is no archive is looked at again, and reported, as any file is.
    let Ok(mut file) = File::open(path) else { return false };
    let Ok(metadata) = file.metadata() else { return false };
    let mut head = [0; HEAD];
    if !metadata.is_file() {
        return false;
    }
    let Ok(length) = read::piece(&mut file, &mut head) else { return false };
    scan(worker, folder, shown, metadata.len(), &head[..length], &mut file)
}

/// Whether what begins with `head` is an archive.
pub(crate) fn is_one(name: &str, head: &[u8]) -> bool {
    Format::of(name, &head[..head.len().min(HEAD)]).is_some()
}

/// Scans what is in `bytes`, if they are an archive.
pub(crate) fn bytes(worker: &mut Worker<'_>, folder: &Path, shown: &str, bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    scan(worker, folder, shown, bytes.len() as u64, head, &mut Cursor::new(bytes))
}

fn scan(worker: &mut Worker<'_>, folder: &Path, shown: &str, size: u64, head: &[u8], input: &mut dyn Seekable) -> bool {
    let format = match Format::of(shown, head) {
        None => return false,
        Some(Format::Foreign(reason)) => {
            worker.skip(Path::new(shown), SkipKind::Excluded, reason);
            return true;
        }
        Some(format) => format,
    };
    let mut session = Session::new(worker, folder, shown, size);
    let name = session.name.clone();
    session.guarded(|session| match input.rewind() {
        Err(error) => session.fault(&name, &error),
        Ok(()) => match format {
            Format::Zip => session.zip(&name, input, 1),
            Format::Tar => session.tar(&name, &mut BufReader::with_capacity(BUFFER, input), 1),
            Format::Packed(packing) => session.packed(packing, &name, input, 1),
            Format::Foreign(_) => {}
        },
    });
    session.finish();
    true
}

/// Takes an entry and its content.
pub(crate) type Each<'e, 'w, 's> = &'e mut dyn FnMut(&mut Session<'w, 's>, &Entry, &mut dyn Read);

/// An archive that is being scanned, with all that is inside it.
pub(crate) struct Session<'w, 's> {
    worker: &'w mut Worker<'s>,
    folder: Rc<Path>,
    /// The name of the archive in its folder.
    name: String,
    /// What stands before the name where paths are shown.
    lead: String,
    meter: Rc<Meter>,
    /// Memory for large members: all of it or none, so that two archives cannot wait for each other.
    permit: Option<Permit<'s>>,
    /// Bytes of archives inside archives that are in memory.
    held: u64,
    /// How many decoders with a large window are at work.
    windows: usize,
    buffer: Vec<u8>,
    /// The paths with findings; two members may have the same name.
    paths: BTreeSet<String>,
}

impl<'w, 's> Session<'w, 's> {
    /// For an archive of `size` bytes in `folder`.
    pub(crate) fn new(worker: &'w mut Worker<'s>, folder: &Path, shown: &str, size: u64) -> Session<'w, 's> {
        let start = shown.rfind('/').map_or(0, |slash| slash + 1);
        Session {
            worker,
            folder: folder.into(),
            name: shown[start..].into(),
            lead: shown[..start].into(),
            meter: Meter::new(size),
            permit: None,
            held: 0,
            windows: 0,
            buffer: Vec::new(),
            paths: BTreeSet::new(),
        }
    }

    /// The name of the archive in its folder.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The one who scans.
    pub(crate) fn worker(&mut self) -> &mut Worker<'s> {
        self.worker
    }

    /// Whether no more may be read.
    pub(crate) fn spent(&self) -> bool {
        self.meter.spent().is_some()
    }

    /// Says, once, that not everything was read.
    pub(crate) fn finish(mut self) {
        if let Some(reason) = self.meter.spent() {
            let name = self.name.clone();
            self.skip(&name, SkipKind::Incomplete, reason);
        }
    }

    /// A bug of a decoder's that one archive brings out must not hide what is in other files.
    pub(crate) fn guarded(&mut self, scan: impl FnOnce(&mut Session<'w, 's>)) {
        if catch_unwind(AssertUnwindSafe(|| scan(self))).is_err() {
            (self.permit, self.windows, self.held) = (None, 0, 0);
            let name = self.name.clone();
            self.skip(&name, SkipKind::Incomplete, "keylint itself failed on it; please report this");
        }
    }

    /// Notes what was not scanned.
    pub(crate) fn skip(&mut self, name: &str, kind: SkipKind, reason: impl Into<String>) {
        let shown = format!("{}{name}", self.lead);
        self.worker.outcome().skip(shown, kind, reason);
    }

    /// Notes what could not be read; that too much was read is said at the end.
    pub(crate) fn fault(&mut self, name: &str, error: &io::Error) {
        if !self.spent() {
            self.skip(name, SkipKind::Incomplete, reason(error));
        }
    }

    /// Scans a member: a document, or an archive again, at `depth`.
    pub(crate) fn member(&mut self, name: &str, input: &mut dyn Read, depth: usize) {
        if self.meter.member().is_err() {
            return;
        }
        let folder = Rc::clone(&self.folder);
        if self.worker.excludes(&folder, name) {
            return self.skip(name, SkipKind::Excluded, "excluded by the configuration");
        }
        let mut head = [0; HEAD];
        let (head, mut input) = begun(input, &mut head);
        match Format::of(name, head) {
            None => self.document(name, &mut input),
            Some(Format::Foreign(reason)) => self.skip(name, SkipKind::Excluded, reason),
            Some(_) if depth >= MAX_DEPTH => {
                self.skip(name, SkipKind::Incomplete, format!("nested deeper than {MAX_DEPTH} archives"));
            }
            Some(Format::Packed(packing)) => self.packed(packing, name, &mut input, depth + 1),
            Some(Format::Tar) => self.tar(name, &mut input, depth + 1),
            Some(Format::Zip) => self.inner_zip(name, &mut input, depth + 1),
        }
    }

    /// Scans what a compressed stream holds.
    fn packed(&mut self, packing: Packing, name: &str, input: &mut dyn Read, depth: usize) {
        self.decoded(packing, name, input, |session, input| session.unpacked(name, input, depth));
    }

    /// Hands on what a compressed stream holds.
    fn decoded(
        &mut self,
        packing: Packing,
        name: &str,
        input: &mut dyn Read,
        scan: impl FnOnce(&mut Session<'w, 's>, &mut dyn Read),
    ) {
        let wide = matches!(packing, Packing::Xz | Packing::Zstd);
        if wide && self.windows == MAX_WINDOWS {
            return self.skip(name, SkipKind::Incomplete, "one more stream that needs much memory inside others");
        }
        let owner = wide && self.reserve();
        self.windows += usize::from(wide);
        let meter = Rc::clone(&self.meter);
        scan(self, &mut Metered::new(unpack::unpack(packing, input), &meter));
        self.windows -= usize::from(wide);
        self.release(owner);
    }

    fn unpacked(&mut self, name: &str, input: &mut dyn Read, depth: usize) {
        let mut head = [0; HEAD];
        let (head, mut input) = begun(input, &mut head);
        let inner = format::unpacked_name(name);
        // A tar file that is compressed is one archive, not two.
        match Format::of(inner, head) {
            Some(Format::Tar) => self.tar(name, &mut input, depth),
            _ => self.member(&format!("{name}{INSIDE}{inner}"), &mut input, depth),
        }
    }

    /// Scans the entries of a tar stream.
    fn tar(&mut self, name: &str, input: &mut dyn Read, depth: usize) {
        self.each_entry(name, input, &mut |session, entry, body| {
            if entry.kind == Type::File {
                session.member(&inside(name, &entry.path), body, depth);
            }
        });
    }

    /// Hands on the entries of a tar stream, compressed or not.
    pub(crate) fn each_packed_entry(&mut self, name: &str, input: &mut dyn Read, each: Each<'_, 'w, 's>) {
        let mut head = [0; HEAD];
        let (head, mut input) = begun(input, &mut head);
        match Format::of(name, head) {
            Some(Format::Packed(packing)) => {
                self.decoded(packing, name, &mut input, |session, input| session.each_entry(name, input, each));
            }
            // An empty layer may be nothing but zeros.
            _ => self.each_entry(name, &mut input, each),
        }
    }

    fn each_entry(&mut self, name: &str, input: &mut dyn Read, each: Each<'_, 'w, 's>) {
        let mut tar = Tar::new(input);
        let mut damage = 0;
        while !self.spent() {
            match tar.next() {
                Ok(None) => return,
                Ok(Some(entry)) => each(self, &entry, &mut tar.body()),
                Err(error) => {
                    self.fault(name, &error);
                    damage += 1;
                    if error.kind() != io::ErrorKind::InvalidData || damage > MAX_DAMAGE {
                        return;
                    }
                }
            }
        }
    }

    /// Scans a zip file that stands in another archive: its directory is at its end, so it must be in memory.
    fn inner_zip(&mut self, name: &str, input: &mut dyn Read, depth: usize) {
        let mut bytes = Vec::new();
        let (owner, most) = self.read_all(input, &mut bytes, name);
        if bytes.len() as u64 > most {
            let reason = "an archive inside another that does not fit into memory with it";
            self.skip(name, SkipKind::Incomplete, reason);
        } else {
            let length = bytes.len() as u64;
            self.held += length;
            self.zip(name, &mut Cursor::new(&bytes[..]), depth);
            self.held -= length;
        }
        drop(bytes);
        self.release(owner);
    }

    /// Scans the entries of a zip file.
    fn zip(&mut self, name: &str, input: &mut dyn Seekable, depth: usize) {
        if let Err(error) = self.entries(name, input, depth) {
            self.fault(name, &error);
        }
    }

    fn entries(&mut self, name: &str, input: &mut dyn Seekable, depth: usize) -> io::Result<()> {
        let mut zip = zip::Zip::open(input)?;
        let mut kind = office::Kind::default();
        loop {
            match zip.next() {
                Ok(Some(entry)) => kind.note(&entry.path),
                Ok(None) => break,
                Err(_) => {
                    zip.distrust();
                    break;
                }
            }
        }
        if !zip.has_directory() {
            self.fault(name, &damaged("its directory is missing or damaged; members may be missing"));
        }
        zip.rewind();
        let mut office = kind.document().map(|kind| office::Document::read(kind, &mut zip, &self.meter));
        zip.rewind();
        while !self.spent() {
            let Some(entry) = zip.next()? else { break };
            let member = inside(name, &entry.path);
            if entry.is_folder() {
                continue;
            }
            if entry.encrypted {
                self.skip(&member, SkipKind::Incomplete, "encrypted");
                continue;
            }
            match zip.body(&entry) {
                Err(error) => self.fault(&member, &error),
                Ok(body) => {
                    let mut body = Metered::new(body, &self.meter);
                    match office.as_mut().and_then(|office| office.part(&entry.path)) {
                        Some(part) => self.part(name, &member, part, &mut body),
                        None => self.member(&member, &mut body, depth),
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits for the memory of large members; says whether it was not there before and must be given back.
    fn reserve(&mut self) -> bool {
        let owner = self.permit.is_none();
        if owner {
            self.permit = Some(self.worker.reserve(read::MAX_IN_MEMORY));
        }
        owner
    }

    fn release(&mut self, owner: bool) {
        if owner {
            self.permit = None;
        }
    }

    fn source(&self, name: &str) -> (Rc<Path>, String) {
        (Rc::clone(&self.folder), format!("{}{name}", self.lead))
    }
}

/// The name of a member. One that begins at the root or here is the same below the archive.
pub(crate) fn inside(archive: &str, path: &str) -> String {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix('/')) {
        path = rest;
    }
    let end = (0..=path.len().min(MAX_NAME)).rev().find(|&end| path.is_char_boundary(end)).unwrap_or(0);
    format!("{archive}{INSIDE}{}", &path[..end])
}

/// Reads the first bytes into `head`, and gives them and the whole input from its beginning.
fn begun<'h, 'i>(input: &'i mut dyn Read, head: &'h mut [u8]) -> (&'h [u8], impl Read + use<'h, 'i>) {
    let (length, failure) = match fill(input, head) {
        Ok(length) => (length, None),
        Err((length, error)) => (length, Some(error)),
    };
    let head = &head[..length];
    (head, head.chain(Ended { input, failure }))
}

/// Reads until `buffer` is full or the input ends; an error comes with how much was read before it.
fn fill(input: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> Result<usize, (usize, io::Error)> {
    let mut at = 0;
    while at < buffer.len() {
        match input.read(&mut buffer[at..]) {
            Ok(0) => break,
            Ok(length) => at += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err((at, error)),
        }
    }
    Ok(at)
}

/// A member as `scan.rs` wants it.
fn as_source<'a>(folder: &'a Path, name: &'a str, shown: String) -> Source<'a> {
    Source { folder, name, shown, origin: Origin::Archive }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_below_their_archive() {
        let check = |path: &str, want: &str| assert_eq!(inside("a.zip", path), want);
        check("b/c.txt", "a.zip!/b/c.txt");
        check("./b", "a.zip!/b");
        check("//etc/passwd", "a.zip!/etc/passwd");
        check("../b", "a.zip!/../b");
        assert_eq!(inside("a", &"é".repeat(MAX_NAME)).len(), "a!/".len() + MAX_NAME);
    }
}
