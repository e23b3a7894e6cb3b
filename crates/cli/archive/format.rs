//! Which archive or compression begins with these bytes.
//! Not here: reading it.

use super::tar;

/// How many bytes tell a format: the head of a tar file is one block.
pub(crate) const HEAD: usize = tar::BLOCK;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// One file or stream, compressed.
    Packed(Packing),
    /// A tape archive.
    Tar,
    /// A zip file, and what is built on it (jar, war, whl, nupkg, vsix, apk, office documents).
    Zip,
    /// One that keylint does not read.
    Foreign(&'static str),
}

/// A compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// RFC 1952.
    Gzip,
    /// <https://tukaani.org/xz/xz-file-format.txt>.
    Xz,
    /// RFC 8878.
    Zstd,
    /// <https://sourceware.org/bzip2/>: blocks of up to 900 kB.
    Bzip2,
}

/// First bytes, and what they stand for.
const MARKS: &[(&[u8], Format)] = &[
    (b"\x1f\x8b\x08", Format::Packed(Packing::Gzip)),
    (b"\xfd7zXZ\0", Format::Packed(Packing::Xz)),
    (b"\x28\xb5\x2f\xfd", Format::Packed(Packing::Zstd)),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"BZh", Format::Packed(Packing::Bzip2)),
    (b"7z\xbc\xaf\x27\x1c", Format::Foreign("a 7z archive, which keylint does not read")),
    (b"Rar!\x1a\x07", Format::Foreign("a rar archive, which keylint does not read")),
];

/// Extensions of zip files that may begin with a script that starts them.
const SELF_STARTING: &[&str] = &["jar", "war", "pyz", "pex", "zip"];

impl Format {
    /// The format of the file `name` that begins with `head`, if it is an archive.
    pub(crate) fn of(name: &str, head: &[u8]) -> Option<Format> {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is = |known: &&str| extension.eq_ignore_ascii_case(known);
        if let Some(&(mark, format)) = MARKS.iter().find(|(mark, _)| head.starts_with(mark)) {
            // `BZh` is followed by a digit; a text may begin with these letters.
            let bzip2 = mark != b"BZh" || head.get(3).is_some_and(u8::is_ascii_digit) && head.get(4..6) == Some(b"1A");
            return bzip2.then_some(format);
        }
        // An old tar file has no mark, but its head has a checksum.
        if tar::is_header(head) && (head.get(257..262) == Some(b"ustar") || is(&"tar")) {
            return Some(Format::Tar);
        }
        (head.starts_with(b"#!") && SELF_STARTING.iter().any(is)).then_some(Format::Zip)
    }
}

/// What the file `name` is called once it is unpacked.
pub(crate) fn unpacked_name(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, extension))
            if !stem.is_empty()
                && ["gz", "xz", "zst", "bz2", "z"].iter().any(|known| extension.eq_ignore_ascii_case(known)) =>
        {
            stem
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_formats_by_their_first_bytes() {
        let check = |name: &str, head: &[u8], want| assert_eq!(Format::of(name, head), want);
        check("a", b"\x1f\x8b\x08\0", Some(Format::Packed(Packing::Gzip)));
        check("a.txt", b"PK\x03\x04rest", Some(Format::Zip));
        check("a.jar", b"#!/bin/sh\n", Some(Format::Zip));
        check("a.sh", b"#!/bin/sh\n", None);
        check("a.zip", b"text", None);
        check("a.md", b"BZh is a mark", None);
        check("a.bz2", b"BZh91AY&SY", Some(Format::Packed(Packing::Bzip2)));
        check("a", b"", None);
        check("a.tar", &[0; 512], None);
    }

    #[test]
    fn names_lose_their_packing() {
        let check = |name: &str, want: &str| assert_eq!(unpacked_name(name), want);
        check("dir/config.yaml.gz", "config.yaml");
        check("a.zip!/b.sql.XZ", "b.sql");
        check("a.tar.bz2", "a.tar");
        check(".gz", ".gz");
        check("blob", "blob");
    }
}
