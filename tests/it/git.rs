//! What `--staged` scans.
//! Not here: files of the work tree (`files.rs`).

use crate::sandbox::{Sandbox, token};

#[track_caller]
fn finds(sandbox: &Sandbox, folder: &str, want: &[&str]) {
    let ran = sandbox.keylint_in(folder, &["--staged", "--format", "json"]);
    assert_eq!(ran.paths(), want, "{ran:#?}");
}

#[test]
fn only_added_lines_count() {
    let old = format!("first = \"{}\"\n", token(1));
    let sandbox = Sandbox::repository(&[("a.txt", &old), ("sub/b.txt", "b\n"), ("sub/deep/c.txt", "c\n")]);
    // Nothing is committed yet: everything is new.
    sandbox.git(&["add", "."]);
    finds(&sandbox, "", &["a.txt"]);
    sandbox.git(&["commit", "-qm", "one"]);
    sandbox.keylint(&["--staged"]).code(0);

    sandbox.write("a.txt", format!("{old}second = \"{}\"\n", token(2)).as_bytes());
    sandbox.write("sub/b.txt", format!("x = \"{}\"\n", token(3)).as_bytes());
    // In the work tree only.
    sandbox.keylint(&["--staged"]).code(0);
    sandbox.git(&["add", "a.txt"]);
    let ran = sandbox.keylint(&["--staged", "--format", "concise"]).code(1).says(&["a.txt:2:11"]);
    ran.hides(&["a.txt:1:", "sub/b.txt"]);
    // The old secret beside the new one is not shown either.
    let shown = sandbox.keylint(&["--staged", "--show-secrets"]).code(1).says(&[&token(2)]);
    shown.hides(&[&token(1)]);

    // The index counts, not the work tree.
    sandbox.write("a.txt", b"nothing\n");
    finds(&sandbox, "sub/deep", &["a.txt"]);
    sandbox.git(&["add", "sub"]);
    finds(&sandbox, "sub", &["a.txt", "sub/b.txt"]);
    let json = sandbox.keylint(&["--staged", "--format", "json"]).code(1);
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    json.says(&["\"origin\":\"index\"", "\"kind\":\"index\"", head.trim()]);
}

#[test]
fn removed_lines_and_moved_files() {
    let sandbox = Sandbox::repository(&[("a.txt", &format!("{}\nrest\n", token(1))), ("b.txt", "b\n")]);
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "one"]);
    sandbox.write("a.txt", b"rest\n");
    sandbox.git(&["add", "."]);
    sandbox.keylint(&["--staged"]).code(0);
    sandbox.git(&["reset", "-q", "--hard"]);
    // A moved file is a new one: where it stands now may be worse.
    sandbox.git(&["mv", "a.txt", "c.txt"]);
    finds(&sandbox, "", &["c.txt"]);
    sandbox.git(&["rm", "-qf", "c.txt"]);
    sandbox.keylint(&["--staged"]).code(0);
}

#[test]
fn configuration_and_ignore_files_apply() {
    let sandbox = Sandbox::repository(&[
        ("keylint.toml", "exclude = [\"vendor\"]"),
        (".keylintignore", "fixtures/\n"),
        (".gitignore", "forced.txt\n"),
        ("vendor/a.txt", &token(1)),
        ("fixtures/a.txt", &token(2)),
        ("forced.txt", &token(3)),
        ("nested/keylint.toml", "ignore = [\"github-*\"]"),
        ("nested/a.txt", &token(4)),
    ]);
    sandbox.git(&["add", "-f", "."]);
    // What git tracks is tracked, whatever `.gitignore` says.
    finds(&sandbox, "nested", &["forced.txt"]);
}

