// A server with a repository, and what the runner does before and during a step: depth-1 checkouts, an empty
// environment, the files that take outputs and summaries. Not here: what is tested.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const BUNDLE = process.env.KEYLINT_ACTION_BUNDLE ?? join(here, "../dist/index.cjs");
/** Inputs as `action.yml` gives them where a workflow says nothing. */
const DEFAULTS = defaults(readFileSync(join(here, "../../../action.yml"), "utf8"));
const IDENTITY = ["user.name=A", "user.email=a@example.org", "init.defaultBranch=main", "commit.gpgsign=false"];
/** Milliseconds after which a run that does not end is ended, so that the tests do. */
const HANGS = 120_000;
const NOTHING = "0".repeat(40);

/** The inputs of an `action.yml` with their defaults. */
export function defaults(text) {
  const inputs = text.slice(text.indexOf("\ninputs:"), text.indexOf("\noutputs:"));
  const blocks = [...inputs.matchAll(/^ {2}([a-z-]+):\n((?: {4}.*\n)+)/gm)];
  return Object.fromEntries(blocks.map(([, name, body]) => [name, /^ {4}default: "?(.*?)"?$/m.exec(body)?.[1] ?? ""]));
}

/** A repository on a server, with a work tree to make commits in. Removed by `close`. */
export class Server {
  constructor() {
    this.root = mkdtempSync(join(tmpdir(), "keylint-action-"));
    this.bare = join(this.root, "server.git");
    this.work = join(this.root, "work");
    this.runs = 0;
    mkdirSync(this.work);
    this.git("init", "--quiet", "--bare", this.bare);
    execFileSync("git", ["-C", this.bare, "config", "uploadpack.allowReachableSHA1InWant", "true"]);
    this.git("init", "--quiet");
    this.git("remote", "add", "origin", this.bare);
  }

