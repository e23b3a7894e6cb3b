//! Reads a file into a buffer that is used again and again, and says why where it cannot or should not.
//! Not here: which files are read (`walk.rs`), or what is done with the bytes (`scan.rs`).
//! No memory maps: a file that shrinks would kill the process, and memory would not be bounded.

use std::{
    fs::{File, FileType},
    io::{self, Read},
    path::Path,
};

use keylint_diagnostics::{SkipKind, not_text};

/// The largest file that is read into memory; a larger one is streamed.
pub(crate) const MAX_IN_MEMORY: u64 = 64 << 20;
/// Spans are 32 bits wide.
pub(crate) const MAX_SIZE: u64 = u32::MAX as u64;
/// Why a file above [`MAX_SIZE`] is not scanned.
pub(crate) const TOO_LARGE: &str = "larger than 4 GiB";
/// Why a file of which fewer bytes came than it had is not scanned.
pub(crate) const SHRANK: &str = "it shrank while it was read";
/// A file up to this size is read at one go; of a larger one the head is looked at first, since it may be binary.
const HEAD: usize = 256 << 10;
/// What became of a file.
#[derive(Debug)]
pub(crate) enum Content {
    /// Its text is in the buffer, up to this length.
    Text(usize),
    /// It is too large for memory: the file, at its start, and its size.
    Large(File, u64),
    /// It was not read.
    Skip(SkipKind, String),
}

/// Reads the regular file at `path` into `buffer`, which only grows. `reserve` is called before much memory is used.
pub(crate) fn read(path: &Path, buffer: &mut Vec<u8>, reserve: impl FnOnce(u64)) -> Content {
    match try_read(path, buffer, reserve) {
        Ok(content) => content,
        Err(error) => Content::Skip(SkipKind::Incomplete, reason(&error)),
    }
}

fn try_read(path: &Path, buffer: &mut Vec<u8>, reserve: impl FnOnce(u64)) -> io::Result<Content> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if let Some(kind) = irregular(&metadata.file_type()) {
        return Ok(Content::Skip(SkipKind::Excluded, kind.into()));
    }
    let size = metadata.len();
    if size > MAX_SIZE {
        return Ok(Content::Skip(SkipKind::Incomplete, TOO_LARGE.into()));
    }
    if size > MAX_IN_MEMORY {
        return Ok(Content::Large(file, size));
    }
    read_from(file, size as usize, buffer, reserve)
}

/// Reads a file that is said to have `size` bytes.
fn read_from(mut file: impl Read, size: usize, buffer: &mut Vec<u8>, reserve: impl FnOnce(u64)) -> io::Result<Content> {
    let mut length = 0;
    if size > HEAD {
        length = fill(&mut file, buffer, 0, HEAD)?;
        if let Some(reason) = not_text(&buffer[..length]) {
            return Ok(Content::Skip(SkipKind::Excluded, reason.into()));
        }
        reserve(size as u64);
    }
    // One byte more than the file has: a short read then shows the end, and a second read is not needed.
    length = fill(&mut file, buffer, length, size + 1)?;
    while length > size && length as u64 <= MAX_IN_MEMORY {
        // It grows, or it is a file of the kernel's, whose size is 0.
        let more = fill(&mut file, buffer, length, length * 2)?;
        if more == length {
            break;
        }
        length = more;
    }
    if length < size {
        return Ok(Content::Skip(SkipKind::Incomplete, SHRANK.into()));
    }
    if length as u64 > MAX_IN_MEMORY {
        return Ok(Content::Skip(SkipKind::Incomplete, "it grew without end while it was read".into()));
    }
    Ok(match not_text(&buffer[..length]) {
        Some(reason) => Content::Skip(SkipKind::Excluded, reason.into()),
        None => Content::Text(length),
    })
}

/// Reads into `buffer[from..to]` until it is full or the file ends; gives the end of what was read.
fn fill(file: &mut impl Read, buffer: &mut Vec<u8>, from: usize, to: usize) -> io::Result<usize> {
    if buffer.len() < to {
        buffer.resize(to, 0);
    }
    let mut at = from;
    while at < to {
        match file.read(&mut buffer[at..to]) {
            Ok(0) => break,
            // Only the end of a regular file cuts a read short, except where a signal or a network does:
            // the caller compares with the size and so notices.
            Ok(n) => {
                at += n;
                if at + 1 == to {
                    break;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}

/// Reads up to `buffer.len()` bytes; fewer only at the end.
pub(crate) fn piece(file: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while at < buffer.len() {
        match file.read(&mut buffer[at..]) {
            Ok(0) => break,
            Ok(n) => at += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}

/// What a thing that is neither file, folder nor link is called.
pub(crate) fn irregular(kind: &FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some("named pipe");
        }
        if kind.is_socket() {
            return Some("socket");
        }
        if kind.is_block_device() || kind.is_char_device() {
            return Some("device");
        }
    }
    (!kind.is_file()).then_some("not a regular file")
}

/// Why reading failed, as a short phrase.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::NotFound => "no such file".into(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            // As a phrase begins; the rest may hold names and units.
            text.chars().take(1).flat_map(char::to_lowercase).chain(text.chars().skip(1)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_change_are_noticed() {
        let check = |text: &[u8], size: usize, want: Result<usize, &str>| {
            let content = read_from(text, size, &mut Vec::new(), |_| {}).expect("memory can be read");
            match content {
                Content::Text(length) => assert_eq!(Ok(length), want),
                Content::Skip(SkipKind::Incomplete, reason) => assert_eq!(Err(reason.as_str()), want),
                other => panic!("{other:?}"),
            }
        };
        check(b"0123456789", 10, Ok(10));
        check(b"", 0, Ok(0));
        check(b"0123456789", 11, Err("it shrank while it was read"));
        check(&[b'x'; HEAD * 2], HEAD * 3, Err("it shrank while it was read"));
        // A log that grows, and a file of the kernel's, whose size is said to be 0.
        check(b"0123456789", 4, Ok(10));
        check(b"0123456789", 0, Ok(10));
        check(&[b'x'; HEAD * 3], HEAD * 2, Ok(HEAD * 3));
        let endless = read_from(io::repeat(b'x'), 10, &mut Vec::new(), |_| {});
        assert!(matches!(endless, Ok(Content::Skip(SkipKind::Incomplete, _))), "{endless:?}");
    }

    #[test]
    fn reads_until_the_end() {
        let mut buffer = Vec::new();
        let mut text: &[u8] = b"0123456789";
        assert_eq!(fill(&mut text, &mut buffer, 0, 4).ok(), Some(4));
        assert_eq!(fill(&mut text, &mut buffer, 4, 64).ok(), Some(10));
        assert_eq!(&buffer[..10], b"0123456789");
    }
}
