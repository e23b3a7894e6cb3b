//! What git's hooks run: `pre-receive` on a server, `pre-push` and `commit-msg` on a client.
//! Not here: installing them (`install_hook.rs`), `--staged` (`git.rs`).
#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt};

use crate::sandbox::{Ran, Sandbox, token};

/// A bare repository `server.git` with a hook that calls keylint, and a clone `work` of it with one commit pushed.
fn server() -> Sandbox {
    let sandbox = Sandbox::new(&[]);
    sandbox.git(&["init", "-q", "--bare", "-b", "main", "server.git"]);
    hook(&sandbox, "server.git/hooks/pre-receive", "exec keylint pre-receive");
    sandbox.git(&["clone", "-q", "server.git", "work"]);
    sandbox.git(&["-C", "work", "checkout", "-q", "-b", "main"]);
    commit(&sandbox, "work/a.txt", "a\n", "one");
    push(&sandbox, &["main"]).code(0);
    sandbox
}

fn hook(sandbox: &Sandbox, path: &str, line: &str) {
    sandbox.write(path, format!("#!/bin/sh\n{line}\n").as_bytes());
    fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(0o755)).expect("a mode");
}

fn commit(sandbox: &Sandbox, path: &str, text: &str, subject: &str) {
    sandbox.write(path, text.as_bytes());
    sandbox.git(&["-C", "work", "add", "-A", "."]);
    sandbox.git(&["-C", "work", "commit", "-q", "--no-verify", "-m", subject]);
}

fn push(sandbox: &Sandbox, args: &[&str]) -> Ran {
    sandbox.git_with_hooks("work", &[&["push", "-q", "origin"], args].concat(), &[])
}

fn refused(ran: Ran, words: &[&str]) {
    assert_ne!(ran.code, Some(0), "{ran:#?}");
    ran.warns(words);
}

#[test]
fn a_push_with_a_secret_is_refused() {
    let sandbox = server();
    let before = sandbox.git(&["-C", "server.git", "rev-parse", "main"]);
    commit(&sandbox, "work/b.txt", &format!("key = \"{}\"\n", token(1)), "two");
    // Also where a later commit takes it away again.
    sandbox.git(&["-C", "work", "rm", "-q", "b.txt"]);
    commit(&sandbox, "work/c.txt", "c\n", "three");
    let ran = push(&sandbox, &["main"]);
    refused(ran.hides(&[&token(1)]), &["github-personal-access-token", "b.txt:1:8", "pre-receive hook declined"]);
    assert_eq!(sandbox.git(&["-C", "server.git", "rev-parse", "main"]), before);
    assert!(!sandbox.path("server.git/keylint").exists(), "a server's repository holds no cache of ours");

    // A new branch brings the same commits; without them it may come.
    refused(push(&sandbox, &["main:side"]), &["b.txt:1:8"]);
    sandbox.git(&["-C", "work", "reset", "-q", "--hard", "origin/main"]);
    commit(&sandbox, "work/d.txt", "d\n", "four");
    push(&sandbox, &["main:clean", "main"]).code(0);
    // What is there already is nobody's new secret: it came past the hook.
    commit(&sandbox, "work/e.txt", &token(2), "five");
    fs::rename(sandbox.path("server.git/hooks/pre-receive"), sandbox.path("aside")).expect("a hook");
    push(&sandbox, &["main"]).code(0);
    fs::rename(sandbox.path("aside"), sandbox.path("server.git/hooks/pre-receive")).expect("a hook");
    push(&sandbox, &["main:copy"]).code(0);
    commit(&sandbox, "work/f.txt", "f\n", "six");
    push(&sandbox, &["main"]).code(0);
    // Deletions bring nothing; a tag brings its commit.
    push(&sandbox, &["--delete", "clean", "copy"]).code(0);
    commit(&sandbox, "work/g.txt", &token(3), "seven");
    sandbox.git(&["-C", "work", "tag", "-a", "-m", "v1", "v1"]);
    refused(push(&sandbox, &["v1"]), &["g.txt:1:1"]);
}

#[test]
fn a_packed_push_stays_in_quarantine() {
    let sandbox = server();
    // So many objects that git keeps the pack as it is; small ones it unpacks. Both lie in quarantine.
    sandbox.git(&["-C", "server.git", "config", "receive.unpackLimit", "1"]);
    for number in 0..20 {
        sandbox.write(&format!("work/f{number}.txt"), format!("{number}\n").as_bytes());
    }
    commit(&sandbox, "work/secret.txt", &token(4), "two");
    refused(push(&sandbox, &["main"]), &["secret.txt:1:1"]);
    sandbox.git(&["-C", "work", "rm", "-q", "--cached", "secret.txt"]);
    sandbox.git(&["-C", "work", "commit", "-q", "--amend", "-m", "two"]);
    push(&sandbox, &["main"]).code(0);
}

