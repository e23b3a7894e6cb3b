//! Walks the entries of a zip file in bounded memory, by its directory or, where that is missing or damaged, by the heads
//! of the entries themselves. Not here: what is done with the entries; nothing is ever unpacked to a disk.
//!
//! The format: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.

use std::io::{self, Read, Seek, SeekFrom, Take};

use super::{damaged, format::Packing, limits::MAX_NAME, unpack};

/// How much of the directory is in memory.
const WINDOW: usize = 64 << 10;
/// The end of the directory stands in the last bytes: 22 and a comment of up to 64 KiB; before it, 20 for large files.
const TAIL: u64 = 22 + 0xffff + 20;

const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";

/// Bytes that can be read from any place on.
pub(crate) trait Seekable: Read + Seek {}
impl<T: Read + Seek> Seekable for T {}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// `/`-separated; bytes that are not UTF-8 became replacement characters.
    pub(crate) path: String,
    /// Whether a password is needed.
    pub(crate) encrypted: bool,
    method: u16,
    /// Bytes in the file; `None` where only the stream itself knows its end.
    packed: Option<u64>,
    /// Where its head begins.
    head: u64,
}

impl Entry {
    /// Whether it is a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.path.ends_with('/')
    }
}

/// A zip file.
pub(crate) struct Zip<'r> {
    input: &'r mut dyn Seekable,
    length: u64,
    directory: Option<Directory>,
    /// Where the next entry of the directory begins, or is looked for.
    at: u64,
    window: Vec<u8>,
    /// Where the window begins.
    base: u64,
}

/// Where the directory is.
#[derive(Clone, Copy, Debug)]
struct Directory {
    start: u64,
    end: u64,
    /// How much stands before the archive, such as a program that unpacks it.
    before: u64,
}

impl<'r> Zip<'r> {
    /// Finds the directory; without one, entries are looked for.
    pub(crate) fn open(input: &'r mut dyn Seekable) -> io::Result<Zip<'r>> {
        let length = input.seek(SeekFrom::End(0))?;
        let mut zip = Zip { input, length, directory: None, at: 0, window: Vec::new(), base: 0 };
        zip.directory = zip.find_directory()?;
        zip.rewind();
        Ok(zip)
    }

    /// Whether there is a directory.
    pub(crate) fn has_directory(&self) -> bool {
        self.directory.is_some()
    }

    /// Goes back to the first entry.
    pub(crate) fn rewind(&mut self) {
        self.at = self.directory.map_or(0, |directory| directory.start);
    }

    /// Goes back to the first entry, and no longer believes the directory.
    pub(crate) fn distrust(&mut self) {
        self.directory = None;
        self.rewind();
    }

    /// The next entry.
    pub(crate) fn next(&mut self) -> io::Result<Option<Entry>> {
        match self.directory {
            Some(directory) => self.listed(directory),
            None => self.unlisted(),
        }
    }

    /// What an entry holds, unpacked; or why it cannot be read.
    pub(crate) fn body(&mut self, entry: &Entry) -> io::Result<Box<dyn Read + '_>> {
        let head = self.bytes(entry.head, 30)?;
        if !head.starts_with(LOCAL) {
            return Err(damaged("its head is not where the directory says"));
        }
        let start = entry.head + 30 + u64::from(u16_at(head, 26)) + u64::from(u16_at(head, 28));
        self.input.seek(SeekFrom::Start(start))?;
        let raw: Take<&mut dyn Seekable> = (&mut *self.input).take(entry.packed.unwrap_or(u64::MAX));
        match (entry.method, entry.packed) {
            (0, Some(packed)) => Ok(Box::new(Stored { input: raw, left: packed })),
            (0, None) => Err(damaged("its length is missing")),
            (8, _) => Ok(unpack::inflate(raw)),
            (12, _) => Ok(unpack::unpack(Packing::Bzip2, raw)),
            (93, _) => Ok(unpack::unpack(Packing::Zstd, raw)),
            (95, _) => Ok(unpack::unpack(Packing::Xz, raw)),
            (method, _) => Err(damaged_with(format!("compressed with method {method}, which keylint does not read"))),
        }
    }

    fn listed(&mut self, directory: Directory) -> io::Result<Option<Entry>> {
        if self.at >= directory.end {
            return Ok(None);
        }
        let at = self.at;
        let fixed: [u8; 46] = self.array(at)?;
        if !fixed.starts_with(ENTRY) {
            return Err(damaged("its directory is damaged"));
        }
        let (name, extra) = (u16_at(&fixed, 28), u16_at(&fixed, 30));
        let path = path(self.bytes(at + 46, usize::from(name))?);
        let mut sizes = Sizes { whole: u32_at(&fixed, 24), packed: u32_at(&fixed, 20), head: u32_at(&fixed, 42) };
        sizes.widen(self.bytes(at + 46 + u64::from(name), usize::from(extra))?);
        self.at = at + 46 + u64::from(name) + u64::from(extra) + u64::from(u16_at(&fixed, 32));
        let (flags, method) = (u16_at(&fixed, 8), u16_at(&fixed, 10));
        let head = sizes.head.saturating_add(directory.before);
        Ok(Some(Entry { path, encrypted: is_encrypted(flags, method), method, packed: Some(sizes.packed), head }))
    }

