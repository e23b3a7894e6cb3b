// Walks files and folders as the native program does: with git's ignore files and keylint's own. Not here: scanning.

import { lstatSync, readFileSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { execFileSync } from "node:child_process";
import { Ignore } from "../src/node.js";
import { reason, repository, slashed } from "./scopes.js";

/** Ignore files of keylint's own and of other searchers; git's count inside a repository only. */
const own = [".keylintignore", ".ignore"];

function text(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The ignore files in force below one root: git's start at the root of the repository, the others at the file system's. */
class Ignores {
  constructor(folder, git = true) {
    this.repository = repository(folder);
    this.kinds = [
      ...own.map((name) => ({ name, root: resolve("/"), ignore: new Ignore(), known: new Set() })),
      ...(git && this.repository ? [{ name: ".gitignore", root: this.repository, ignore: new Ignore(), known: new Set() }] : []),
    ];
    if (git && this.repository) {
      this.kinds.push(this.#single(join(gitFolder(this.repository), "info", "exclude")));
      this.kinds.push(this.#single(globalIgnore(this.repository)));
    }
  }

  #single(path) {
    const kind = { root: this.repository, ignore: new Ignore(), known: new Set() };
    kind.ignore.add("", (path && text(path)) ?? "");
    return kind;
  }

  /** Whether a path is ignored, what is said of folders above it aside. */
  has(path, isFolder) {
    for (const kind of this.kinds) {
      const inner = slashed(relative(kind.root, path));
      if (inner.startsWith("..") || inner === "") {
        continue;
      }
      if (kind.name) {
        this.#load(kind, dirname(path));
      }
      const said = kind.ignore.says(inner, isFolder);
      if (said !== undefined) {
        return said;
      }
    }
    return false;
  }

  #load(kind, folder) {
    while (!kind.known.has(folder)) {
      kind.known.add(folder);
      const found = text(join(folder, kind.name));
      if (found !== undefined) {
        kind.ignore.add(slashed(relative(kind.root, folder)), found);
      }
      if (folder === kind.root || dirname(folder) === folder) {
        break;
      }
      folder = dirname(folder);
    }
  }
}

function gitFolder(repository) {
  const path = join(repository, ".git");
  if (statSync(path).isDirectory()) {
    return path;
  }
  const pointer = /^gitdir: (.*)$/m.exec(text(path) ?? "");
  const folder = pointer ? resolve(repository, pointer[1]) : path;
  const common = text(join(folder, "commondir"));
  return common ? resolve(folder, common.trim()) : folder;
}

/** The user's ignore file: `core.excludesFile`, else the place where git looks. */
function globalIgnore(repository) {
  try {
    const options = { cwd: repository, stdio: ["ignore", "pipe", "ignore"] };
    return execFileSync("git", ["config", "--path", "--get", "core.excludesFile"], options).toString().replace(/\n$/, "");
  } catch {
    return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "git", "ignore");
  }
}

/** What a thing that is neither file, folder nor link is called. */
export function irregular(stat) {
  if (stat.isFIFO()) {
    return "named pipe";
  }
  if (stat.isSocket()) {
    return "socket";
  }
  if (stat.isBlockDevice() || stat.isCharacterDevice()) {
    return "device";
  }
  return stat.isFile() ? undefined : "not a regular file";
}

/**
 * Calls `file(path, named)` for each file below `root`, and `skip(path, kind, reason)` for what is none.
 * `enters(path)` says whether a folder is to be looked into.
 */
export function walk(here, root, { file, skip, enters }) {
  const path = resolve(here, root);
  let stat;
  try {
    stat = lstatSync(path);
    // What the user names is followed.
    if (stat.isSymbolicLink()) {
      stat = statSync(path);
    }
  } catch (error) {
    return skip(root, "incomplete", reason(error));
  }
  if (!stat.isDirectory()) {
    const kind = irregular(stat);
    return kind ? skip(root, "incomplete", kind) : file(root, true);
  }
  folder(root, path, new Ignores(path), { file, skip, enters });
}

function folder(shown, path, ignores, calls) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    return calls.skip(shown, "incomplete", reason(error));
  }
  for (const entry of entries) {
    if (entry.name === ".git") {
      continue;
    }
    const inner = join(path, entry.name);
    const name = shown.endsWith("/") || shown.endsWith(sep) ? shown + entry.name : `${shown}/${entry.name}`;
    const isFolder = entry.isDirectory();
    if (ignores.has(inner, isFolder)) {
      continue;
    }
    if (isFolder) {
      if (calls.enters(inner)) {
        folder(name, inner, ignores, calls);
      }
    } else if (entry.isSymbolicLink()) {
      calls.skip(name, "excluded", "symbolic link");
    } else if (entry.isFile()) {
      calls.file(name, false);
    } else {
      calls.skip(name, "excluded", irregular(entry) ?? "not a regular file");
    }
  }
}

/** Whether ignore files leave out a path that the user names (`--force-exclude`). */
export function ignored(path, isFolder) {
  const ignores = new Ignores(dirname(path));
  const top = ignores.repository ?? process.cwd();
  const parts = relative(top, path).split(sep);
  if (parts[0] === "..") {
    return false;
  }
  return parts.some((part, at) => {
    const last = at === parts.length - 1;
    return part === ".git" || ignores.has(join(top, ...parts.slice(0, at + 1)), last ? isFolder : true);
  });
}

/** Whether keylint's own ignore files leave out a staged path: what git tracks is tracked. */
export function ownIgnores(root) {
  const ignores = new Ignores(root, false);
  return (path) => {
    const parts = path.split("/");
    return parts.some((_, at) => ignores.has(join(root, ...parts.slice(0, at + 1)), at < parts.length - 1));
  };
}

