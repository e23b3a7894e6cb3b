// What is asked of the git program: the repository, and what is staged. Not here: scanning it.

import { execFileSync, spawnSync } from "node:child_process";

/** The tree without entries, which is what a repository without commits is compared with. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const emptyTree256 = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";

function git(folder, words, options = {}) {
  return execFileSync("git", words, {
    cwd: folder,
    maxBuffer: 1 << 30,
    stdio: ["pipe", "pipe", "pipe"],
    ...options,
  });
}

/** The root of the work tree that holds `folder`; throws where there is none. */
export function workTree(folder) {
  try {
    return git(folder, ["rev-parse", "--show-toplevel"]).toString().replace(/\n$/, "");
  } catch (error) {
    const said = error.code === "ENOENT" ? "the git program is not installed" : error.stderr?.toString().trim();
    throw new Error(`\`--staged\` needs a git repository: ${said}`);
  }
}

/** The commit that is checked out, if there is one. */
export function head(folder) {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--verify", "--quiet", "HEAD"], { cwd: folder });
  return status === 0 ? stdout.toString().trim() : undefined;
}

/** The files of the index that differ from the commit: path, modes, and objects. */
export function staged(root) {
  const from = head(root) ?? (objectFormat(root) === "sha256" ? emptyTree256 : emptyTree);
  const out = git(root, ["diff-index", "--cached", "--raw", "--no-renames", "--no-abbrev", "-z", from]);
  const fields = splitNul(out);
  const changes = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [before, mode, old, blob, status] = fields[at].toString().slice(1).split(" ");
    changes.push({ path: fields[at + 1].toString(), before: isFile(before) ? old : undefined, mode, blob, status });
  }
  return changes;
}

/** The files of the index in a folder and below it, which ends with `/` or is empty. */
export function indexed(root, folder) {
  const out = git(root, ["ls-files", "--stage", "-z", "--", `:(literal)${folder || "."}`]);
  const entries = splitNul(out).map((entry) => /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(entry.toString()));
  const files = entries.filter((entry) => entry && isFile(entry[1]) && entry[3] === "0");
  return files.map(([, , blob, , path]) => ({ path, blob }));
}

const isFile = (mode) => mode.startsWith("100");

function objectFormat(root) {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--show-object-format"], { cwd: root });
  return status === 0 ? stdout.toString().trim() : "sha1";
}

/** The contents of objects, by id; one that is missing is absent. */
export function blobs(root, ids) {
  const wanted = [...new Set(ids)];
  const contents = new Map();
  if (wanted.length === 0) {
    return contents;
  }
  const out = git(root, ["cat-file", "--batch"], { input: `${wanted.join("\n")}\n` });
  let at = 0;
  while (at < out.length) {
    const end = out.indexOf(10, at);
    const [id, kind, size] = out.subarray(at, end).toString().split(" ");
    at = end + 1;
    if (kind !== "missing") {
      contents.set(id, out.subarray(at, at + Number(size)));
      at += Number(size) + 1;
    }
  }
  return contents;
}

function splitNul(bytes) {
  const fields = [];
  let at = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, at)) {
    fields.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return fields;
}