    fn unlisted(&mut self) -> io::Result<Option<Entry>> {
        let Some(head) = self.find_head()? else { return Ok(None) };
        let fixed: [u8; 30] = self.array(head)?;
        let (name, extra) = (u16_at(&fixed, 26), u16_at(&fixed, 28));
        let path = path(self.bytes(head + 30, usize::from(name))?);
        let mut sizes = Sizes { whole: u32_at(&fixed, 22), packed: u32_at(&fixed, 18), head };
        sizes.widen(self.bytes(head + 30 + u64::from(name), usize::from(extra))?);
        let (flags, method) = (u16_at(&fixed, 6), u16_at(&fixed, 8));
        let start = head + 30 + u64::from(name) + u64::from(extra);
        let known = flags & 8 == 0 || sizes.packed > 0;
        self.at = if known { start.saturating_add(sizes.packed) } else { start };
        let packed = known.then_some(sizes.packed);
        Ok(Some(Entry { path, encrypted: is_encrypted(flags, method), method, packed, head }))
    }

    /// Where the next head of an entry is.
    fn find_head(&mut self) -> io::Result<Option<u64>> {
        while self.at.saturating_add(30) <= self.length {
            let take = (self.length - self.at).min(WINDOW as u64) as usize;
            let at = self.at;
            let bytes = self.bytes(at, take)?;
            match memchr::memmem::find(bytes, LOCAL) {
                Some(place) => {
                    self.at += place as u64;
                    return Ok((self.at + 30 <= self.length).then_some(self.at));
                }
                // The last three bytes may be the beginning of a mark.
                None => self.at += (take - 3) as u64,
            }
        }
        Ok(None)
    }

    fn find_directory(&mut self) -> io::Result<Option<Directory>> {
        let take = self.length.min(TAIL);
        let base = self.length - take;
        let tail = self.bytes(base, take as usize)?.to_vec();
        for place in memchr::memmem::rfind_iter(&tail, END) {
            let Some(end) = tail.get(place..place + 22) else { continue };
            let at = base + place as u64;
            let (size, start) = (u32_at(end, 12), u32_at(end, 16));
            let wide = place.checked_sub(20).map(|before| &tail[before..place]).filter(|l| l.starts_with(LOCATOR_64));
            let (size, start, at) = match wide.map(|locator| self.wide_directory(locator)).transpose()?.flatten() {
                Some(wide) => wide,
                None => (size, start, at),
            };
            // The directory ends where its end begins; what it says of its start tells how much stands before.
            let Some(real) = at.checked_sub(size) else { continue };
            let Some(before) = real.checked_sub(start) else { continue };
            return Ok(Some(Directory { start: real, end: at, before }));
        }
        Ok(None)
    }

    /// Size, start and end of the directory of a large file.
    fn wide_directory(&mut self, locator: &[u8]) -> io::Result<Option<(u64, u64, u64)>> {
        let at = u64_at(locator, 8);
        if at.saturating_add(56) > self.length {
            return Ok(None);
        }
        let end = self.bytes(at, 56)?;
        Ok(end.starts_with(END_64).then(|| (u64_at(end, 40), u64_at(end, 48), at)))
    }

    fn array<const N: usize>(&mut self, at: u64) -> io::Result<[u8; N]> {
        let bytes = self.bytes(at, N)?;
        bytes.first_chunk().copied().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// `length` bytes from `at` on, through the window.
    fn bytes(&mut self, at: u64, length: usize) -> io::Result<&[u8]> {
        let end = at.checked_add(length as u64).filter(|&end| end <= self.length);
        let Some(end) = end else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        if at < self.base || end > self.base + self.window.len() as u64 {
            let take = (self.length - at).min(length.max(WINDOW) as u64) as usize;
            self.window.clear();
            self.window.resize(take, 0);
            self.base = at;
            self.input.seek(SeekFrom::Start(at))?;
            if let Err(error) = self.input.read_exact(&mut self.window) {
                self.window.clear();
                return Err(error);
            }
        }
        let start = (at - self.base) as usize;
        Ok(&self.window[start..start + length])
    }
}

/// What is stored as it is.
struct Stored<R> {
    input: R,
    left: u64,
}

impl<R: Read> Read for Stored<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        if length == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(length as u64);
        Ok(length)
    }
}