#[test]
fn worktrees_hooks_and_conflicts() {
    let sandbox = Sandbox::repository(&[("main/a.txt", "a\n")]);
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "one"]);
    sandbox.git(&["worktree", "add", "-q", "-b", "side", "tree"]);
    sandbox.write("tree/main/b.txt", token(1).as_bytes());
    sandbox.git(&["-C", "tree", "add", "."]);
    finds(&sandbox, "tree/main", &["main/b.txt"]);
    sandbox.keylint(&["--staged"]).code(0);

    // `git commit FILE` gives the hook an index of its own.
    let index = sandbox.path(".git/other-index");
    std::fs::copy(sandbox.path(".git/index"), &index).expect("a copy");
    sandbox.write("main/c.txt", token(2).as_bytes());
    sandbox.git(&["add", "main/c.txt"]);
    let other = index.to_str().expect("a path");
    sandbox.keylint_env(&["--staged"], &[("GIT_INDEX_FILE", other)]).code(0);
    sandbox.keylint(&["--staged"]).code(1);

    let conflict = Sandbox::repository(&[("a.txt", "a\n")]);
    conflict.git(&["add", "."]);
    conflict.git(&["commit", "-qm", "one"]);
    conflict.git(&["checkout", "-qb", "side"]);
    conflict.write("a.txt", b"b\n");
    conflict.git(&["commit", "-qam", "two"]);
    conflict.git(&["checkout", "-q", "main"]);
    conflict.write("a.txt", b"c\n");
    conflict.git(&["commit", "-qam", "three"]);
    let blob = |rev: &str| conflict.git(&["rev-parse", &format!("{rev}:a.txt")]);
    // As a merge that stopped leaves it.
    let entries: String = [("main~1", 1), ("main", 2), ("side", 3)]
        .iter()
        .map(|(rev, stage)| format!("100644 {} {stage}\ta.txt\n", blob(rev).trim()))
        .collect();
    conflict.write("entries", entries.as_bytes());
    let script = "git rm -q --cached a.txt && git update-index --index-info < entries";
    let status = std::process::Command::new("sh").args(["-c", script]).current_dir(conflict.path("")).status();
    assert!(status.expect("a shell").success());
    conflict.keylint(&["--staged"]).code(3).says(&["a.txt", "unresolved merge conflict"]);
}

#[test]
fn a_repository_is_needed() {
    let sandbox = Sandbox::new(&[]);
    sandbox.keylint(&["--staged"]).code(2).warns(&["`--staged` needs a git repository"]);
    sandbox.keylint(&["--staged", "."]).code(2);
    sandbox.git(&["init", "-q", "--bare", "bare.git"]);
    sandbox.keylint_in("bare.git", &["--staged"]).code(2).warns(&["work tree"]);
    Sandbox::repository(&[]).keylint(&["--staged"]).code(0);
}

#[cfg(unix)]
#[test]
fn as_a_hook() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::repository(&[("a.txt", "a\n"), ("sub/b.txt", "b\n")]);
    let hook = format!("#!/bin/sh\nexec '{}' --staged\n", env!("CARGO_BIN_EXE_keylint"));
    sandbox.write(".git/hooks/pre-commit", hook.as_bytes());
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(sandbox.path(".git/hooks/pre-commit"), mode).expect("a mode");
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "one"]);
    sandbox.git(&["worktree", "add", "-q", "-b", "side", "tree"]);
    for (folder, args) in
        [("", &["-a"][..]), ("", &["a.txt"]), ("sub", &["../a.txt"]), ("tree", &["-a"]), ("tree/sub", &["-a"])]
    {
        let file = if folder.starts_with("tree") { "tree/a.txt" } else { "a.txt" };
        sandbox.write(file, token(1).as_bytes());
        let said = sandbox.git_fails(folder, &[&["commit", "-qm", "two"][..], args].concat());
        assert!(said.contains("github-personal-access-token"), "{folder} {args:?}: {said}");
    }
}

#[test]
fn other_kinds_of_repositories() {
    let sandbox = Sandbox::new(&[("a.txt", &token(1))]);
    sandbox.git(&["init", "-q", "--object-format=sha256"]);
    sandbox.git(&["add", "."]);
    finds(&sandbox, "", &["a.txt"]);

    let sandbox = Sandbox::repository(&[("a.txt", "a\n"), ("d/b.txt", "b\n")]);
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "one"]);
    sandbox.write("d/c.txt", token(1).as_bytes());
    sandbox.git(&["update-index", "--index-version", "4"]);
    sandbox.git(&["add", "."]);
    finds(&sandbox, "", &["d/c.txt"]);
    sandbox.git(&["update-index", "--split-index"]);
    finds(&sandbox, "", &["d/c.txt"]);
    sandbox.git(&["gc", "-q"]);
    finds(&sandbox, "", &["d/c.txt"]);
}
