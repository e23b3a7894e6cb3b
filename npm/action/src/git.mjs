// Runs git, and reads objects through one process that stays open. Not here: which objects, and what for.
//
// The checkout may hold anything, so nothing of its work tree is read: only objects are, by their ids. Attributes
// (`-diff`, `binary`, filters) therefore cannot hide a line, and no hook, filter or monitor of a repository is run.

import { execFile, spawn } from "node:child_process";
import { devNull } from "node:os";

import { Failure, said } from "./failure.mjs";

/** A larger document is not read into memory, as on the command line. */
export const MAX_DOCUMENT = 64 << 20;
/** Where a zero byte tells a binary file, as git and grep do it. */
const SNIFF = 8 << 10;
/** What git may print at once: the paths of a hundred thousand commits. */
const MAX_OUTPUT = 1 << 30;

const SETTINGS = [
  "safe.directory=*",
  "core.fsmonitor=false",
  `core.hooksPath=${devNull}`,
  "core.quotePath=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
];

export class Git {
  /** Git in `folder`. */
  constructor(folder, env) {
    this.folder = folder;
    const own = { GIT_TERMINAL_PROMPT: "0", GIT_NO_REPLACE_OBJECTS: "1", GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
    this.env = { ...env, ...own };
    this.settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  }

  /** Runs git to its end; gives its standard output as bytes. */
  run(args, input) {
    return new Promise((resolve, reject) => {
      const options = { cwd: this.folder, env: this.env, encoding: "buffer", maxBuffer: MAX_OUTPUT };
      const child = execFile("git", [...this.settings, ...args], options, (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        if (error.code === "ENOENT") return reject(missing());
        const reason = stderr.toString().trim() || error.message;
        reject(Object.assign(new Failure(said(reason)), { git: args[0] }));
      });
      child.stdin?.on("error", () => {});
      child.stdin?.end(input ?? "");
    });
  }

  /** As `run`, and gives text without the last line end. */
  async text(args, input) {
    return (await this.run(args, input)).toString().replace(/\n$/, "");
  }

  /** As `text`; `undefined` where git fails. */
  async maybe(args) {
    try {
      return await this.text(args);
    } catch (error) {
      if (error.git) return undefined;
      throw error;
    }
  }
}

function missing() {
  return new Failure("git is not installed: keylint reads commits with it; in a container, install git before this step");
}

/** Reads objects. Ends with `close`. */
export class Objects {
  constructor(git) {
    this.child = spawn("git", [...git.settings, "cat-file", "--batch"], {
      cwd: git.folder,
      env: git.env,
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.failed = new Promise((_, reject) => {
      this.child.on("error", (error) => reject(error.code === "ENOENT" ? missing() : error));
    });
    this.failed.catch(() => {});
    this.child.stdin.on("error", () => {});
    this.stream = this.child.stdout[Symbol.asyncIterator]();
    this.rest = Buffer.alloc(0);
    this.last = Promise.resolve();
  }

  /**
   * The object called `name`: `{ type, size, data }`; without `data` where it is larger than a document may be, and then
   * with `binary`. `undefined` where there is none. A name of several lines names nothing.
   */
  read(name) {
    if (/[\n\0]/.test(name)) return Promise.resolve(undefined);
    const next = this.last.then(() => Promise.race([this.ask(name), this.failed]));
    this.last = next.catch(() => {});
    return next;
  }

  async ask(name) {
    this.child.stdin.write(`${name}\n`);
    const head = (await this.until(10)).toString();
    const [, type, digits] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(head) ?? [];
    if (type === undefined) return undefined;
    const size = Number(digits);
    if (size <= MAX_DOCUMENT) {
      const data = await this.take(size);
      await this.take(1);
      return { type, size, data };
    }
    const binary = (await this.take(SNIFF)).includes(0);
    for (let left = size - SNIFF + 1; left > 0; left -= MAX_DOCUMENT) await this.take(Math.min(left, MAX_DOCUMENT));
    return { type, size, binary };
  }

  /** What comes up to `byte`, which is left out. */
  async until(byte) {
    let at;
    while ((at = this.rest.indexOf(byte)) < 0) this.rest = Buffer.concat([this.rest, await this.more()]);
    const found = this.rest.subarray(0, at);
    this.rest = this.rest.subarray(at + 1);
    return found;
  }

  /** The next `length` bytes. */
  async take(length) {
    const parts = [];
    let left = length;
    while (left > 0) {
      if (this.rest.length === 0) this.rest = await this.more();
      const part = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(part.length);
      left -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  async more() {
    const { value, done } = await this.stream.next();
    if (done) throw new Failure("git ended while it read objects; the repository may be damaged");
    return value;
  }

  close() {
    this.child.stdin.end();
  }
}