#[test]
fn the_configuration_is_the_servers() {
    let sandbox = server();
    // A push cannot bring its own.
    sandbox.write("work/keylint.toml", b"exclude = [\"*\"]\nfail-on = \"never\"\n");
    commit(&sandbox, "work/b.txt", &token(1), "two");
    refused(push(&sandbox, &["main"]), &["b.txt:1:1"]);
    sandbox.write("server.git/keylint.toml", b"ignore = [\"github-*\"]\n");
    push(&sandbox, &["main"]).code(0);
}

#[test]
fn lines_that_are_none() {
    let sandbox = server();
    sandbox
        .keylint_with(&["pre-receive"], b"what\n")
        .code(2)
        .warns(&["no line of a pre-receive hook"])
        .hides(&["panicked"]);
    let ran = sandbox.git_with_hooks("server.git", &["-c", "alias.x=!keylint pre-receive", "x"], &[]);
    assert_eq!(ran.code, Some(0), "nothing is pushed: {ran:#?}");
    sandbox.write("server.git/lines", b"0 1 refs/heads/x\n");
    let ran = sandbox.git_with_hooks("server.git", &["-c", "alias.x=!keylint pre-receive < lines", "x"], &[]);
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    // A reference to something that is not there leaves a hole.
    let line = format!("{} {} refs/heads/x\n", "0".repeat(40), "a".repeat(40));
    sandbox.write("server.git/lines", line.as_bytes());
    let ran = sandbox.git_with_hooks("server.git", &["-c", "alias.x=!keylint pre-receive < lines", "x"], &[]);
    assert_eq!(ran.code, Some(3), "{ran:#?}");
}

#[test]
fn a_push_is_stopped_where_it_begins() {
    let sandbox = server();
    fs::remove_file(sandbox.path("server.git/hooks/pre-receive")).expect("a hook");
    hook(&sandbox, "work/.git/hooks/pre-push", "exec keylint pre-push \"$@\"");
    commit(&sandbox, "work/b.txt", &token(1), "two");
    let ran = push(&sandbox, &["main"]).hides(&[&token(1)]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    ran.says(&["b.txt:1:1"]);
    // As pre-commit runs it: without git's lines.
    let range = [("PRE_COMMIT_FROM_REF", "origin/main"), ("PRE_COMMIT_TO_REF", "main")];
    for env in [&range[..], &[("PRE_COMMIT_REMOTE_NAME", "origin")], &[]] {
        let ran = sandbox.git_with_hooks("work", &["-c", "alias.x=!keylint pre-push < /dev/null", "x"], env);
        assert_eq!(ran.code, Some(1), "{env:?} {ran:#?}");
    }
    sandbox.git(&["-C", "work", "reset", "-q", "--hard", "HEAD~1"]);
    commit(&sandbox, "work/c.txt", "c\n", "three");
    push(&sandbox, &["main", "main:other"]).code(0);
    push(&sandbox, &["--delete", "other"]).code(0);
}

#[test]
fn messages_are_scanned() {
    let sandbox = server();
    hook(&sandbox, "work/.git/hooks/commit-msg", "exec keylint commit-msg \"$1\"");
    let write = |message: &str, args: &[&str]| {
        let args = [&["commit", "-q", "--allow-empty", "-m", message], args].concat();
        sandbox.git_with_hooks("work", &args, &[])
    };
    write("nothing to see", &[]).code(0);
    let ran = write(&format!("log in with {}", token(1)), &[]).hides(&[&token(1)]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    ran.warns(&["COMMIT_EDITMSG:1:13"]);
    // The changes that `-v` shows below the message are not its text.
    sandbox.write("work/b.txt", token(2).as_bytes());
    sandbox.git(&["-C", "work", "add", "."]);
    let editor = [("GIT_EDITOR", "sh -c 'echo subject > \"$0.new\"; cat \"$0\" >> \"$0.new\"; mv \"$0.new\" \"$0\"'")];
    let ran = sandbox.git_with_hooks("work", &["commit", "-q", "-v"], &editor);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    sandbox.keylint(&["commit-msg", "no-such-file"]).code(2).warns(&["no-such-file"]);
}
