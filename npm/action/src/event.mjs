// What happened, from the environment and the event of a run. Not here: getting the commits (`range.mjs`).

import { readFileSync } from "node:fs";

import { Failure, said } from "./failure.mjs";

/** From here on GitHub's counts and lists of commits are cut. */
const MAX_COUNT = 250;
/** What a push says to have been there before a branch was created. */
const NOTHING = /^0+$/;
/** An object id. What an event says is given to git as an argument, so it must be nothing else. */
const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * What is to be scanned:
 * `{ kind: "range", name, base, head, expected, count, guarded }`: the commits that `head` has and `base` has not, about
 * `expected` of them, or `count` where that is sure. `base` is absent where everything is new, or `{ branch }` where it
 * must be looked up.
 * `guarded` says that the change is yet to be accepted, so that what it says of itself does not count.
 * `{ kind: "tree", commit }`: all files. `{ kind: "nothing", why }`.
 */
export function plan(env, scope) {
  const name = env.GITHUB_EVENT_NAME ?? "";
  const event = payload(env.GITHUB_EVENT_PATH);
  const range = scope === "tree" ? undefined : ranges[name]?.(event, env);
  if (range) return range;
  if (scope === "commits" || scope === "diff") {
    throw new Failure(`scope \`${scope}\` needs commits, and the event \`${name || "(none)"}\` brings none; use \`auto\` or \`tree\``);
  }
  return { kind: "tree", name, commit: "HEAD" };
}

/** By event: the range that it brings. */
const ranges = {
  pull_request: pull,
  pull_request_target: pull,
  push,
  merge_group: (event) => {
    const group = event.merge_group ?? {};
    const [base, head] = [id(group.base_sha, "merge_group.base_sha"), id(group.head_sha, "merge_group.head_sha")];
    return { kind: "range", name: "merge group", base, head, guarded: true };
  },
};

function pull(event, env) {
  const pull = event.pull_request ?? {};
  const expected = Number.isSafeInteger(pull.commits) ? pull.commits : undefined;
  return {
    kind: "range",
    name: `pull request #${Number(pull.number ?? event.number) || "?"}`,
    base: id(pull.base?.sha, "pull_request.base.sha"),
    head: id(pull.head?.sha, "pull_request.head.sha"),
    expected,
    count: expected < MAX_COUNT ? expected : undefined,
    // The commit that GitHub made to merge the two, if that is what the run is about.
    merge: ID.test(env.GITHUB_SHA ?? "") ? env.GITHUB_SHA : undefined,
    guarded: true,
  };
}

function push(event) {
  if (event.deleted) return { kind: "nothing", why: "the push deletes a branch or a tag" };
  const head = id(event.after, "after");
  const before = id(event.before, "before");
  const expected = Array.isArray(event.commits) ? event.commits.length : undefined;
  const fallback = event.repository?.default_branch;
  const main = `refs/heads/${fallback}`;
  const branch = fallback && event.ref !== main ? main : undefined;
  const first = NOTHING.test(before);
  // Whoever can push can change the workflow too, and a merge that was accepted must not fail afterwards.
  const range = { kind: "range", name: "push", head, guarded: false };
  if (first) return { ...range, base: branch && { branch } };
  return { ...range, base: before, expected, instead: branch && { branch } };
}

function id(value, name) {
  if (typeof value !== "string" || !ID.test(value)) throw new Failure(`the event holds no commit in \`${name}\``);
  return value;
}

function payload(path) {
  if (!path) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Failure(`cannot read the event \`${path}\`: ${said(error)}`);
  }
}
