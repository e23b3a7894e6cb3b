//! What goes into the engine: a path and the stored bytes. Not a file: nothing here reads one.

/// A text to scan, as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// `/`-separated, relative to the root of the scan; only its shape matters (file name, folders).
    pub path: &'a str,
    /// The stored bytes, in any encoding, below 4 GiB.
    pub text: &'a [u8],
}

impl<'a> Document<'a> {
    /// A document of this path and text.
    pub fn new(path: &'a str, text: &'a [u8]) -> Document<'a> {
        Document { path, text }
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// What follows the last dot of the file name, as written; empty without one.
    pub fn extension(&self) -> &'a str {
        self.file_name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

/// How the stored bytes spell characters. Everything that is not UTF-16 or UTF-32 is treated as ASCII-compatible bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, ASCII, Latin-1 and other ASCII-compatible encodings: scanned as they are.
    #[default]
    Utf8,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// UTF-32, little endian.
    Utf32Le,
    /// UTF-32, big endian.
    Utf32Be,
}

/// Where a zero byte tells a binary file, as git and grep do it.
const BINARY: usize = 8 << 10;
/// A pointer file is at most this long: <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>.
const LFS_LENGTH: usize = 1024;
const LFS_START: &[u8] = b"version https://git-lfs.github.com/spec/";

/// Why these bytes, or the first of many, are no text to scan, if so.
pub fn not_text(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(BINARY)];
    if memchr::memchr(0, head).is_some() && Encoding::detect(bytes) == Encoding::Utf8 {
        return Some("binary");
    }
    (bytes.len() <= LFS_LENGTH && bytes.starts_with(LFS_START)).then_some("LFS pointer")
}

/// How many bytes are looked at to tell UTF-16 without a byte-order mark: enough for a line or two.
const SNIFF: usize = 512;

impl Encoding {
    /// The encoding of `text`, from its byte-order mark, else from where its zero bytes stand.
    pub fn detect(text: &[u8]) -> Encoding {
        match text {
            [0xff, 0xfe, 0, 0, ..] => Encoding::Utf32Le,
            [0, 0, 0xfe, 0xff, ..] => Encoding::Utf32Be,
            [0xff, 0xfe, ..] => Encoding::Utf16Le,
            [0xfe, 0xff, ..] => Encoding::Utf16Be,
            _ => Encoding::without_mark(&text[..text.len().min(SNIFF)]),
        }
    }

    /// The byte-order mark that a text in this encoding may begin with.
    pub fn byte_order_mark(self) -> &'static [u8] {
        match self {
            Encoding::Utf8 => &[0xef, 0xbb, 0xbf],
            Encoding::Utf16Le => &[0xff, 0xfe],
            Encoding::Utf16Be => &[0xfe, 0xff],
            Encoding::Utf32Le => &[0xff, 0xfe, 0, 0],
            Encoding::Utf32Be => &[0, 0, 0xfe, 0xff],
        }
    }

    /// Length of the byte-order mark that `text` begins with; 0 without one.
    pub fn mark(self, text: &[u8]) -> usize {
        let mark = self.byte_order_mark();
        if text.starts_with(mark) { mark.len() } else { 0 }
    }

    /// Bytes per code unit.
    pub fn unit(self) -> usize {
        match self {
            Encoding::Utf8 => 1,
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
            Encoding::Utf32Le | Encoding::Utf32Be => 4,
        }
    }

    /// ASCII text in UTF-16 has a zero in every second byte, in UTF-32 in three of four; nine in ten must fit,
    /// so that a few characters outside ASCII do not hide the rest and a binary file is not taken for text.
    fn without_mark(head: &[u8]) -> Encoding {
        if memchr::memchr(0, head).is_none() || head.len() < 8 {
            return Encoding::Utf8;
        }
        let fits = |unit: usize, place: usize| {
            let units = head.chunks_exact(unit);
            let total = units.len();
            let ascii = units
                .filter(|u| {
                    let text = u[place];
                    (text == b'\t' || text == b'\n' || text == b'\r' || (0x20..0x7f).contains(&text))
                        && u.iter().enumerate().all(|(i, &b)| i == place || b == 0)
                })
                .count();
            ascii * 10 >= total * 9
        };
        [(4, 0, Encoding::Utf32Le), (4, 3, Encoding::Utf32Be), (2, 0, Encoding::Utf16Le), (2, 1, Encoding::Utf16Be)]
            .into_iter()
            .find(|&(unit, place, _)| fits(unit, place))
            .map_or(Encoding::Utf8, |(_, _, encoding)| encoding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_text_from_the_rest() {
        let check = |bytes: &[u8], want| assert_eq!(not_text(bytes), want);
        check(b"plain", None);
        check(b"", None);
        check(b"\x7fELF\0\x01", Some("binary"));
        check(b"\xff\xfea\0b\0", None);
        check(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", Some("LFS pointer"));
        let mut late = vec![b'a'; BINARY];
        late.push(0);
        check(&late, None);
    }
}
