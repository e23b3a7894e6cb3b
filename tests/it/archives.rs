//! What is in archives and office documents.
//! Not here: container images (`images.rs`).

use crate::{
    pack::{bzip2, gzip, tar, xlsx, xz, zip, zip_packed, zip_with, zstd},
    sandbox::{Ran, Sandbox, token},
};

fn leak(seed: u64) -> String {
    format!("token = \"{}\"\n", token(seed))
}

/// A password that nobody would take for an example.
fn password(seed: u64) -> String {
    let token = token(seed);
    format!("{}!{}", &token[8..14], &token[20..26])
}

#[track_caller]
fn scan(name: &str, bytes: &[u8]) -> Ran {
    let sandbox = Sandbox::new(&[]);
    sandbox.write(name, bytes);
    sandbox.keylint(&["--archives", "--format", "concise"])
}

#[test]
fn archives_are_binary_unless_asked_for() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.tar", &tar(&[("a.txt", b"clean")]));
    sandbox.write("a.zip", &zip(&[("a.txt", leak(1).as_bytes())]));
    sandbox.keylint(&[]).code(0);
    sandbox.keylint(&["--archives"]).code(1).says(&["a.zip!/a.txt:1:10"]).hides(&[&token(1)]);
    sandbox.keylint(&["check", "--archives", "a.zip"]).code(1);
    let json = sandbox.keylint(&["--archives", "--format", "json"]).code(1);
    json.says(&["\"origin\":\"archive\"", "\"path\":\"a.zip!/a.txt\""]);
    sandbox.keylint(&["--archives", "--format", "sarif"]).code(1).says(&["a.zip!/a.txt"]);
}

#[test]
fn every_format_and_one_inside_the_other() {
    let leak = leak(1);
    let text = leak.as_bytes();
    let jar = zip(&[("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n"), ("app/config.properties", text)]);
    scan("a.jar", &jar).code(1).says(&["a.jar!/app/config.properties:1:10"]);
    scan("a.tar", &tar(&[("./etc/app.conf", text)])).code(1).says(&["a.tar!/etc/app.conf:1:10"]);
    scan("config.yaml.gz", &gzip(text)).code(1).says(&["config.yaml.gz!/config.yaml:1:10"]);
    scan("a.tgz", &gzip(&tar(&[("a.txt", text)]))).code(1).says(&["a.tgz!/a.txt:1:10"]);
    let nested = gzip(&tar(&[("lib/app.war", &zip(&[("WEB-INF/lib/a.jar", &jar)]))]));
    let path = "release.tar.gz!/lib/app.war!/WEB-INF/lib/a.jar!/app/config.properties:1:10";
    scan("release.tar.gz", &nested).code(1).says(&[path]);
    scan("a.sql.zst", &zstd(text)).code(1).says(&["a.sql.zst!/a.sql:1:10"]);
    scan("a.tar.xz", &xz(&tar(&[("a.txt", text)]))).code(1).says(&["a.tar.xz!/a.txt:1:10"]);
    scan("a.tar.bz2", &bzip2(&tar(&[("a.txt", text)]))).code(1).says(&["a.tar.bz2!/a.txt:1:10"]);
    scan("b.zip", &zip_packed(&[("b.txt", text)], 0, 12, bzip2)).code(1).says(&["b.zip!/b.txt:1:10"]);
    let layer = zstd(&tar(&[("b.txt.xz", &xz(text))]));
    scan("a.tar.zst", &layer).code(1).says(&["a.tar.zst!/b.txt.xz!/b.txt:1:10"]);
    scan("a.tar.xz", &xz(&tar(&[("a.tar.zst", &layer)]))).code(3).says(&["needs much memory"]);
    // The name does not matter.
    scan("blob", &nested).code(1).says(&["blob!/lib/app.war!/WEB-INF"]);
    // A program that unpacks itself, and one that starts itself.
    scan("a.pyz", &[b"#!/usr/bin/env python3\n", &zip(&[("a.py", text)])[..]].concat()).code(1).says(&["a.pyz!/a.py"]);
}

#[test]
fn members_of_one_name_are_kept_apart() {
    let (one, two) = (leak(1), leak(2));
    let ran = scan("a.zip", &zip(&[("a.txt", one.as_bytes()), ("a.txt", two.as_bytes())]));
    ran.code(1).says(&["a.zip!/a.txt:1:10", "a.zip!/a.txt#2:1:10"]);
}

