// What commits change: the blobs that they bring to paths. Not here: what is in the blobs (`scan.mjs`).

/** How git is asked for changes: every path with its blobs, renamed files with both names. */
const RAW = ["-r", "-z", "--raw", "--no-abbrev", "--no-ext-diff", "-M"];
/** Modes that are no files. */
const NO_FILE = { 120000: "symbolic link", 160000: "submodule" };
const NO_BLOB = /^0+$/;

/** What `to` has that `from` has not: `[{ path, blob, before, from, skip }]`. Without `from`, all of `to`. */
export async function between(git, from, to) {
  if (from === undefined) return tree(git, to);
  return entries(await git.run(["diff-tree", ...RAW, from, to]));
}

/** All files of a commit, in the same shape. */
export async function tree(git, commit) {
  const text = await git.run(["ls-tree", "-r", "-z", "--full-tree", commit]);
  return records(text).map((record) => {
    const tab = record.indexOf(9);
    const [mode, , blob] = record.subarray(0, tab).toString().split(" ");
    return { ...named(record.subarray(tab + 1)), blob, before: undefined, from: undefined, skip: NO_FILE[mode] };
  });
}

/**
 * For each commit, in order, what it brought: the files that no parent has at that path. Each entry's `parents` holds,
 * for each parent of the commit, the blob that the file was made from.
 */
export async function introduced(git, commits) {
  const plain = commits.filter((commit) => commit.parents.length < 2);
  const lines = plain.map(({ id, parents }) => [id, ...parents].join(" "));
  const text = await git.run(["diff-tree", "--stdin", "--root", ...RAW], lines.map((line) => `${line}\n`).join(""));
  const brought = new Map(plain.map(({ id }) => [id, []]));
  let list;
  for (const record of groups(records(text))) {
    if (record.commit) list = brought.get(record.commit);
    else list.push(record.entry);
  }
  const all = [];
  for (const each of commits) {
    const found = each.parents.length < 2 ? brought.get(each.id) : await merged(git, each);
    all.push({ commit: each, entries: found.map((entry) => ({ parents: [entry.before], ...entry })) });
  }
  return all;
}

/** What a merge brought itself: what differs from all its parents. */
async function merged(git, { id, parents }) {
  const [first, ...others] = await Promise.all(parents.map((parent) => between(git, parent, id)));
  const maps = others.map((list) => new Map(list.map((entry) => [entry.path, entry])));
  const own = first.filter((entry) => maps.every((map) => map.has(entry.path)));
  return own.map((entry) => ({ ...entry, parents: [entry.before, ...maps.map((map) => map.get(entry.path).before)] }));
}

function entries(text) {
  return [...groups(records(text))].map((record) => record.entry);
}

/** The records of raw output: `{ commit }` or `{ entry }`; files that are gone are left out. */
function* groups(list) {
  for (let at = 0; at < list.length; ) {
    const head = list[at++].toString();
    if (!head.startsWith(":")) {
      yield { commit: head };
      continue;
    }
    const [, mode, before, blob, status] = head.split(" ");
    const old = /^[RC]/.test(status) ? named(list[at++]).path : undefined;
    const name = named(list[at++]);
    if (mode === "000000") continue;
    const known = NO_BLOB.test(before) ? undefined : before;
    yield { entry: { ...name, blob, before: known, from: old, skip: NO_FILE[mode] } };
  }
}

/** What ends with a zero byte. */
function records(text) {
  const list = [];
  for (let at = 0, end; (end = text.indexOf(0, at)) >= 0; at = end + 1) list.push(text.subarray(at, end));
  return list;
}

/** A path as text, and whether the text is exactly the path. */
function named(bytes) {
  const path = bytes.toString();
  return { path, exact: Buffer.from(path).equals(bytes) };
}
