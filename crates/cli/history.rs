//! Scans the commits of a repository: each distinct blob once, each secret once, with the first commit that brought it.
//! Reads objects itself, so no git program is needed. Not here: scanning one document (`scan.rs`), the index (`staged.rs`).

mod blobs;
mod cache;
mod collect;
mod commits;
mod key;
mod range;
mod read_object;
mod trees;
mod updates;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::Context;
use gix::ObjectId;
use keylint_diagnostics::{Skip, SkipKind};

use crate::{
    args::CheckArgs,
    place::Here,
    scan::{Outcome, Shared},
    terminal,
};

pub(crate) use self::updates::Updates;
use self::{
    blobs::Blobs,
    cache::{Cache, Excluded, Update},
    commits::{Commit, Walk},
    range::Tips,
    trees::Introduction,
    updates::Quarantine,
};

/// Whether the command line asks for commits.
pub(crate) fn wanted(args: &CheckArgs) -> bool {
    args.all || args.since.is_some() || args.range.is_some() || args.updates.is_some()
}

/// A repository and the commits of it that are to be scanned.
pub(crate) struct History {
    git: gix::Repository,
    root: PathBuf,
    tips: Tips,
    /// Whether everything counts, or only lines that the commits add.
    all: bool,
    /// Kept as long as objects are read.
    _quarantine: Option<Quarantine>,
}

/// When something came: the place in a topological order that does not depend on which commits were walked, and the
/// commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct When {
    /// The corrected date: see [`Commit::order`].
    order: u64,
    commit: ObjectId,
}

impl History {
    /// Finds the repository of the current folder, and in it what the command line asks for.
    pub(crate) fn open(here: &Here, args: &CheckArgs) -> anyhow::Result<History> {
        let mut git = gix::discover_with_environment_overrides(here.path())
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("scanning commits needs a git repository")?;
        let quarantine = updates::enter_quarantine(&mut git, here.path())?;
        // What was replaced is still there for everybody who clones.
        git.objects.ignore_replacements = true;
        let root = here.folder(git.workdir().unwrap_or_else(|| git.git_dir()));
        let root = root.canonicalize().unwrap_or(root);
        let tips = range::tips(&git, args)?;
        Ok(History { git, root, tips, all: args.all, _quarantine: quarantine })
    }

    /// The root of the work tree, absolute; of a bare repository its own folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// How the report calls it.
    pub(crate) fn kind(&self) -> &'static str {
        if self.all { "history" } else { "range" }
    }

    /// The newest commit that was asked for, if it is a single one.
    pub(crate) fn commit(&self) -> Option<String> {
        match &self.tips.wanted[..] {
            [tip] if !self.all => Some(tip.to_string()),
            _ => None,
        }
    }
}

