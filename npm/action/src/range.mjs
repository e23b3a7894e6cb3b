// Brings the commits of a change here, however shallow the checkout is, and lists them.
// Not here: what they change (`changes.mjs`).

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

import { Failure } from "./failure.mjs";

/** How deep the history is fetched, step by step, until the place where the change began is here. */
const DEPTHS = [50, 1000];

/**
 * The commits of `plan`: `{ base, head, tip, before, commits, merged }`. `tip` is the tree that is judged: the merge of
 * both where GitHub made one, else `head`. `before` is what its lines are compared with. Commits come oldest first, as
 * `{ id, parents, date }`.
 */
export async function range(git, plan, log) {
  const here = new Here(git, log);
  const merge = plan.merge && (await parents(git, plan.merge));
  // A merge of the base and the head says what the base really was; that of the event may be older.
  const merged = merge?.length === 2 && merge[1] === plan.head;
  let base = merged ? merge[0] : plan.base;
  if (base?.branch) base = await here.tip(base.branch);
  if (base === undefined) return everything(here, plan.head);

  await here.fetch(plan.head, (plan.expected ?? 0) + 1);
  try {
    await here.fetch(base, 1);
  } catch (error) {
    // After a forced push the old commits may be gone.
    if (!plan.instead) throw error;
    log(`the commit \`${base}\` before the push is not there any more: comparing with ${plan.instead.branch}`);
    base = await here.tip(plan.instead.branch);
    if (base === undefined) return everything(here, plan.head);
    await here.fetch(base, 1);
  }
  const commits = await between(here, base, plan);
  const tip = merged ? plan.merge : plan.head;
  return { base, head: plan.head, tip, before: merged ? base : await start(git, commits, base), commits, merged };
}

/** All commits that lead to `head`. */
async function everything(here, head) {
  await here.fetch(head, 1);
  await here.deepen([head]);
  const commits = await here.list(head, undefined);
  return { base: undefined, head, tip: head, before: undefined, commits, merged: false };
}

/** The commits of `plan.head` that `base` has not. Where the history is too short to tell, more of it is fetched. */
async function between(here, base, plan) {
  for (const depth of [undefined, ...DEPTHS, Infinity]) {
    if (depth !== undefined) await here.deepen([plan.head, base], depth);
    const commits = await here.list(plan.head, base);
    const cut = here.shallow();
    const whole = commits.filter((commit) => !cut.has(commit.id));
    // GitHub's own count says when the commits that end the history here are not of the change.
    if (whole.length === commits.length || whole.length === plan.count) return whole;
  }
  throw new Failure("cannot tell which commits are new: the history is not complete");
}

/** The one commit that the change began at, where there is one and it is here; else `base`. */
async function start(git, commits, base) {
  const listed = new Set(commits.map((commit) => commit.id));
  const outside = new Set(commits.flatMap((commit) => commit.parents).filter((parent) => !listed.has(parent)));
  const [only, ...others] = outside;
  const known = only !== undefined && others.length === 0 && (await exists(git, only));
  return known ? only : base;
}

/** The parents that a commit names, also those that are not here. */
async function parents(git, commit) {
  const text = await git.maybe(["cat-file", "commit", commit]);
  if (text === undefined) return undefined;
  const head = text.split("\n\n", 1)[0];
  return [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map((found) => found[1]);
}

async function exists(git, commit) {
  return (await git.maybe(["cat-file", "-e", `${commit}^{commit}`])) !== undefined;
}

/** The repository as it is here, which may be a part of the one on the server. */
class Here {
  constructor(git, log) {
    this.git = git;
    this.log = log;
  }

  /** The commits that end the history here, though they have parents. */
  shallow() {
    if (!this.file) return new Set();
    return new Set(existsSync(this.file) ? readFileSync(this.file, "utf8").split("\n").filter(Boolean) : []);
  }

  async isShallow() {
    this.file ??= resolve(this.git.folder, await this.git.text(["rev-parse", "--git-path", "shallow"]));
    return this.shallow().size > 0;
  }

  /** Fetches `commit` if it is not here, or if it is and its history ends too early. */
  async fetch(commit, depth) {
    const shallow = await this.isShallow();
    if (await exists(this.git, commit)) {
      if (!shallow || depth === 1) return;
      const listed = await this.list(commit, undefined, depth);
      if (listed.length >= depth || !listed.some((known) => this.shallow().has(known.id))) return;
    }
    await this.ask(shallow ? [`--depth=${depth}`] : [], [commit]);
  }

  /** Fetches more of the history of `commits`; all of it without `depth`. */
  async deepen(commits, depth = Infinity) {
    if (!(await this.isShallow())) return;
    if (depth === Infinity) return this.ask(["--unshallow"], commits);
    await this.ask([`--deepen=${depth}`], commits);
  }

  /** The commit that a branch of the server points to; `undefined` where there is no such branch. */
  async tip(branch) {
    const text = await this.remote(["ls-remote", "origin", branch]);
    return /^([0-9a-f]+)\t/.exec(text)?.[1];
  }

  async ask(options, commits) {
    this.log(`git fetch ${[...options, "origin", ...commits].join(" ")}`);
    await this.remote(["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", ...options, "origin", ...commits]);
  }

  async remote(args) {
    try {
      return await this.git.text(args);
    } catch (error) {
      throw new Failure(`cannot fetch the commits of the change: ${error.message}${hint(error.message)}`);
    }
  }

  /** The commits of `head` that `base` has not, oldest first; at most `limit`, then newest first. */
  async list(head, base, limit) {
    const order = limit === undefined ? ["--topo-order", "--reverse"] : [`--max-count=${limit}`];
    const hidden = base === undefined ? [] : [`^${base}`];
    const text = await this.git.text(["rev-list", "--parents", "--format=%aI", ...order, head, ...hidden]);
    const lines = text === "" ? [] : text.split("\n");
    const commits = [];
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const [id, ...parents] = lines[at].replace(/^commit /, "").split(" ");
      commits.push({ id, parents, date: lines[at + 1] });
    }
    return commits;
  }
}

function hint(message) {
  if (/username|authenticat|credential|permission|denied|403|401|repository not found/i.test(message)) {
    return "; the step has no permission to read the repository: give the job `permissions: contents: read` and let actions/checkout keep its credentials (`persist-credentials: true`), or check out with `fetch-depth: 0`";
  }
  if (/no such remote|does not appear to be a git repository|no url found/i.test(message)) {
    return "; the checkout has no remote called `origin`: check out with actions/checkout, or with `fetch-depth: 0`";
  }
  return "; check out with `fetch-depth: 0` if this server refuses to give single commits";
}