#[test]
fn standard_input_and_the_index() {
    let archive = zip(&[("a.txt", leak(1).as_bytes())]);
    let sandbox = Sandbox::repository(&[]);
    sandbox.keylint_with(&["--archives", "-"], &archive).code(1).says(&["<stdin>!/a.txt:1:10"]);
    sandbox.keylint_with(&["-"], &archive).code(0);
    sandbox.write("a.zip", &archive);
    sandbox.git(&["add", "."]);
    sandbox.keylint(&["--staged", "--archives"]).code(1).says(&["a.zip!/a.txt:1:10"]);
    sandbox.keylint(&["git", "--archives"]).code(2).warns(&["does not look into commits"]);
}

#[test]
fn configuration_speaks_of_members() {
    let sandbox = Sandbox::new(&[("keylint.toml", "exclude = [\"**/vendor/**\", \"b.zip\"]")]);
    sandbox.write("a.zip", &zip(&[("vendor/a.txt", leak(1).as_bytes()), ("src/a.txt", leak(2).as_bytes())]));
    sandbox.write("b.zip", &zip(&[("a.txt", leak(3).as_bytes())]));
    let ran = sandbox.keylint(&["--archives", "--format", "json"]).code(1);
    assert_eq!(ran.paths(), ["a.zip!/src/a.txt"]);
}

