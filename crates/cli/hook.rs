//! The commands that git's hooks call: `pre-receive`, `pre-push`, `commit-msg`.
//! Not here: installing them (`install_hook.rs`), or which commits a push brings (`history/updates.rs`).

use std::{
    env,
    io::{IsTerminal, Read, stdin},
    process::ExitCode,
};

use anyhow::{Context, ensure};

use crate::{
    args::{CheckArgs, CommitMsgArgs, GlobalArgs, PrePushArgs, PreReceiveArgs},
    check,
    history::Updates,
    place::Here,
};

/// Lines that a hook is told; a push of a hundred thousand references has fewer bytes.
const MAX_LINES: u64 = 16 << 20;

/// Runs `pre-receive`.
pub(crate) fn pre_receive(args: &PreReceiveArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let updates = Updates::received(&lines()?)?;
    run(updates, args.hook.check(), global)
}

/// Runs `pre-push`.
pub(crate) fn pre_push(args: &PrePushArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let remote = args.remote.as_deref().filter(|remote| !remote.is_empty());
    let lines = if stdin().is_terminal() { String::new() } else { lines()? };
    if !lines.trim().is_empty() {
        return run(Updates::pushed(&lines, remote)?, args.hook.check(), global);
    }
    // pre-commit and prek read git's lines themselves, and say what they read in variables.
    let variable = |name| env::var(name).ok().filter(|value: &String| !value.is_empty());
    if let (Some(from), Some(to)) = (variable("PRE_COMMIT_FROM_REF"), variable("PRE_COMMIT_TO_REF")) {
        let check = CheckArgs { range: Some(format!("{from}..{to}")), ..args.hook.check() };
        return check::run(&check, global);
    }
    let remote = variable("PRE_COMMIT_REMOTE_NAME").or(remote.map(str::to_string));
    let here = Here::new()?;
    let git = gix::discover_with_environment_overrides(here.path())
        .map_err(|error| anyhow::anyhow!("{error}"))
        .context("`pre-push` needs a git repository")?;
    run(Updates::head(&git, remote.as_deref())?, args.hook.check(), global)
}

/// Runs `commit-msg`.
pub(crate) fn commit_msg(args: &CommitMsgArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    check::run(&CheckArgs { message: Some(args.file.clone()), ..args.hook.check() }, global)
}

fn run(updates: Updates, check: CheckArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    // References that are only deleted bring nothing.
    if updates.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    check::run(&CheckArgs { updates: Some(updates), ..check }, global)
}

fn lines() -> anyhow::Result<String> {
    let mut text = String::new();
    stdin().lock().take(MAX_LINES + 1).read_to_string(&mut text).context("cannot read what git says")?;
    ensure!(text.len() as u64 <= MAX_LINES, "more than 16 MiB of updates");
    Ok(text)
}

/// The part of a commit message that becomes one: `git commit -v` puts the changes below a line of scissors.
pub(crate) fn message(text: &[u8]) -> &[u8] {
    const SCISSORS: &[u8] = b"------------------------ >8 ------------------------";
    let mut end = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if line.windows(SCISSORS.len()).any(|window| window == SCISSORS) {
            break;
        }
        end += line.len();
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_no_message() {
        let check = |text: &str, want: &str| assert_eq!(message(text.as_bytes()), want.as_bytes());
        check("one\n\ntwo\n", "one\n\ntwo\n");
        check("one\n# ------------------------ >8 ------------------------\n# x\ndiff\n", "one\n");
        check("", "");
    }
}
