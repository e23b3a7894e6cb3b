//! Walks commits: all that some come from, without what others come from.
//! Not here: what they changed (`trees.rs`).

use std::collections::{BTreeSet, BinaryHeap, HashMap};

use gix::{ObjectId, objs::Find};
use keylint_diagnostics::{Skip, SkipKind};

use super::When;

/// A commit, as far as a walk needs it.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    /// What it is compared with. A commit at which a shallow clone ends has none, or what the range begins at.
    pub(super) parents: Vec<ObjectId>,
    /// Seconds since 1970, by the clock of who committed it.
    time: u64,
    /// The corrected date, as in git's commit graph: the time, but later than that of every parent. It orders commits
    /// topologically, and is the same whichever commits are walked.
    pub(super) order: u64,
}

impl Commit {
    pub(super) fn when(&self) -> When {
        When { order: self.order, commit: self.id }
    }
}

/// What a walk met.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Parents before their children.
    pub(super) commits: Vec<Commit>,
    /// Commits at which the walk ended because they were known.
    pub(super) passed: BTreeSet<ObjectId>,
    /// Commits of the walk that no other one of it comes from.
    pub(super) heads: BTreeSet<ObjectId>,
    /// Commits whose parents a shallow clone does not have.
    pub(super) shallow: Vec<ObjectId>,
    /// What could not be read.
    pub(super) holes: Vec<Skip>,
}

/// Walks from `wanted`, without what `hidden` come from. `known` gives the order of commits at which to end.
pub(super) fn walk(
    git: &gix::Repository,
    wanted: &[ObjectId],
    hidden: &[ObjectId],
    known: &dyn Fn(&ObjectId) -> Option<u64>,
) -> anyhow::Result<Walk> {
    let shallow = shallow(git)?;
    let mut painter = Painter {
        git,
        shallow: &shallow,
        known,
        buffer: Vec::new(),
        states: HashMap::new(),
        queue: BinaryHeap::new(),
        live: 0,
        oldest: u64::MAX,
        walk: Walk::default(),
    };
    hidden.iter().for_each(|id| painter.meet(*id, true));
    wanted.iter().for_each(|id| painter.meet(*id, false));
    painter.paint();
    let Painter { states, mut walk, .. } = painter;
    walk.commits = states.into_values().filter(|state| !state.hidden).map(|state| state.commit).collect();
    order(&mut walk.commits, known);
    walk.heads = walk.commits.iter().map(|commit| commit.id).collect();
    for commit in &mut walk.commits {
        commit.parents.iter().for_each(|parent| _ = walk.heads.remove(parent));
        if shallow.contains(&commit.id) {
            walk.shallow.push(commit.id);
            // What such a commit brought cannot be known; what differs from the start of the range may be it.
            commit.parents = hidden.to_vec();
        }
    }
    Ok(walk)
}

/// The commits at which a shallow clone ends.
pub(super) fn shallow(git: &gix::Repository) -> anyhow::Result<BTreeSet<ObjectId>> {
    let ids = git.shallow_commits().map_err(|error| anyhow::anyhow!("cannot read `shallow`: {error}"))?;
    Ok(ids.iter().flat_map(|ids| ids.iter().copied()).collect())
}

struct State {
    commit: Commit,
    hidden: bool,
    queued: bool,
}

/// Paints commits as wanted or hidden, the newest first.
struct Painter<'w> {
    git: &'w gix::Repository,
    shallow: &'w BTreeSet<ObjectId>,
    known: &'w dyn Fn(&ObjectId) -> Option<u64>,
    buffer: Vec<u8>,
    states: HashMap<ObjectId, State>,
    queue: BinaryHeap<(u64, ObjectId)>,
    /// How many wanted commits are in the queue.
    live: usize,
    /// The time of the oldest wanted commit.
    oldest: u64,
    walk: Walk,
}

impl Painter<'_> {
    fn paint(&mut self) {
        // Where clocks were wrong, a hidden commit may be older than a wanted one that it comes from; so the queue is
        // followed down to the oldest wanted one.
        while let Some(&(time, id)) = self.queue.peek()
            && (self.live > 0 || time >= self.oldest)
        {
            self.queue.pop();
            let Some(state) = self.states.get_mut(&id) else { continue };
            state.queued = false;
            self.live -= usize::from(!state.hidden);
            let (hidden, parents) = (state.hidden, state.commit.parents.clone());
            parents.into_iter().for_each(|parent| self.meet(parent, hidden));
        }
    }

    fn meet(&mut self, id: ObjectId, hidden: bool) {
        if let Some(state) = self.states.get_mut(&id) {
            if hidden && !state.hidden {
                state.hidden = true;
                if state.queued {
                    self.live -= 1;
                } else {
                    state.queued = true;
                    self.queue.push((state.commit.time, id));
                }
            }
            return;
        }
        if (self.known)(&id).is_some() {
            self.walk.passed.insert(id);
            return;
        }
        let Some(mut commit) = read(self.git, id, &mut self.buffer) else {
            // What hidden commits come from is not asked for.
            if !hidden {
                let reason = "its object is missing".into();
                self.walk.holes.push(Skip { path: format!("commit {id}"), kind: SkipKind::Incomplete, reason });
            }
            return;
        };
        if self.shallow.contains(&id) {
            commit.parents.clear();
        }
        self.queue.push((commit.time, id));
        if !hidden {
            self.live += 1;
            self.oldest = self.oldest.min(commit.time);
        }
        self.states.insert(id, State { commit, hidden, queued: true });
    }
}

/// Reads a commit.
pub(super) fn read(git: &gix::Repository, id: ObjectId, buffer: &mut Vec<u8>) -> Option<Commit> {
    let data = git.objects.try_find(&id, buffer).ok()??;
    if data.kind != gix::objs::Kind::Commit {
        return None;
    }
    let mut fields = gix::objs::CommitRefIter::from_bytes(data.data, data.object_hash);
    let tree = fields.tree_id().ok()?;
    let parents = fields.parent_ids().collect();
    let committer = gix::objs::CommitRefIter::from_bytes(data.data, data.object_hash).committer().ok()?;
    let time = u64::try_from(committer.seconds()).unwrap_or(0);
    Some(Commit { id, tree, parents, time, order: time })
}

/// Gives each commit its order, and sorts by it.
fn order(commits: &mut [Commit], known: &dyn Fn(&ObjectId) -> Option<u64>) {
    let index: HashMap<ObjectId, usize> =
        commits.iter().enumerate().map(|(index, commit)| (commit.id, index)).collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); commits.len()];
    let mut waiting: Vec<usize> = vec![0; commits.len()];
    for (child, commit) in commits.iter().enumerate() {
        for parent in commit.parents.iter().filter_map(|parent| index.get(parent)) {
            children[*parent].push(child);
            waiting[child] += 1;
        }
    }
    let mut ready: Vec<usize> = (0..commits.len()).filter(|index| waiting[*index] == 0).collect();
    while let Some(next) = ready.pop() {
        let parents = commits[next].parents.iter();
        let before = parents.filter_map(|id| index.get(id).map(|parent| commits[*parent].order).or_else(|| known(id)));
        let after = before.max().map_or(0, |order| order.saturating_add(1));
        commits[next].order = commits[next].time.max(after);
        for child in &children[next] {
            waiting[*child] -= 1;
            if waiting[*child] == 0 {
                ready.push(*child);
            }
        }
    }
    commits.sort_unstable_by_key(Commit::when);
}
