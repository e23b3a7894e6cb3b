//! Walks the entries of a tar stream (ustar, GNU, pax, and what came before) in bounded memory, and goes on behind
//! damage. Not here: what is done with the entries; nothing is ever unpacked to a disk.
//!
//! The formats: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html>,
//! <https://www.gnu.org/software/tar/manual/html_node/Standard.html>.

use std::io::{self, Read};

use super::{damaged, limits::MAX_NAME};
use crate::read::piece;

/// Everything in a tar file is a multiple of this.
pub(crate) const BLOCK: usize = 512;
/// How much of an extended header is read: names, and attributes that nobody asks for.
const MAX_EXTENDED: u64 = 1 << 20;
/// How much is read at a time of what is passed over.
const SKIP: usize = 64 << 10;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// A file with content.
    File,
    /// A hard or symbolic link.
    Link,
    /// A folder, a device or something else without content.
    Other,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// `/`-separated, as written; bytes that are not UTF-8 became replacement characters.
    pub(crate) path: String,
    /// What it is.
    pub(crate) kind: Type,
    /// Where a link points.
    pub(crate) target: String,
}

/// A tar stream.
pub(crate) struct Tar<'r> {
    input: &'r mut dyn Read,
    /// Content of the entry that was not read yet.
    body: u64,
    /// What fills its last block.
    padding: u64,
    /// Whether damage has been said since the last good header.
    lost: bool,
}

