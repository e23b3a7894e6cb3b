//! The text of a hook, and keylint's part in the text of another one.
//! Not here: where it is written.

use crate::args::HookName;

const BEGIN: &str = "# >>> keylint >>>";
const END: &str = "# <<< keylint <<<";

/// How a hook is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// By git, as a program.
    Plain,
    /// By husky, as the text of a shell.
    Husky,
}

/// What adding to a hook gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Added {
    /// The new text.
    Text(String),
    /// It is no shell script.
    Foreign,
}

/// What the hook runs.
pub(super) fn command(hook: HookName) -> &'static str {
    match hook {
        HookName::PreCommit => "keylint check --staged",
        HookName::PrePush => "keylint pre-push \"$@\"",
        HookName::CommitMsg => "keylint commit-msg \"$1\"",
    }
}

/// A hook that runs keylint and nothing else.
pub(super) fn whole(hook: HookName, shape: Shape) -> String {
    match shape {
        Shape::Plain => format!("#!/bin/sh\n{}", part(hook)),
        Shape::Husky => part(hook),
    }
}

/// Whether keylint is run already.
pub(super) fn is_in(text: &[u8]) -> bool {
    String::from_utf8_lossy(text).lines().any(|line| line == BEGIN)
}

/// `text` with keylint in front of everything, since a script may end in the middle.
pub(super) fn add(text: &[u8], hook: HookName, shape: Shape) -> Added {
    let Ok(text) = std::str::from_utf8(text) else { return Added::Foreign };
    let (first, rest) = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("#!") => (Some(first), rest),
        _ => (None, text),
    };
    let shell = |line: &str| {
        let program = line.trim_end().rsplit(['/', ' ']).find(|word| !word.starts_with('-') && !word.is_empty());
        program.is_some_and(|name| ["sh", "bash", "dash", "ash", "ksh", "zsh"].contains(&name))
    };
    match first {
        Some(first) if shell(first) => Added::Text(format!("{first}\n{}{rest}", part(hook))),
        None if shape == Shape::Husky => Added::Text(format!("{}{rest}", part(hook))),
        _ => Added::Foreign,
    }
}

/// `text` without keylint's part; `None` where it has none, and nothing inside where nothing else is left.
pub(super) fn without(text: &[u8]) -> Option<Option<String>> {
    let text = std::str::from_utf8(text).ok()?;
    let start = text.find(&format!("{BEGIN}\n"))?;
    let length = text[start..].find(&format!("{END}\n"))? + END.len() + 1;
    let rest = format!("{}{}", &text[..start], &text[start + length..]);
    let empty = rest.lines().all(|line| line.trim().is_empty() || line.starts_with("#!"));
    Some((!empty).then_some(rest))
}

/// Keylint's part. Where keylint is not installed the hook fails, and says how to go on: a hook that cannot scan must
/// not pass in silence.
fn part(hook: HookName) -> String {
    let name = hook.file();
    let skip = match hook {
        HookName::PrePush => "git push --no-verify",
        HookName::PreCommit | HookName::CommitMsg => "git commit --no-verify",
    };
    let missing =
        format!("keylint is not installed, so the {name} hook cannot look for secrets; `{skip}` goes on without");
    let run = match hook {
        // What stands below may want to read git's lines too.
        HookName::PrePush => {
            "keylint_updates=$(cat)\nprintf '%s\\n' \"$keylint_updates\" | keylint pre-push \"$@\" || exit $?\nexec <<keylint_end\n$keylint_updates\nkeylint_end".into()
        }
        other => format!("{} || exit $?", command(other)),
    };
    format!(
        "{BEGIN}\n# `keylint install-hook --uninstall --hook {name}` removes this part.\nif ! command -v keylint >/dev/null 2>&1; then\n  echo '{missing}' >&2\n  exit 1\nfi\n{run}\n{END}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_and_removing() {
        for hook in [HookName::PreCommit, HookName::PrePush, HookName::CommitMsg] {
            let check = |text: &str, shape| match add(text.as_bytes(), hook, shape) {
                Added::Text(added) => {
                    assert!(is_in(added.as_bytes()) && !is_in(text.as_bytes()));
                    assert_eq!(without(added.as_bytes()), Some(Some(text.to_string())));
                }
                Added::Foreign => panic!("{text} is a shell script"),
            };
            check("#!/bin/sh\nexec true\n", Shape::Plain);
            check("#!/usr/bin/env -S bash -e\nmake lint\n", Shape::Plain);
            check("npm test\n", Shape::Husky);
            check("#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\nnpm test\n", Shape::Husky);
            for shape in [Shape::Plain, Shape::Husky] {
                assert_eq!(without(whole(hook, shape).as_bytes()), Some(None));
            }
        }
        for foreign in ["#!/usr/bin/env python3\nprint(1)\n", "\u{7f}ELF", "echo x\n"] {
            assert_eq!(add(foreign.as_bytes(), HookName::PreCommit, Shape::Plain), Added::Foreign);
        }
        assert_eq!(add(b"#!/bin/sh\n\xff\n", HookName::PreCommit, Shape::Plain), Added::Foreign);
        assert_eq!(without(b"#!/bin/sh\n"), None);
    }
}