#[test]
fn bombs_stop() {
    let zeros = vec![0x20; 64 << 20];
    let bomb = zip(&[("1", &zeros), ("2", &zeros), ("3", &zeros)]);
    let said = "200 times its size";
    scan("a.zip", &bomb).code(3).says(&["a.zip", said]);
    scan("a.gz", &gzip(&[&zeros[..], &zeros].concat())).code(3).says(&["a.gz", said]);
    scan("a.bz2", &bzip2(&[&zeros[..], &zeros].concat())).code(3).says(&["a.bz2", said]);
    let many: Vec<(String, &[u8])> = (0..20).map(|n| (format!("{n}.zip"), &bomb[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    scan("nested.zip", &zip(&many)).code(3).says(&["nested.zip", said]);
    // What stands before the bomb is found.
    let mixed = zip(&[("a.txt", leak(1).as_bytes()), ("1", &zeros), ("2", &zeros)]);
    scan("a.zip", &mixed).code(1).says(&["a.zip!/a.txt:1:10", said]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_bomb_takes_little_memory() {
    let sandbox = Sandbox::new(&[]);
    // 1 GiB of spaces in one line, allowed for by what cannot be compressed beside it.
    let spaces = vec![b' '; 256 << 20];
    let mut state = 1u32;
    let noise = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let noise: Vec<u8> = (0..6 << 20).map(noise).collect();
    sandbox.write("a.tgz", &gzip(&tar(&[("noise", &noise), ("1", &spaces), ("2", &spaces), ("3", &spaces)])));
    let script = format!("ulimit -v 1500000; exec '{}' --archives -j2", env!("CARGO_BIN_EXE_keylint"));
    let status = std::process::Command::new("sh").args(["-c", &script]).current_dir(sandbox.path("")).output();
    assert_eq!(status.expect("a shell").status.code(), Some(0));
}

#[test]
fn depth_is_bounded() {
    let mut bytes = zip(&[("a.txt", leak(1).as_bytes())]);
    for _ in 0..12 {
        bytes = zip(&[("a.zip", &bytes)]);
    }
    scan("a.zip", &bytes).code(3).says(&["nested deeper than 8 archives"]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let leak = leak(1);
    let both: [(&str, &[u8]); 2] = [("a.txt", leak.as_bytes()), ("b.txt", b"clean")];
    scan("a.zip", &zip_with(&both, 1)).code(3).says(&["a.zip!/a.txt", "encrypted"]);
    scan("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04").code(0);
    // Cut off: what comes before is found, and the hole is said.
    let tar = tar(&[("a.txt", leak.as_bytes()), ("b.txt", &[b'x'; 5000])]);
    scan("a.tar", &tar[..2000]).code(1).says(&["a.tar!/a.txt:1:10", "a.tar!/b.txt", "unexpected end"]);
    let packed = gzip(&tar);
    scan("a.tgz", &packed[..packed.len() - 12]).code(1).says(&["a.tgz!/a.txt:1:10"]);
    let archive = zip(&both);
    let cut = archive.len() - 40;
    scan("a.zip", &archive[..cut]).code(1).says(&["a.zip!/a.txt:1:10", "its directory is missing"]);
    // One bad member does not hide the others, one bad archive not the others.
    let mut bad = zip(&[("bad", &[b'y'; 4000]), ("a.txt", leak.as_bytes())]);
    bad[33..40].fill(0xff);
    scan("a.zip", &bad).code(1).says(&["a.zip!/a.txt:1:10", "a.zip!/bad"]);
}

#[test]
fn names_cannot_act() {
    let ran = scan("a.zip", &zip(&[("../\u{1b}[31m\n::error::\u{202e}x", leak(1).as_bytes())]));
    ran.code(1).hides(&["\u{1b}", "\n::error", "\u{202e}"]);
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.tar", &tar(&[("/etc/../../evil.txt", leak(1).as_bytes())]));
    sandbox.keylint(&["--archives"]).code(1).says(&["a.tar!/etc/../../evil.txt"]);
    assert!(!sandbox.path("../evil.txt").exists() && !sandbox.path("evil.txt").exists());
}

#[test]
fn spreadsheet_headers_name_the_values() {
    let (one, two, three) = (password(1), password(2), password(3));
    let rows: &[&[&str]] = &[
        &["Accounts of the team"],
        &[],
        &["System", "Login", "Password", "Remark"],
        &["mail", "ann", &one, "x"],
        &["wiki", "bob", "", ""],
        &["shop", "eve", &two, ""],
        &[],
        &["DB password", &three],
    ];
    let ran = scan("book.xlsx", &xlsx("Team &amp; co", rows)).code(1);
    let ran = ran.says(&["book.xlsx!/Team & co:4:10", "book.xlsx!/Team & co:6:10", "book.xlsx!/Team & co:8:13"]);
    ran.hides(&[&one, &two, &three]);
    // In another archive, and not a word of it where it is a template.
    let book = xlsx("S", &[&["User", "Password"], &["a", "changeme"], &["b", "<your password>"]]);
    scan("a.zip", &zip(&[("book.xlsx", &book)])).code(0);
}

#[test]
fn opendocument_sheets() {
    let secret = password(4);
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: &[&str]| {
        let cells: String = cells.iter().map(|text| cell(text)).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Hosts\">{}{}{}</table:table>\
         </office:spreadsheet></office:body></office:document-content>",
        row(&["Host", "Password"]),
        "<table:table-row table:number-rows-repeated=\"5\"><table:table-cell/></table:table-row>",
        row(&["db1", &secret]),
    );
    let mimetype: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let ran = scan("book.ods", &zip(&[("mimetype", mimetype), ("content.xml", content.as_bytes())]));
    ran.code(1).says(&["book.ods!/Hosts:7:5"]).hides(&[&secret]);
}

#[test]
fn text_documents() {
    let (secret, token) = (password(5), token(6));
    // A word processor splits a line wherever its look changes.
    let (head, tail) = token.split_at(9);
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let cell = |text: &str| format!("<w:tc><w:p>{}</w:p></w:tc>", run(text));
    let table = format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        cell("User"),
        cell("Password"),
        cell("root"),
        cell(&secret)
    );
    let body = format!(
        "<w:document><w:body><w:p>{}{}{}</w:p>{table}</w:body></w:document>",
        run("use "),
        run(head),
        run(tail)
    );
    let ran = scan("a.docx", &zip(&[("word/document.xml", body.as_bytes()), ("docProps/core.xml", b"<x/>")])).code(1);
    ran.says(&["a.docx!/word/document.xml:1:5", "a.docx!/word/document.xml:3:6"]).hides(&[&secret, &token]);

    let slide = format!("<p:sld><a:p><a:r><a:t>token: {token}</a:t></a:r></a:p></p:sld>");
    let deck = zip(&[("ppt/presentation.xml", b"<p/>"), ("ppt/slides/slide1.xml", slide.as_bytes())]);
    scan("a.pptx", &deck).code(1).says(&["a.pptx!/ppt/slides/slide1.xml:1:8"]);
}

#[test]
fn damage_of_every_kind_is_survived() {
    let book = xlsx("S", &[&["User", "Password"], &["a", "b"]]);
    let inner = zip(&[("a.txt", leak(1).as_bytes()), ("b.xlsx", &book)]);
    let whole = [gzip(&tar(&[("a.zip", &inner), ("c.txt", b"text")])), inner.clone(), tar(&[("a.zip", &inner)]), book];
    let mut state = 7u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let sandbox = Sandbox::new(&[]);
    for round in 0..200 {
        let mut bytes = whole[round % whole.len()].clone();
        if round % 3 > 0 {
            bytes.truncate(random(bytes.len()));
        }
        if round % 3 < 2 && !bytes.is_empty() {
            (0..1 + random(8)).for_each(|_| {
                let at = random(bytes.len());
                bytes[at] = random(256) as u8;
            });
        }
        sandbox.write(&format!("{round}.bin"), &bytes);
    }
    let ran = sandbox.keylint(&["--archives"]);
    assert!(matches!(ran.code, Some(1 | 3)), "{ran:#?}");
    ran.hides(&["keylint itself failed"]);
}