/// Scans the commits of `history`, with `threads` threads.
pub(crate) fn scan(
    shared: &Shared,
    history: &History,
    args: &CheckArgs,
    threads: usize,
    verbose: bool,
) -> anyhow::Result<Outcome> {
    let path = history.git.common_dir().join(cache::PATH);
    let key = key::of(history, shared)?;
    let kind = history.git.object_hash();
    let cache = if args.no_cache { Cache::empty(kind) } else { Cache::open(&path, key, kind) };

    let (mut walk, resumed) = walk(history, &cache)?;
    let commits = walk.commits.len() as u64 + if resumed { cache.commits() } else { 0 };
    let mut introduced = trees::introductions(&history.git, &walk.commits, threads);
    let mut whens: Vec<When> = walk.commits.iter().map(Commit::when).collect();
    let mut excluded = std::mem::take(&mut introduced.excluded);
    if resumed {
        walk.shallow.extend(commits::shallow(&history.git)?.into_iter().filter(|id| cache.commit(id).is_some()));
        resume(&cache, &mut introduced.list, &mut whens, &mut excluded);
    }
    if history.all {
        // The first time that a blob stood at a path is enough; of a range, each commit has its own added lines.
        introduced.list.sort_unstable_by(|a, b| {
            (&a.blob, &a.path, whens[a.commit as usize]).cmp(&(&b.blob, &b.path, whens[b.commit as usize]))
        });
        introduced.list.dedup_by(|a, b| a.blob == b.blob && a.path == b.path);
    }

    let blobs = Blobs {
        shared,
        git: &history.git.clone().into_sync(),
        root: &history.root,
        all: history.all,
        cache: &cache,
        resumed,
        commits: &walk.commits,
        whens: &whens,
        collector: Mutex::default(),
    };
    let mut scanned = blobs.scan(introduced.list, threads);
    if !history.all {
        blobs.look_in_head(&scanned.blobs)?;
    }
    let collector = blobs.collector.into_inner().unwrap_or_else(PoisonError::into_inner);

    excluded.append(&mut scanned.excluded);
    let mut outcome = Outcome {
        failure: scanned.failure.take(),
        files: scanned.count + if resumed { cache.blobs() } else { 0 },
        bytes: scanned.bytes + if resumed { cache.bytes() } else { 0 },
        ..Outcome::default()
    };
    outcome.skipped.extend(history.tips.holes.iter().cloned());
    let holes = walk.holes.len() + introduced.holes.len();
    outcome.skipped.extend(walk.holes.into_iter().chain(introduced.holes).chain(scanned.holes));
    let shallow = walk.shallow.iter().map(|commit| shallow(&history.git, commit)).next();
    outcome.skipped.extend(shallow.map(|skip| more_shallow(skip, walk.shallow.len())));
    let skip = |excluded: &Excluded| Skip {
        path: excluded.path.clone(),
        kind: SkipKind::Excluded,
        reason: excluded.reason.text().into(),
    };
    outcome.skipped.extend(excluded.iter().map(skip));
    outcome.found = collector.finish(&history.git, args.author, shared.line_hashes);
    if verbose {
        let cached = scanned.cached + if resumed { cache.blobs() } else { 0 };
        let blobs = outcome.files;
        terminal::note(&format!("history: {commits} commits, {blobs} blobs, {cached} cached"));
    }

    if !args.no_cache && outcome.failure.is_none() {
        let complete = (history.all && holes == 0).then_some(cache::Complete {
            resumed,
            tips: walk.heads,
            commits: whens[..walk.commits.len()].to_vec(),
            passed: walk.passed,
            dirty: scanned.dirty,
            excluded,
            blobs: scanned.clean_blobs,
            bytes: scanned.clean_bytes,
        });
        let update = Update { clean: scanned.clean, complete };
        // Without a cache the next run is slower, and nothing else: a repository may be read-only.
        if let Err(error) = cache.write(&path, key, update)
            && verbose
        {
            terminal::note(&format!("the cache `{}` cannot be written: {error}", path.display()));
        }
    }
    Ok(outcome)
}

/// Walks the commits that are asked for, and says whether the walk ended at commits that the cache knows all about.
fn walk(history: &History, cache: &Cache) -> anyhow::Result<(Walk, bool)> {
    let Tips { wanted, hidden, .. } = &history.tips;
    if history.all && cache.is_complete() {
        let walk = commits::walk(&history.git, wanted, hidden, &|id| cache.commit(id))?;
        // Where a branch is gone, some commits that the cache speaks of may be gone too.
        let reached = |tip: &ObjectId| wanted.contains(tip) || walk.passed.contains(tip);
        if cache.tips().all(|tip| reached(&tip)) {
            return Ok((walk, true));
        }
    }
    Ok((commits::walk(&history.git, wanted, hidden, &|_| None)?, false))
}

/// Adds what the cache knows of commits that are not walked again.
fn resume(
    cache: &Cache,
    introductions: &mut Vec<Introduction>,
    whens: &mut Vec<When>,
    excluded: &mut std::collections::BTreeSet<Excluded>,
) {
    for (blob, path, when) in cache.dirty() {
        introductions.push(Introduction { blob, path, commit: whens.len() as u32 });
        whens.push(when);
    }
    excluded.extend(cache.excluded());
}

fn shallow(git: &gix::Repository, commit: &ObjectId) -> Skip {
    let date = read_object::author(git, *commit).map(|(date, _)| date.chars().take(10).collect::<String>());
    let reason = format!(
        "shallow clone: history before commit {}, {}, is not here",
        commit.to_hex_with_len(7),
        date.unwrap_or_default()
    );
    Skip { path: ".git/shallow".into(), kind: SkipKind::Incomplete, reason }
}

fn more_shallow(mut skip: Skip, count: usize) -> Skip {
    if count > 1 {
        skip.reason = skip.reason.replace(", is not here", &format!(", and before {} others, is not here", count - 1));
    }
    skip
}
