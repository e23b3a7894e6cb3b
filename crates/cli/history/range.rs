//! Which commits are asked for: from the words of the command line to object ids.
//! Not here: walking from them (`commits.rs`).

use anyhow::bail;
use gix::{ObjectId, bstr::ByteSlice};
use keylint_diagnostics::Skip;
use keylint_engine::config::nearest;

use crate::args::CheckArgs;

/// Where a walk begins and what it leaves out.
#[derive(Debug, Default)]
pub(super) struct Tips {
    /// These commits and what they come from.
    pub(super) wanted: Vec<ObjectId>,
    /// Without these commits and what they come from.
    pub(super) hidden: Vec<ObjectId>,
    /// What was asked for and is no commit.
    pub(super) holes: Vec<Skip>,
}

/// The commits that `args` ask for.
pub(super) fn tips(git: &gix::Repository, args: &CheckArgs) -> anyhow::Result<Tips> {
    if let Some(updates) = &args.updates {
        return updates.tips(git);
    }
    match (&args.since, &args.range) {
        (Some(since), _) => between(git, since, "HEAD"),
        (None, Some(range)) => match range.split_once("...").or_else(|| range.split_once("..")) {
            Some((from, to)) => between(git, or_head(from), or_head(to)),
            None => bail!("`{range}` is no range; write it as `A..B`, or use `--since {range}`"),
        },
        (None, None) => all(git),
    }
}

/// As for git, a side that is left out is `HEAD`.
fn or_head(name: &str) -> &str {
    if name.is_empty() { "HEAD" } else { name }
}

fn between(git: &gix::Repository, from: &str, to: &str) -> anyhow::Result<Tips> {
    // What a push says to have been there before a branch is created: nothing.
    let nothing = [40, 64].contains(&from.len()) && from.bytes().all(|byte| byte == b'0');
    let hidden = if nothing { Vec::new() } else { vec![commit(git, from)?] };
    Ok(Tips { wanted: vec![commit(git, to)?], hidden, holes: Vec::new() })
}

/// All that references and the `HEAD` of each work tree lead to.
pub(super) fn all(git: &gix::Repository) -> anyhow::Result<Tips> {
    let wrong = |error: gix::Error| anyhow::anyhow!("cannot read the references: {error}");
    let head = |git: &gix::Repository| git.head_id().ok().map(|id| id.detach());
    let mut wanted: Vec<ObjectId> = head(git).into_iter().collect();
    let linked = git.worktrees().unwrap_or_default().into_iter();
    let linked = linked.filter_map(|tree| tree.into_repo_with_possibly_inaccessible_worktree().ok());
    wanted.extend(linked.chain(git.main_repo().ok()).filter_map(|git| head(&git)));
    for reference in git.references().map_err(wrong)?.all().map_err(wrong)? {
        let Ok(mut reference) = reference else { continue };
        // A tag may name a tree or a blob; what no commit brought is in no history.
        if let Ok(commit) = reference.peel_to_commit() {
            wanted.push(commit.id);
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    Ok(Tips { wanted, hidden: Vec::new(), holes: Vec::new() })
}

/// The commit called `name`.
fn commit(git: &gix::Repository, name: &str) -> anyhow::Result<ObjectId> {
    let found = git.rev_parse_single(name).ok().and_then(|id| id.object().ok());
    match found.and_then(|object| object.peel_to_commit().ok()) {
        Some(commit) => Ok(commit.id),
        None if name == "HEAD" => bail!("there is no commit yet"),
        None => bail!("no commit is called `{name}`{}", hint(git, name)),
    }
}

/// What may have been meant.
fn hint(git: &gix::Repository, name: &str) -> String {
    let names = names(git);
    // `main` where only `origin/main` is here, as in a clone of one branch.
    let ending = format!("/{name}");
    let longer = names.iter().find(|known| known.ends_with(&ending)).map(String::as_str);
    match longer.or_else(|| nearest(name, names.iter().map(String::as_str))) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None if git.is_shallow().unwrap_or(false) => "; the clone is shallow, so fetch it first".into(),
        None => String::new(),
    }
}

/// The names of branches and tags.
fn names(git: &gix::Repository) -> Vec<String> {
    let Ok(references) = git.references() else { return Vec::new() };
    let Ok(all) = references.all() else { return Vec::new() };
    all.flatten().map(|reference| reference.name().shorten().to_str_lossy().into_owned()).collect()
}