/// Sizes of an entry, which stand elsewhere where 32 bits do not hold them.
struct Sizes {
    whole: u64,
    packed: u64,
    head: u64,
}

impl Sizes {
    fn widen(&mut self, mut extra: &[u8]) {
        while extra.len() >= 4 {
            let (kind, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
            let Some(field) = extra.get(4..4 + length) else { return };
            extra = &extra[4 + length..];
            if kind == 1 {
                let wide = [&mut self.whole, &mut self.packed, &mut self.head];
                let wide = wide.into_iter().filter(|value| **value == u64::from(u32::MAX));
                for (value, bytes) in wide.zip(field.chunks_exact(8)) {
                    *value = u64_at(bytes, 0);
                }
            }
        }
    }
}

/// Bit 0 is the old and the usual mark, bit 6 that of "strong" encryption; method 99 is that of WinZip.
fn is_encrypted(flags: u16, method: u16) -> bool {
    flags & 0x41 != 0 || method == 99
}

fn path(name: &[u8]) -> String {
    String::from_utf8_lossy(&name[..name.len().min(MAX_NAME)]).replace('\\', "/")
}

fn damaged_with(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|bytes| bytes.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u64 {
    bytes
        .get(at..at + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, |bytes| u64::from(u32::from_le_bytes(bytes)))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A zip file of stored entries.
    fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, text) in entries {
            let size = (text.len() as u32).to_le_bytes();
            let length = (name.len() as u16).to_le_bytes();
            let head = out.len() as u32;
            let common = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &size, &size, &length, &[0, 0]].concat();
            out.extend([LOCAL, &common, name.as_bytes(), text.as_bytes()].concat());
            directory.extend([ENTRY, &[20, 0], &common, &[0; 10], &head.to_le_bytes(), name.as_bytes()].concat());
        }
        let start = out.len() as u32;
        let count = (entries.len() as u16).to_le_bytes();
        let size = (directory.len() as u32).to_le_bytes();
        out.extend(&directory);
        out.extend([END, &[0; 4], &count, &count, &size, &start.to_le_bytes(), &[0, 0]].concat());
        out
    }

    fn walk(bytes: &[u8], trust: bool) -> Vec<(String, String)> {
        let mut input = Cursor::new(bytes);
        let Ok(mut zip) = Zip::open(&mut input) else { return Vec::new() };
        if !trust {
            zip.distrust();
        }
        let mut found = Vec::new();
        while let Ok(Some(entry)) = zip.next() {
            let mut text = String::new();
            if let Ok(mut body) = zip.body(&entry) {
                let _ = body.read_to_string(&mut text);
            }
            found.push((entry.path, text));
        }
        found
    }

    fn pairs(found: &[(String, String)]) -> Vec<(&str, &str)> {
        found.iter().map(|(path, body)| (path.as_str(), body.as_str())).collect()
    }

    #[test]
    fn reads_by_the_directory_and_without_it() {
        // The same name twice, and a program before it.
        let entries = [("a.txt", "one"), ("dir/b", ""), ("a.txt", "two")];
        let bytes = zip(&entries);
        assert_eq!(pairs(&walk(&bytes, true)), entries);
        assert_eq!(pairs(&walk(&bytes, false)), entries);
        assert_eq!(pairs(&walk(&[b"#!/bin/sh\n", &bytes[..]].concat(), true)), entries);
        assert_eq!(pairs(&walk(&[&bytes[..], b"behind"].concat(), true)), entries);
    }

    #[test]
    fn every_truncation_and_every_wrong_byte_ends() {
        let bytes = zip(&[("a.txt", "one"), ("b.txt", "two")]);
        for length in 0..bytes.len() {
            walk(&bytes[..length], true);
        }
        for at in 0..bytes.len() {
            for wrong in [0, 0xff, bytes[at] ^ 1] {
                let mut bytes = bytes.clone();
                bytes[at] = wrong;
                walk(&bytes, true);
                walk(&bytes, false);
            }
        }
        // Cut behind the second entry, the first ones are still there.
        let cut = memchr::memmem::find(&bytes, ENTRY).expect("a directory");
        assert_eq!(pairs(&walk(&bytes[..cut], true)), [("a.txt", "one"), ("b.txt", "two")]);
    }

    #[test]
    fn large_files_have_their_sizes_elsewhere() {
        let mut sizes = Sizes { whole: 7, packed: u64::from(u32::MAX), head: u64::from(u32::MAX) };
        let field = [&[9, 0, 1, 0, 0][..], &[1, 0, 16, 0], &5u64.to_le_bytes(), &(1u64 << 40).to_le_bytes()].concat();
        sizes.widen(&field);
        assert_eq!((sizes.whole, sizes.packed, sizes.head), (7, 5, 1 << 40));
    }
}
