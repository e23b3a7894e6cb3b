//! Which files are scanned, and what is said of the others.
//! Not here: git's index (`git.rs`).

use std::fs;

use crate::sandbox::{Sandbox, token};

/// A line that leaks.
fn leak(seed: u64) -> String {
    format!("token = \"{}\"\n", token(seed))
}

#[test]
fn exit_codes() {
    let sandbox = Sandbox::new(&[("clean.txt", "nothing\n"), ("leaky.txt", &leak(1))]);
    sandbox.keylint(&["clean.txt"]).code(0);
    sandbox.keylint(&["leaky.txt"]).code(1).says(&["leaky.txt:1:10", "1 finding"]).hides(&[&token(1)]);
    sandbox.keylint(&["check", "leaky.txt"]).code(1);
    sandbox.keylint(&["--exit-zero", "leaky.txt"]).code(0).says(&["1 finding"]);
    sandbox.keylint(&["--fail-on", "never", "leaky.txt"]).code(0);
    sandbox.keylint(&["--no-such-option"]).code(2);
    sandbox.keylint(&["--fail-on", "hihg"]).code(2).warns(&["critical"]);
    sandbox.keylint(&["missing.txt"]).code(2).warns(&["cannot scan `missing.txt`: no such file"]);
    sandbox.keylint(&["chekc"]).code(2).warns(&["did you mean the command `check`?"]);
    sandbox.keylint(&["--version"]).code(0).says(&["keylint 0."]);
}

#[test]
fn policies_in_huge_documents_are_said_to_be_missed() {
    let far = " ".repeat(33 << 20);
    let sandbox = Sandbox::new(&[
        ("policy.json", &format!("{{{far}\"Version\": \"2012-10-17\", \"Statement\": []}}")),
        ("other.json", &format!("{{{far}\"a\": []}}")),
    ]);
    sandbox.keylint(&["other.json"]).code(0);
    sandbox.keylint(&["policy.json"]).code(3).says(&["policy.json", "policies"]);
    sandbox.write("keylint.toml", b"ignore = [\"policy\"]");
    sandbox.keylint(&["policy.json"]).code(0);
}

fn policy(name: &str, actions: &str) -> String {
    let statement = format!("  statement {{\n    actions   = {actions}\n    resources = [\"*\"]\n  }}\n");
    format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{statement}}}\n")
}

fn attached(name: &str) -> String {
    let arguments = format!("  role   = aws_iam_role.app.id\n  policy = data.aws_iam_policy_document.{name}.json\n");
    format!("resource \"aws_iam_role_policy\" \"{name}\" {{\n{arguments}}}\n")
}

#[test]
fn the_files_of_a_terraform_module_are_read_as_one() {
    let roles = attached("pass") + &attached("run");
    let sandbox = Sandbox::new(&[
        ("iam/pass.tf", &policy("pass", "[\"iam:PassRole\"]")),
        ("iam/run.tf", &policy("run", "[\"lambda:CreateFunction\", \"lambda:InvokeFunction\"]")),
        ("iam/roles.tf", &roles),
        ("keylint.toml", "select = [\"privilege-escalation\"]\n"),
    ]);
    sandbox.keylint(&["."]).code(1).says(&["iam/run.tf:3:43", "iam/pass.tf", "1 finding"]);
    // A file that is named alone stands in its module too.
    sandbox.keylint(&["iam/run.tf"]).code(1).says(&["1 finding"]);
    sandbox.keylint(&["iam/pass.tf"]).code(0);
    sandbox.write("iam/roles.tf", attached("run").as_bytes());
    sandbox.keylint(&["."]).code(0);
}

#[test]
fn a_staged_file_stands_in_the_module_that_is_staged() {
    for folder in ["", "iam/"] {
        let at = |name: &str| format!("{folder}{name}");
        let sandbox = Sandbox::repository(&[
            (&at("pass.tf"), &policy("pass", "[\"iam:PassRole\"]")),
            (&at("roles.tf"), &(attached("pass") + &attached("run"))),
            ("keylint.toml", "select = [\"privilege-escalation\"]\n"),
        ]);
        sandbox.git(&["add", "."]);
        sandbox.git(&["commit", "-q", "-m", "x"]);
        sandbox
            .write(&at("run.tf"), policy("run", "[\"lambda:CreateFunction\", \"lambda:InvokeFunction\"]").as_bytes());
        sandbox.git(&["add", "."]);
        sandbox.keylint(&["--staged"]).code(1).says(&[&at("run.tf:3:43"), &at("pass.tf"), "1 finding"]);
        // What is not staged is not committed.
        sandbox.write(&at("roles.tf"), attached("run").as_bytes());
        sandbox.keylint(&["--staged"]).code(1);
        sandbox.keylint(&["."]).code(0);
        sandbox.git(&["add", "."]);
        sandbox.keylint(&["--staged"]).code(0);
    }
}

