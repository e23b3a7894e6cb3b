//! Makes archives, office documents and container images for tests.
//! Not here: the tests. The formats are written by hand, so that wrong ones can be too.

use std::io::Write;

use flate2::{
    Compression, Crc,
    write::{DeflateEncoder, GzEncoder},
};

/// A gzip file.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// A bzip2 file.
pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// A zstd file.
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// An xz file of one block, stored, of up to 64 KiB: <https://tukaani.org/xz/xz-file-format.txt>.
pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        let mut crc = Crc::new();
        crc.update(bytes);
        crc.sum().to_le_bytes()
    };
    let summed = |bytes: &[u8]| [bytes, &crc(bytes)].concat();
    let padded = |mut bytes: Vec<u8>| {
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    };
    let number = |mut value: usize| {
        let mut out = Vec::new();
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
        out
    };
    let head = summed(&[2, 0, 0x21, 1, 0, 0, 0, 0]);
    let size = (bytes.len() as u16 - 1).to_be_bytes();
    let data = [&[1][..], &size, bytes, &[0]].concat();
    let sizes = [number(head.len() + data.len()), number(bytes.len())].concat();
    let index = summed(&padded([&[0, 1][..], &sizes].concat()));
    let back = (index.len() as u32 / 4 - 1).to_le_bytes();
    let tail = [&back[..], &[0, 0]].concat();
    let foot = [&crc(&tail)[..], &tail, b"YZ"].concat();
    [&b"\xfd7zXZ\0"[..], &summed(&[0, 0])[..], &head, &padded(data), &index, &foot].concat()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// A tar file of these files: paths and contents. A path with `->` in it is a symbolic link.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (path, bytes) in files {
        let (path, target) = path.split_once("->").unwrap_or((path, ""));
        let mut header = [0; 512];
        header[..path.len()].copy_from_slice(path.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        header[156] = match (path.ends_with('/'), target) {
            (true, _) => b'5',
            (false, "") => b'0',
            (false, _) => b'2',
        };
        header[157..157 + target.len()].copy_from_slice(target.as_bytes());
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&header);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// A zip file of these files, compressed.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, 0)
}

/// A zip file whose members have these flags; 1 says that they are encrypted.
pub(crate) fn zip_with(files: &[(&str, &[u8])], flags: u8) -> Vec<u8> {
    zip_packed(files, flags, 8, deflate)
}

/// A zip file whose members are packed by `pack`, which has this number in the format.
pub(crate) fn zip_packed(files: &[(&str, &[u8])], flags: u8, method: u8, pack: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (path, bytes) in files {
        let packed = pack(bytes);
        let mut crc = Crc::new();
        crc.update(bytes);
        let head = out.len() as u32;
        let common = [
            &[20, 0, flags, 0, method, 0, 0, 0, 0, 0][..],
            &crc.sum().to_le_bytes(),
            &(packed.len() as u32).to_le_bytes(),
            &(bytes.len() as u32).to_le_bytes(),
            &(path.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        out.extend([&b"PK\x03\x04"[..], &common, path.as_bytes(), &packed].concat());
        directory.extend(
            [&b"PK\x01\x02"[..], &[20, 0], &common[..], &[0; 10], &head.to_le_bytes(), path.as_bytes()].concat(),
        );
    }
    let (start, count) = (out.len() as u32, (files.len() as u16).to_le_bytes());
    out.extend_from_slice(&directory);
    let size = (directory.len() as u32).to_le_bytes();
    out.extend([&b"PK\x05\x06"[..], &[0; 4], &count, &count, &size, &start.to_le_bytes(), &[0, 0]].concat());
    out
}

/// A workbook with one sheet of these rows; texts are shared strings, as spreadsheet programs write them.
pub(crate) fn xlsx(sheet: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut strings = String::new();
    let mut body = String::new();
    let mut count = 0;
    for (number, cells) in rows.iter().enumerate() {
        body += &format!("<row r=\"{}\">", number + 1);
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let letter = char::from(b'A' + column as u8);
            body += &format!("<c r=\"{letter}{}\" t=\"s\"><v>{count}</v></c>", number + 1);
            strings += &format!("<si><t>{text}</t></si>");
            count += 1;
        }
        body += "</row>";
    }
    let book = format!("<workbook><sheets><sheet name=\"{sheet}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
    let links = "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{body}</sheetData></worksheet>").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>").as_bytes()),
    ])
}