impl<'r> Tar<'r> {
    /// The entries in `input`.
    pub(crate) fn new(input: &'r mut dyn Read) -> Tar<'r> {
        Tar { input, body: 0, padding: 0, lost: false }
    }

    /// The next entry. After an error of the kind `InvalidData` it may be called again, and looks for the next header.
    pub(crate) fn next(&mut self) -> io::Result<Option<Entry>> {
        let mut extended = Extended::default();
        loop {
            let Some(header) = self.header()? else { return Ok(None) };
            let size = number(&header[124..136]).ok_or_else(|| damaged("a size is damaged"))?;
            let flag = header[156];
            self.sized(if matches!(flag, b'1'..=b'6') { 0 } else { size });
            match flag {
                b'L' => extended.path = Some(name(&self.extension()?)),
                b'K' => extended.target = Some(name(&self.extension()?)),
                b'x' => extended.read(&self.extension()?),
                b'g' | b'V' | b'N' => {}
                _ => return self.entry(&header, flag, extended).map(Some),
            }
        }
    }

    /// The content of the entry that was given last.
    pub(crate) fn body(&mut self) -> Body<'_, 'r> {
        Body(self)
    }

    fn entry(&mut self, header: &[u8; BLOCK], flag: u8, extended: Extended) -> io::Result<Entry> {
        if flag == b'S' && header[482] != 0 {
            self.pass_sparse_maps()?;
        }
        let path = extended.path.unwrap_or_else(|| own_path(header));
        let kind = match flag {
            b'1' | b'2' => Type::Link,
            b'3'..=b'6' => Type::Other,
            // Before there was a type for folders, a slash told them.
            0 if path.ends_with('/') => Type::Other,
            _ => Type::File,
        };
        if let (Some(size), Type::File) = (extended.size, kind) {
            self.sized(size);
        }
        let target = extended.target.unwrap_or_else(|| name(&header[157..257]));
        Ok(Entry { path, kind, target })
    }

    /// The next header; the end of the stream is the end, with blocks of zeros before it or without.
    fn header(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        self.pass()?;
        loop {
            let mut block = [0; BLOCK];
            match piece(self.input, &mut block)? {
                0 => return Ok(None),
                BLOCK => {}
                _ => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
            if is_header(&block) {
                self.lost = false;
                return Ok(Some(block));
            }
            if !self.lost && block != [0; BLOCK] {
                self.lost = true;
                return Err(damaged("a header is damaged; entries may be missing"));
            }
        }
    }

    fn sized(&mut self, size: u64) {
        self.body = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    /// What an extended header holds.
    fn extension(&mut self) -> io::Result<Vec<u8>> {
        if self.body > MAX_EXTENDED {
            return Err(damaged("an extended header is too long"));
        }
        let length = self.body as usize;
        let mut bytes = vec![0; length];
        if piece(&mut self.body(), &mut bytes)? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }

    /// A sparse file of GNU's: blocks that say where its parts belong stand before them.
    fn pass_sparse_maps(&mut self) -> io::Result<()> {
        loop {
            let mut block = [0; BLOCK];
            if piece(self.input, &mut block)? < BLOCK {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if block[504] == 0 {
                return Ok(());
            }
        }
    }

    /// Passes over what is left of the entry.
    fn pass(&mut self) -> io::Result<()> {
        let mut left = self.body.saturating_add(self.padding);
        (self.body, self.padding) = (0, 0);
        let mut buffer = [0; SKIP];
        while left > 0 {
            let take = left.min(SKIP as u64) as usize;
            if piece(self.input, &mut buffer[..take])? < take {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left -= take as u64;
        }
        Ok(())
    }
}

/// The content of an entry.
pub(crate) struct Body<'t, 'r>(&'t mut Tar<'r>);

impl Read for Body<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let take = self.0.body.min(buffer.len() as u64) as usize;
        if take == 0 {
            return Ok(0);
        }
        let length = self.0.input.read(&mut buffer[..take])?;
        if length == 0 {
            // What is missing is said once, here.
            (self.0.body, self.0.padding) = (0, 0);
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.0.body -= length as u64;
        Ok(length)
    }
}

/// What extended headers say of the next entry.
#[derive(Default)]
struct Extended {
    path: Option<String>,
    target: Option<String>,
    size: Option<u64>,
}

impl Extended {
    /// Reads `LENGTH KEY=VALUE\n` again and again; stops where it is not so.
    fn read(&mut self, mut text: &[u8]) {
        while let Some(blank) = memchr::memchr(b' ', text) {
            let length = std::str::from_utf8(&text[..blank]).ok().and_then(|digits| digits.parse::<usize>().ok());
            let Some(record) = length.and_then(|length| text.get(blank + 1..length)) else { return };
            text = &text[blank + 1 + record.len()..];
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            let Some(equals) = memchr::memchr(b'=', record) else { return };
            let value = &record[equals + 1..];
            match &record[..equals] {
                b"path" => self.path = Some(name(value)),
                b"linkpath" => self.target = Some(name(value)),
                b"size" => self.size = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok()),
                _ => {}
            }
        }
    }
}

/// Whether a block is the head of an entry: its checksum holds.
pub(crate) fn is_header(block: &[u8]) -> bool {
    let Some(block) = block.first_chunk::<BLOCK>() else { return false };
    let Some(want) = number(&block[148..156]) else { return false };
    let bytes = block.iter().enumerate().map(|(at, &byte)| if (148..156).contains(&at) { b' ' } else { byte });
    // Some old programs took bytes for signed.
    let (plain, signed) = bytes
        .fold((0u64, 0i64), |(plain, signed), byte| (plain + u64::from(byte), signed + i64::from(byte.cast_signed())));
    want == plain || i64::try_from(want) == Ok(signed)
}

/// A number in octal digits, or in binary where the first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let (high, low) = field.split_at(field.len() - 8);
        let negative = field[0] & 0x40 != 0;
        let fits = high.iter().enumerate().all(|(at, &byte)| byte == if at == 0 { 0x80 } else { 0 });
        let value = low.iter().fold(0, |value, &byte| value << 8 | u64::from(byte));
        return (fits && !negative && value <= i64::MAX as u64).then_some(value);
    }
    let text = field.split(|&byte| byte == 0).next().unwrap_or_default().trim_ascii();
    text.iter().try_fold(0u64, |value, &byte| match byte {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

fn own_path(header: &[u8; BLOCK]) -> String {
    let path = name(&header[..100]);
    // GNU's own format keeps times where ustar has the front of a long path.
    let ustar = &header[257..263] == b"ustar\0";
    if ustar && header[345] != 0 { format!("{}/{path}", name(&header[345..500])) } else { path }
}

/// A name, up to its zero byte.
fn name(field: &[u8]) -> String {
    let text = field.split(|&byte| byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(&text[..text.len().min(MAX_NAME)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, flag: u8, body: &[u8]) -> Vec<u8> {
        let mut header = [0; BLOCK];
        header[..path.len()].copy_from_slice(path.as_bytes());
        header[124..136].copy_from_slice(format!("{:011o}\0", body.len()).as_bytes());
        header[156] = flag;
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].fill(b' ');
        let sum: u64 = header.iter().map(|&byte| u64::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let mut bytes = [&header, body].concat();
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        bytes
    }

    fn walk(mut bytes: &[u8]) -> (Vec<(String, String)>, Vec<String>) {
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        let mut tar = Tar::new(&mut bytes);
        loop {
            match tar.next() {
                Ok(None) => return (found, errors),
                Ok(Some(entry)) => {
                    let mut body = String::new();
                    if let Err(error) = tar.body().read_to_string(&mut body) {
                        errors.push(error.to_string());
                    }
                    found.push((entry.path, body));
                }
                Err(error) => {
                    errors.push(error.to_string());
                    if error.kind() != io::ErrorKind::InvalidData {
                        return (found, errors);
                    }
                }
            }
        }
    }

    fn pairs(found: &[(String, String)]) -> Vec<(&str, &str)> {
        found.iter().map(|(path, body)| (path.as_str(), body.as_str())).collect()
    }

    #[test]
    fn reads_names_of_every_kind() {
        let long = "d/".repeat(80);
        let record = format!(" path={long}pax\n");
        let length = record.len() + 3;
        let tar = [
            entry("a", b'0', b"one"),
            entry("folder/", b'5', b""),
            entry("@LongLink", b'L', format!("{long}gnu\0").as_bytes()),
            entry("short", b'0', b"two"),
            entry("head", b'x', format!("{length}{record}").as_bytes()),
            entry("short", b'0', &[b'x'; 700]),
            vec![0; 2 * BLOCK],
        ]
        .concat();
        let (found, errors) = walk(&tar);
        assert!(errors.is_empty(), "{errors:?}");
        let (gnu, pax) = (format!("{long}gnu"), format!("{long}pax"));
        assert_eq!(pairs(&found), [("a", "one"), ("folder/", ""), (&gnu, "two"), (&pax, &"x".repeat(700))]);
    }

    #[test]
    fn goes_on_behind_damage_and_says_so() {
        let mut tar = [entry("a", b'0', b"one"), entry("b", b'0', b"two"), entry("c", b'0', b"three")].concat();
        tar[2 * BLOCK] = b'x';
        let (found, errors) = walk(&tar);
        assert_eq!(pairs(&found), [("a", "one"), ("c", "three")]);
        assert_eq!(errors.len(), 1);
        // Two archives one behind the other.
        let (found, errors) = walk(&[entry("a", b'0', b"1"), vec![0; 4 * BLOCK], entry("b", b'0', b"2")].concat());
        assert_eq!((found.len(), errors.len()), (2, 0));
    }

    #[test]
    fn every_truncation_ends() {
        let tar = [entry("a", b'0', b"one"), entry("l", b'L', b"name"), entry("b", b'0', &[b'y'; 1000])].concat();
        for length in 0..tar.len() {
            walk(&tar[..length]);
        }
        assert_eq!(walk(&tar[..BLOCK + 1]).1, ["unexpected end of file"]);
    }

    #[test]
    fn numbers_are_octal_or_binary() {
        let check = |field: &[u8], want| assert_eq!(number(field), want);
        check(b"00000000017\0", Some(15));
        check(b"     17 \0\0\0\0", Some(15));
        check(b"\x80\0\0\0\0\0\0\0\0\0\x01\0", Some(256));
        check(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", None);
        check(b"99999999999\0", None);
        check(b"\0\0\0\0\0\0\0\0", Some(0));
    }
}