#[test]
fn a_fix_looks_at_the_whole_module() {
    // Of a policy with principals only the other file says that it is attached to an identity.
    let role = "resource \"aws_iam_policy\" \"a\" {\n  policy = data.aws_iam_policy_document.a.json\n}\n";
    let principal = "principals {\n      type = \"Service\"\n      identifiers = [\"ec2.amazonaws.com\"]\n    }\n";
    let statement = format!("    sid = \"Read it\"\n    actions = [\"sts:AssumeRole\"]\n    {principal}");
    let data = format!("data \"aws_iam_policy_document\" \"a\" {{\n  statement {{\n{statement}  }}\n}}\n");
    let files = [("iam.tf", role), ("data.tf", &*data), ("keylint.toml", "select = [\"unsupported-sid\"]\n")];
    let sandbox = Sandbox::new(&files);
    sandbox.keylint(&["."]).code(1);
    sandbox.keylint(&[".", "--fix"]).code(0);
    assert_eq!(sandbox.read("data.tf"), data.replace("Read it", "Readit"));
}

#[test]
fn incomplete_scans_say_so() {
    let sandbox =
        Sandbox::new(&[("clean.txt", "nothing\n"), ("list", "clean.txt\ngone.txt\n"), ("leaky.txt", &leak(1))]);
    sandbox.keylint(&["--files-from", "list"]).code(3).says(&["gone.txt"]);
    // A finding weighs more than a hole.
    sandbox.keylint(&["--files-from", "list", "leaky.txt"]).code(1).says(&["gone.txt"]);
}

#[test]
fn ignore_files_are_heeded() {
    let sandbox = Sandbox::repository(&[
        (".gitignore", "build/\n"),
        (".ignore", "*.log\n"),
        (".keylintignore", "data/*\n!data/kept.txt\n"),
        ("build/a.txt", &leak(1)),
        ("a.log", &leak(2)),
        ("data/a.txt", &leak(3)),
        ("data/kept.txt", &leak(4)),
        (".hidden/.env", &leak(5)),
        ("src/a.txt", &leak(6)),
        (".git/kept", &leak(7)),
    ]);
    sandbox.finds(&[], &[".hidden/.env", "data/kept.txt", "src/a.txt"]);
    sandbox.finds(&["src"], &["src/a.txt"]);
    sandbox.finds(&["build"], &["build/a.txt"]);
    sandbox.finds(&["a.log"], &["a.log"]);
    sandbox.finds(&["--force-exclude", "a.log", "src/a.txt", "build/a.txt", ".git/kept"], &["src/a.txt"]);
}

#[test]
fn gitignore_counts_in_repositories_only() {
    // What an unpacked archive holds was published, whatever its `.gitignore` says.
    let sandbox =
        Sandbox::new(&[(".gitignore", "/*\n"), ("a.txt", &leak(1)), (".ignore", "b.txt\n"), ("b.txt", &leak(2))]);
    sandbox.finds(&[], &["a.txt"]);
    // One above the repository says nothing of it.
    let sandbox = Sandbox::new(&[
        (".gitignore", "*\n"),
        ("repository/.git/HEAD", "ref: refs/heads/main\n"),
        ("repository/a.txt", &leak(1)),
    ]);
    sandbox.finds(&["repository"], &["repository/a.txt"]);
}

#[test]
fn paths_come_in_order_and_once() {
    let sandbox = Sandbox::new(&[("b/1", &leak(1)), ("a/2", &leak(2)), ("a/1", &leak(3)), ("c", &leak(4))]);
    sandbox.finds(&[], &["a/1", "a/2", "b/1", "c"]);
    sandbox.finds(&["-j1"], &["a/1", "a/2", "b/1", "c"]);
    sandbox.finds(&["c", "./a", "b", "a"], &["a/1", "a/2", "b/1", "c"]);
}

