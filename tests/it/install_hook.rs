//! Installing hooks beside what is there, and removing them again, with real commits.
//! Not here: what the hooks find.
#![cfg(unix)]

use std::fs;

use crate::sandbox::{Ran, Sandbox, token};

fn commit(sandbox: &Sandbox, path: &str, text: &str) -> Ran {
    sandbox.write(path, text.as_bytes());
    sandbox.git(&["add", "-A", "."]);
    sandbox.git_with_hooks("", &["commit", "-qm", "x"], &[])
}

/// A commit with a secret is blocked, one without passes.
#[track_caller]
fn guards(sandbox: &Sandbox, seed: u64) {
    let ran = commit(sandbox, "secret.txt", &token(seed));
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert!(format!("{}{}", ran.out, ran.err).contains("github-personal-access-token"), "{ran:#?}");
    commit(sandbox, "secret.txt", &format!("clean {seed}\n")).code(0);
}

#[test]
fn a_hook_of_its_own() {
    let sandbox = Sandbox::repository(&[("a.txt", "a\n")]);
    sandbox.keylint(&["install-hook"]).code(0).says(&["wrote"]);
    guards(&sandbox, 1);
    sandbox.keylint(&["install-hook"]).code(0).says(&["already"]);
    sandbox.keylint(&["install-hook", "--hook", "commit-msg", "--hook", "pre-push"]).code(0);
    let ran = sandbox.git_with_hooks("", &["commit", "-q", "--allow-empty", "-m", &token(2)], &[]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    // Where keylint is not installed, the hook does not pass in silence.
    let bare = [("PATH", "/usr/bin:/bin")];
    let ran = sandbox.git_with_hooks("", &["commit", "-q", "--allow-empty", "-m", "x"], &bare);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    ran.warns(&["--no-verify"]);
    sandbox.keylint(&["install-hook", "--uninstall"]).code(0);
    assert!(!sandbox.path(".git/hooks/pre-commit").exists());
    sandbox.keylint(&["install-hook", "--uninstall"]).code(0).says(&["does not run keylint"]);
    assert!(sandbox.path(".git/hooks/pre-push").exists());
}

#[test]
fn a_hook_that_is_there_is_kept() {
    let sandbox = Sandbox::repository(&[("a.txt", "a\n")]);
    let path = ".git/hooks/pre-commit";
    let own = "#!/bin/sh\necho mine ran >&2\nexit 0\n";
    sandbox.write(path, own.as_bytes());
    sandbox.keylint(&["install-hook"]).code(2).warns(&["--append", "--force"]);
    assert_eq!(sandbox.read(path), own);

    sandbox.keylint(&["install-hook", "--append"]).code(0);
    guards(&sandbox, 1);
    commit(&sandbox, "b.txt", "b\n").code(0).warns(&["mine ran"]);
    sandbox.keylint(&["install-hook", "--uninstall"]).code(0);
    assert_eq!(sandbox.read(path), own);

    sandbox.keylint(&["install-hook", "--force"]).code(0).says(&["before-keylint"]);
    guards(&sandbox, 2);
    sandbox.keylint(&["install-hook", "--uninstall"]).code(0);
    assert_eq!(sandbox.read(path), own);

    let python = "#!/usr/bin/env python3\nprint('x')\n";
    sandbox.write(path, python.as_bytes());
    sandbox.keylint(&["install-hook", "--append"]).code(2).warns(&["no shell script"]);
    assert_eq!(sandbox.read(path), python);
}

#[test]
fn lines_of_a_push_reach_what_stands_below() {
    let sandbox = Sandbox::repository(&[("a.txt", "a\n")]);
    sandbox.git(&["init", "-q", "--bare", "server.git"]);
    sandbox.git(&["remote", "add", "origin", "server.git"]);
    commit(&sandbox, ".gitignore", "server.git\n").code(0);
    sandbox.write(".git/hooks/pre-push", b"#!/bin/sh\ncat > \"$(git rev-parse --git-dir)/lines\"\n");
    sandbox.keylint(&["install-hook", "--hook", "pre-push", "--append"]).code(0);
    sandbox.git_with_hooks("", &["push", "-q", "origin", "main"], &[]).code(0);
    let lines = sandbox.read(".git/lines");
    assert_eq!(lines.trim().split(' ').count(), 4, "{lines}");
    commit(&sandbox, "b.txt", &token(1)).code(0);
    assert_eq!(sandbox.git_with_hooks("", &["push", "-q", "origin", "main"], &[]).code, Some(1));
}

#[test]
fn the_folder_of_hooks_is_heeded() {
    let sandbox = Sandbox::repository(&[("a.txt", "a\n")]);
    sandbox.git(&["config", "core.hooksPath", "tools/hooks"]);
    sandbox.keylint(&["install-hook"]).code(0);
    assert!(sandbox.path("tools/hooks/pre-commit").exists() && !sandbox.path(".git/hooks/pre-commit").exists());
    guards(&sandbox, 1);
    // A work tree of its own shares the hooks.
    sandbox.git(&["config", "--unset", "core.hooksPath"]);
    sandbox.git(&["worktree", "add", "-q", "-b", "side", "tree"]);
    sandbox.keylint_in("tree", &["install-hook"]).code(0);
    assert!(sandbox.path(".git/hooks/pre-commit").exists());
    Sandbox::new(&[]).keylint(&["install-hook"]).code(2).warns(&["git repository"]);
}

#[test]
fn runners_are_found() {
    // husky 9: git is sent to `.husky/_`, whose files run those of `.husky`.
    let sandbox = Sandbox::repository(&[(".husky/pre-commit", "echo lint >&2\n"), (".husky/_/.gitignore", "*")]);
    sandbox.git(&["config", "core.hooksPath", ".husky/_"]);
    let runner = "#!/usr/bin/env sh\nexec sh -e \"$(dirname \"$0\")/../$(basename \"$0\")\" \"$@\"\n";
    sandbox.write(".husky/_/pre-commit", runner.as_bytes());
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(sandbox.path(".husky/_/pre-commit"), mode).expect("a mode");
    sandbox.keylint(&["install-hook"]).code(0).says(&[".husky/pre-commit"]);
    guards(&sandbox, 1);
    commit(&sandbox, "b.txt", "b\n").code(0).warns(&["lint"]);
    sandbox.keylint(&["install-hook", "--uninstall"]).code(0);
    assert_eq!(sandbox.read(".husky/pre-commit"), "echo lint >&2\n");

    let sandbox = Sandbox::repository(&[("lefthook.yml", "pre-push:\n  commands: {}\n")]);
    sandbox.keylint(&["install-hook"]).code(0).says(&["lefthook install"]);
    assert!(sandbox.read("lefthook.yml").contains("run: keylint check --staged"));

    let sandbox = Sandbox::repository(&[(".pre-commit-config.yaml", "repos:\n  - repo: local\n    hooks: []\n")]);
    sandbox.keylint(&["install-hook"]).code(0).says(&["pre-commit install"]);
    assert!(sandbox.read(".pre-commit-config.yaml").contains("    - id: keylint\n"));
    sandbox.keylint(&["install-hook", "--runner", "git"]).code(0);
    assert!(sandbox.path(".git/hooks/pre-commit").exists());
}

#[test]
fn for_all_repositories() {
    let sandbox = Sandbox::repository(&[("a.txt", "a\n")]);
    let config = sandbox.path(".gitconfig-of-user");
    let global = [("GIT_CONFIG_GLOBAL", config.to_str().expect("a path"))];
    sandbox.keylint_env(&["install-hook", "--global"], &global).code(0);
    sandbox.write(".git/hooks/pre-commit", b"#!/bin/sh\necho local ran >&2\n");
    sandbox.write(".git/hooks/post-commit", b"#!/bin/sh\necho after ran >&2\n");
    for name in ["pre-commit", "post-commit"] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(sandbox.path(&format!(".git/hooks/{name}")), mode).expect("a mode");
    }
    sandbox.git(&["add", "a.txt"]);
    let ran = sandbox.git_with_hooks("", &["commit", "-qm", "one"], &global).code(0);
    ran.warns(&["local ran", "after ran"]);
    sandbox.write("b.txt", token(1).as_bytes());
    sandbox.git(&["add", "b.txt"]);
    assert_eq!(sandbox.git_with_hooks("", &["commit", "-qm", "two"], &global).code, Some(1));
    sandbox.keylint_env(&["install-hook", "--global", "--uninstall"], &global).code(0);
    sandbox.git_with_hooks("", &["commit", "-qm", "two"], &global).code(0).warns(&["local ran"]);
    assert!(!sandbox.path("keylint/hooks").exists());
}