  git(...args) {
    const settings = IDENTITY.flatMap((setting) => ["-c", setting]);
    const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: "1", HOME: this.root };
    return execFileSync("git", [...settings, ...args], { cwd: this.work, env, stdio: ["ignore", "pipe", "pipe"] })
      .toString()
      .trim();
  }

  /** Commits `files` (a text, bytes, or `null` to remove) on the branch that is checked out. */
  commit(files, message = "change") {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.work, path);
      if (content === null) rmSync(file);
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    }
    this.git("add", "--all", "--force");
    this.git("commit", "--quiet", "--allow-empty", "-m", message);
    return this.head();
  }

  head() {
    return this.git("rev-parse", "HEAD");
  }

  branch(name, from = "main") {
    this.git("checkout", "--quiet", "-B", name, from);
  }

  push(...refs) {
    this.git("push", "--quiet", "--force", "origin", ...refs);
  }

  /** Publishes the branch `name` as a pull request against main, as GitHub does; gives its event. */
  pull(name = "change") {
    const head = this.git("rev-parse", name);
    const base = this.git("rev-parse", "main");
    const commits = Number(this.git("rev-list", "--count", `${base}..${head}`));
    this.git("checkout", "--quiet", "--detach", base);
    this.git("merge", "--quiet", "--no-ff", "-m", "merge", head);
    const merge = this.head();
    this.push(`${base}:refs/heads/main`, `${head}:refs/pull/1/head`, `${merge}:refs/pull/1/merge`);
    const event = { number: 1, pull_request: { number: 1, base: { sha: base }, head: { sha: head }, commits } };
    return { name: "pull_request", event, sha: merge, ref: "refs/pull/1/merge" };
  }

  /** The event of a push of main from `before` to `after`. */
  pushed(before, after, more = {}) {
    const range = before === NOTHING ? after : `${before}..${after}`;
    const ids = this.git("rev-list", range).split("\n").filter(Boolean);
    const repository = { default_branch: "main" };
    const event = { ref: "refs/heads/main", before, after, commits: ids.map((id) => ({ id })), repository, ...more };
    return { name: "push", event, sha: after, ref: event.ref };
  }

  /** Checks out as actions/checkout does: one commit, without history. */
  checkout({ sha }, depth = 1) {
    const folder = join(this.root, `workspace-${(this.runs += 1)}`);
    mkdirSync(folder);
    const git = (...args) => execFileSync("git", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    git("init", "--quiet");
    git("remote", "add", "origin", `file://${this.bare}`);
    git("fetch", "--quiet", "--no-tags", ...(depth ? [`--depth=${depth}`] : []), "origin", sha);
    git("checkout", "--quiet", "--detach", sha);
    return folder;
  }

  /** Runs the Action for an event, with `inputs`; `env` overrides. */
  run(happened, inputs = {}, { folder = this.checkout(happened), env = {}, node = [] } = {}) {
    const files = { event: "event.json", output: "output", summary: "summary.md" };
    const temp = join(this.root, `temp-${(this.runs += 1)}`);
    mkdirSync(temp);
    for (const name of Object.keys(files)) files[name] = join(temp, files[name]);
    writeFileSync(files.event, JSON.stringify(happened.event ?? {}));
    for (const name of ["output", "summary"]) writeFileSync(files[name], "");
    const given = Object.entries({ ...DEFAULTS, ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const variables = {
      PATH: process.env.PATH,
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: folder,
      GITHUB_EVENT_NAME: happened.name,
      GITHUB_EVENT_PATH: files.event,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_SHA: happened.sha,
      GITHUB_REF: happened.ref,
      GITHUB_REPOSITORY: "example/project",
      GITHUB_SERVER_URL: "https://github.example",
      RUNNER_TEMP: temp,
      ...Object.fromEntries(given),
      ...env,
    };
    const done = spawnSync(process.execPath, [...node, BUNDLE], { cwd: folder, env: variables, maxBuffer: 1 << 28, timeout: HANGS });
    const log = done.stdout.toString();
    const lines = log.split("\n");
    return {
      code: done.status,
      log,
      stderr: done.stderr.toString(),
      folder,
      temp,
      annotations: lines.filter((line) => /^::(error|warning|notice)/.test(line)).map(annotation),
      masks: lines.filter((line) => line.startsWith("::add-mask::")).map((line) => unescaped(line.slice(12))),
      /** What everybody can read: the runner takes the masks away. */
      open: lines.filter((line) => !line.startsWith("::add-mask::")).join("\n"),
      summary: readFileSync(files.summary, "utf8"),
      outputs: outputs(readFileSync(files.output, "utf8")),
      read: (name) => readFileSync(join(folder, name), "utf8"),
    };
  }

  close() {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function annotation(line) {
  const [, level, properties, message] = /^::(\w+) ?(.*?)::(.*)$/.exec(line);
  const pairs = properties.split(",").filter(Boolean).map((pair) => /^(.*?)=(.*)$/.exec(pair).slice(1));
  const fields = pairs.map(([name, value]) => [name, unescaped(value).replaceAll("%3A", ":").replaceAll("%2C", ",")]);
  return { level, message: unescaped(message), ...Object.fromEntries(fields) };
}

function unescaped(text) {
  return text.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");
}

/** The outputs in the runner's format, of which each value ends at a mark. */
function outputs(text) {
  const found = [...text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n\2$/gm)];
  return Object.fromEntries(found.map(([, name, , value]) => [name, value]));
}

export { NOTHING };

/** A server with a project on it, and its first commit. */
export function project() {
  const server = new Server();
  const base = server.commit({ "README.md": "# project\n", "src/app.py": "import os\n\nprint(1)\n" });
  server.push("HEAD:refs/heads/main");
  return { server, base };
}

/** No text of a run but its masks holds a secret. */
export function silent(run, ...secrets) {
  for (const secret of secrets) {
    for (const part of secret.split("\n")) {
      for (const [name, text] of Object.entries({ log: run.open, stderr: run.stderr, summary: run.summary })) {
        assert.ok(!text.includes(part), `a secret stands in the ${name}`);
      }
      assert.ok(!JSON.stringify(run.outputs).includes(part), "a secret stands in an output");
    }
  }
}