#[test]
fn standard_input() {
    let sandbox = Sandbox::new(&[("keylint.toml", "exclude = [\"vendor\"]"), ("list", "")]);
    let leak = leak(1);
    sandbox.keylint_with(&["-"], leak.as_bytes()).code(1).says(&["<stdin>:1:10"]);
    sandbox.keylint_with(&["--stdin-filename", "src/a.py"], leak.as_bytes()).code(1).says(&["src/a.py:1:10"]);
    let vendor = ["--stdin-filename", "vendor/a.py", "--force-exclude"];
    sandbox.keylint_with(&vendor, leak.as_bytes()).code(0);
    sandbox.keylint_with(&["-"], b"").code(0);
    sandbox.keylint_with(&["-", "--files-from", "-"], b"").code(2);
    let report = sandbox.keylint_with(&["-", "--format", "json"], leak.as_bytes()).code(1);
    report.says(&["\"origin\":\"stdin\"", "\"kind\":\"stdin\""]);
}

#[test]
fn lists_of_files() {
    let sandbox = Sandbox::new(&[("a b.txt", &leak(1)), ("c.txt", &leak(2)), ("d.txt", &leak(3))]);
    let both = |ran: crate::sandbox::Ran| assert_eq!(ran.code(1).paths(), ["a b.txt", "c.txt"]);
    both(sandbox.keylint_with(&["--files-from", "-", "--format", "json"], b"a b.txt\nc.txt\r\n"));
    both(sandbox.keylint_with(&["--files-from", "-", "--format", "json"], b"a b.txt\0c.txt\0"));
    sandbox.keylint_with(&["--files-from", "-"], b"").code(0);
    sandbox.keylint(&["--files-from", "missing"]).code(2).warns(&["cannot read the list of files `missing`"]);
}

#[test]
fn encodings() {
    let sandbox = Sandbox::new(&[]);
    let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> { leak(1).encode_utf16().flat_map(order).collect() };
    sandbox.write("marked.txt", &[&[0xff, 0xfe], &wide(u16::to_le_bytes)[..]].concat());
    sandbox.write("bare.txt", &wide(u16::to_le_bytes));
    sandbox.write("big.txt", &[&[0xfe, 0xff], &wide(u16::to_be_bytes)[..]].concat());
    sandbox.write("latin.txt", &[&b"caf\xe9 \xff\xfe"[..], leak(2).as_bytes()].concat());
    sandbox.write("utf8.txt", format!("\u{feff}{}", leak(3)).as_bytes());
    let ran = sandbox.keylint(&["--format", "concise"]).code(1);
    ran.says(&["bare.txt:1:10", "big.txt:1:10", "marked.txt:1:10", "utf8.txt:1:10", "latin.txt:1:17"]);
}

#[test]
fn truncated_and_hostile_bytes() {
    let sandbox = Sandbox::new(&[]);
    let odd: Vec<u8> = leak(1).encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("odd.txt", &[&[0xff, 0xfe], &odd[..odd.len() - 1]].concat());
    sandbox.write("mark.txt", &[0xff, 0xfe]);
    sandbox.write("empty.txt", b"");
    let mut state = 1u32;
    let noise = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    sandbox.write("noise", &(0..100_000).map(noise).collect::<Vec<u8>>());
    sandbox.write("line", &vec![b'x'; 5 << 20]);
    sandbox.keylint(&[]).code(1).says(&["odd.txt:1:10"]);
}

#[test]
fn binaries_and_pointers_are_left_out() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("program", &[b"\x7fELF\0\0", leak(1).as_bytes()].concat());
    sandbox.write("large", &[&[0; 300_000][..], leak(1).as_bytes()].concat());
    sandbox.write("pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n");
    sandbox.keylint(&[]).code(0).says(&["3 excluded"]).warns(&["nothing was scanned"]);
    let report = sandbox.keylint(&["--format", "json"]).code(0);
    report.says(&["\"reason\":\"binary\"", "\"reason\":\"LFS pointer\""]);
}

