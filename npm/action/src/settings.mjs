// The configurations in force: read from one commit, the nearest for each folder, with what they build on.
// Not here: what their keys mean; the engine says that.

import { posix } from "node:path";

import { Failure, said } from "./failure.mjs";

/** Where a configuration may stand in a folder; the first one that exists is taken. */
const NAMES = ["keylint.toml", ".keylint.toml", ".config/keylint.toml"];
const BASELINE = "keylint.baseline.json";
/** Files that name paths not to be scanned. What git tracks is tracked, so `.gitignore` says nothing here. */
const IGNORE_FILES = [".ignore", ".keylintignore"];
/** Files that build on each other. */
const MAX_EXTENDS = 32;
const FAMILIES = ["secret", "policy", "infrastructure", "code"];

export class Settings {
  /**
   * `commit` is where they are read from (nowhere without one), `objects` reads it, `keylint` is the engine, and
   * `inputs` what the step was told.
   */
  constructor({ commit, objects, git, keylint, inputs }) {
    Object.assign(this, { commit, objects, git, keylint, inputs });
    this.folders = new Map();
    this.built = new Map();
    /** The files that were read. */
    this.sources = new Set();
    this.ignore = new keylint.Ignore();
    this.ignored = new Set();
  }

  /** The text of a file of the commit; `undefined` where there is none. */
  async file(path) {
    if (this.commit === undefined) return undefined;
    const object = await this.objects.read(`${this.commit}:${path}`);
    return object?.type === "blob" ? object.data : undefined;
  }

  /** What is in force for the document at `path`: `{ scanner, folder, … }`. */
  async of(path) {
    if (this.inputs.config) return this.build("", this.inputs.config);
    return this.above(posix.dirname(path));
  }

  /** How the engine is told of the document at `path`, for which `chosen` is in force. */
  told(path, { scanner, folder, baseline }) {
    return { scanner, path: inner(folder, path), baselinePath: inner(baseline?.root ?? "", path) };
  }

  /** Why the document at `path` is not to be scanned, if so. */
  async leftOut(path, { scanner, folder, baseline }) {
    if (scanner.excludes(inner(folder, path)) || path === baseline?.path) return "excluded by the configuration";
    await this.readIgnoreFiles(posix.dirname(path));
    return this.ignore.ignores(path) ? "ignored" : undefined;
  }

  /** Whether a change of the file at `path` would be a change of what is in force. */
  concerns(path) {
    const names = [...NAMES, BASELINE, ...IGNORE_FILES];
    return this.sources.has(path) || names.some((name) => path === name || path.endsWith(`/${name}`));
  }

  /** All that was built, by folder. */
  all() {
    return [...this.built.values()];
  }

  async above(folder) {
    const known = this.folders.get(folder);
    if (known) return known;
    const found = await this.find(folder);
    const top = folder === "." || folder === "/";
    const chosen = found || top ? await this.build(top ? "" : folder, found) : await this.above(posix.dirname(folder));
    this.folders.set(folder, chosen);
    return chosen;
  }

  async find(folder) {
    for (const name of NAMES) {
      const path = posix.join(folder, name);
      if ((await this.file(path)) !== undefined) return path;
    }
    return undefined;
  }

  async build(folder, path) {
    const known = this.built.get(folder);
    if (known) return known;
    const { keylint, inputs } = this;
    try {
      const chain = path === undefined ? [] : await this.chain(path);
      const rules = Object.assign({}, ...chain.map((link) => link.rules).reverse());
      const baseline = await this.baseline(folder, chain);
      const scanner = keylint.createScanner(chain.map((link) => link.text), {
        name: chain.map((link) => link.path),
        rules,
        baseline: baseline?.text,
        baselineName: baseline?.path,
        failOn: inputs.failOn || undefined,
        minConfidence: inputs.minConfidence || undefined,
      });
      const built = { scanner, folder, path, baseline };
      this.built.set(folder, built);
      return built;
    } catch (error) {
      throw new Failure(`the configuration${path ? ` \`${path}\`` : ""} is wrong: ${said(error)}`);
    }
  }

  /** A configuration, and behind it those that it builds on. */
  async chain(path) {
    const chain = [];
    for (let next = path; next !== undefined; ) {
      if (chain.length === MAX_EXTENDS) throw new Failure(`\`${path}\` extends more than ${MAX_EXTENDS} files`);
      const bytes = await this.file(next);
      if (bytes === undefined) throw new Failure(`there is no \`${next}\` in the commit ${this.commit?.slice(0, 7)}`);
      const text = bytes.toString();
      this.sources.add(next);
      const settings = this.keylint.readConfig(text, next);
      const folder = posix.dirname(next);
      const within = (name) => contained(posix.join(folder, name), name);
      const rules = settings.rules === null ? {} : await this.rules(within(settings.rules));
      const root = posix.basename(folder) === ".config" ? posix.dirname(folder) : folder;
      chain.push({ path: next, text, rules, baseline: settings.baseline && within(settings.baseline), root });
      next = settings.extends === null ? undefined : within(settings.extends);
    }
    return chain;
  }

  /** The rule files of a folder: `ID.toml` for secrets, or `FAMILY/ID.toml`. */
  async rules(folder) {
    const place = folder === "." ? "" : `${folder}/`;
    const list = await this.git.text(["ls-tree", "-r", "-z", "--name-only", "--full-tree", `${this.commit}:${folder === "." ? "" : folder}`]);
    const rules = {};
    for (const name of list.split("\0").filter((name) => name.endsWith(".toml"))) {
      const parts = name.split("/");
      if (parts.length > 2 || (parts.length === 2 && !FAMILIES.includes(parts[0]))) continue;
      const path = `${place}${name}`;
      rules[parts.length === 1 ? `secret/${name}` : name] = (await this.file(path)).toString();
      this.sources.add(path);
    }
    return rules;
  }

  /** The baseline that is named, or the nearest one: `{ path, text, root }`, where its paths are relative to `root`. */
  async baseline(folder, chain) {
    const named = chain.find((link) => link.baseline);
    const beside = { path: posix.join(folder, BASELINE), root: folder };
    const { path, root } = named ? { path: named.baseline, root: named.root === "." ? "" : named.root } : beside;
    const bytes = await this.file(path);
    if (bytes !== undefined) {
      this.sources.add(path);
      return { path, root, text: bytes.toString() };
    }
    if (named) throw new Failure(`\`${named.path}\` names the baseline \`${path}\`, which does not exist`);
    const above = posix.dirname(folder);
    return folder === "" ? undefined : this.baseline(above === "." ? "" : above, []);
  }

  async readIgnoreFiles(folder) {
    if (this.ignored.has(folder)) return;
    this.ignored.add(folder);
    if (folder !== ".") await this.readIgnoreFiles(posix.dirname(folder));
    for (const name of IGNORE_FILES) {
      const bytes = await this.file(posix.join(folder, name));
      if (bytes !== undefined) this.ignore.add(folder === "." ? "" : folder, bytes.toString());
    }
  }
}

/** `path` relative to `folder`. */
function inner(folder, path) {
  return folder === "" ? path : path.slice(folder.length + 1);
}

function contained(path, name) {
  if (path.startsWith("../") || path === ".." || posix.isAbsolute(path)) {
    throw new Failure(`\`${name}\` leads out of the repository`);
  }
  return path;
}