#[test]
fn a_large_file_is_streamed() {
    let sandbox = Sandbox::new(&[]);
    let line = "nothing to see on this line, and on none of the others of its kind either\n";
    let mut text = line.repeat((70 << 20) / line.len());
    let lines = text.lines().count();
    text.push_str(&leak(1));
    text.push_str(line);
    sandbox.write("large.txt", text.as_bytes());
    let ran = sandbox.keylint(&["--format", "concise"]).code(1);
    ran.says(&[&format!("large.txt:{}:10", lines + 1)]);
    // The same through standard input.
    let ran = sandbox.keylint_with(&["-", "--format", "concise"], text.as_bytes()).code(1);
    ran.says(&[&format!("<stdin>:{}:10", lines + 1)]);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_closed_doors() {
    use std::os::unix::{
        fs::{PermissionsExt, symlink},
        net::UnixListener,
    };
    let sandbox = Sandbox::new(&[
        ("a/leaky.txt", &leak(1)),
        ("a/clean.txt", "\n"),
        ("closed/b.txt", &leak(2)),
        ("locked.txt", &leak(3)),
    ]);
    symlink("..", sandbox.path("a/loop")).expect("a link");
    symlink("a/leaky.txt", sandbox.path("link.txt")).expect("a link");
    symlink("a", sandbox.path("folder-link")).expect("a link");
    symlink("nowhere", sandbox.path("broken")).expect("a link");
    let _socket = UnixListener::bind(sandbox.path("socket")).expect("a socket");
    std::process::Command::new("mkfifo").arg(sandbox.path("pipe")).status().expect("mkfifo runs");
    sandbox.finds(&["a", "link.txt", "folder-link"], &["a/leaky.txt", "folder-link/leaky.txt", "link.txt"]);
    sandbox.keylint(&["pipe"]).code(3).says(&["pipe", "named pipe"]);
    symlink("pipe", sandbox.path("pipe-link")).expect("a link");
    sandbox.keylint(&["pipe-link"]).code(3).says(&["pipe-link", "named pipe"]);
    sandbox.keylint(&["broken"]).code(3).says(&["broken", "no such file"]);
    let report = sandbox.keylint(&["--format", "json"]).code(1);
    report.says(&["\"reason\":\"named pipe\"", "\"reason\":\"socket\"", "\"reason\":\"symbolic link\""]);

    let lock =
        |path: &str, mode| fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(mode)).expect("a mode");
    lock("closed", 0o000);
    lock("locked.txt", 0o000);
    // For root no door is closed.
    let root = fs::read_dir(sandbox.path("closed")).is_ok();
    let ran = sandbox.keylint(&["closed", "locked.txt"]);
    lock("closed", 0o755);
    if root {
        ran.code(1);
    } else {
        ran.code(3).says(&["closed", "locked.txt", "permission denied"]);
    }
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new(&[]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9\x1b[31m.txt");
    fs::write(sandbox.path("").join(name), leak(1)).expect("a file");
    sandbox.keylint(&[]).code(1).says(&["caf\u{fffd}"]).hides(&["\x1b[31m"]);
}

/// Standard base64, with its end.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        (0..4)
            .map(move |at| if at <= three.len() { DIGITS[(bits >> (18 - 6 * at)) as usize & 63] as char } else { '=' })
            .collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

/// An OpenSSH key pair of made-up numbers: the private file and the public line.
fn key_pair(seed: u64) -> (String, String) {
    let noise = |length: usize, seed: u64| {
        let text = keylint_rules::expand::template(&format!("{{alnum:{length}}}"), seed, &|_, _| None).text;
        text.into_bytes()
    };
    let field = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    let public = [field(b"ssh-ed25519"), field(&noise(32, seed))].concat();
    let head = [field(b"none"), field(b"none"), field(b""), vec![0, 0, 0, 1], field(&public)].concat();
    let body = base64(&[b"openssh-key-v1\0", &head[..], &noise(160, seed + 1)].concat());
    let lines: Vec<&str> = body.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    let dashes = "-".repeat(5);
    let name = "OPENSSH PRIVATE KEY";
    let private = format!("{dashes}BEGIN {name}{dashes}\n{}\n{dashes}END {name}{dashes}\n", lines.join("\n"));
    (private, format!("ssh-ed25519 {} me@host\n", base64(&public)))
}

#[test]
fn a_private_key_meets_its_public_half_in_the_file_beside_it() {
    let (private, public) = key_pair(1);
    let (other, _) = key_pair(5);
    let sandbox = Sandbox::repository(&[
        ("keys/id_ed25519", &private),
        ("keys/id_ed25519.pub", &public),
        ("keys/other", &other),
        ("keys/other.pub", &public),
        ("keys/alone", &other),
    ]);
    let check = |args: &[&str], pairs: &[&str]| {
        let ran = sandbox.keylint(&[args, &["--format", "json"]].concat()).code(1);
        let report: serde_json::Value = serde_json::from_str(&ran.out).expect("a report");
        let found = report["diagnostics"].as_array().expect("a list");
        let has = |one: &&serde_json::Value| one.to_string().contains("stands beside it, in the `.pub` file");
        let paths: Vec<&str> = found.iter().filter(has).filter_map(|one| one["path"].as_str()).collect();
        assert_eq!(paths, pairs);
        assert!(found.iter().all(|one| (one["confidence"] == "certain") == has(&one)), "{}", ran.out);
    };
    check(&[], &["keys/id_ed25519"]);
    check(&["keys/id_ed25519"], &["keys/id_ed25519"]);
    // What is staged is not what is on the disk.
    sandbox.git(&["add", "-A"]);
    check(&["--staged"], &[]);
}
