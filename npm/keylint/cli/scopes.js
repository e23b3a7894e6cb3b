// Finds configuration files, follows `extends`, reads user rules and the baseline, and makes one scanner for each
// distinct configuration. Not here: the keys and their meaning.

import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { createScanner, readConfig } from "../src/node.js";

const names = ["keylint.toml", ".keylint.toml", ".config/keylint.toml"];
const baselineName = "keylint.baseline.json";
const families = ["secret", "policy", "infrastructure", "code"];

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
const isFolder = (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** `path` with `/` between its parts. */
export const slashed = (path) => (sep === "/" ? path : path.replaceAll(sep, "/"));

/** A folder and those above it. */
export function* above(folder) {
  yield folder;
  for (let next = dirname(folder); next !== folder; next = dirname(folder)) {
    folder = next;
    yield folder;
  }
}

/** The root of the repository that a folder lies in. */
export function repository(folder) {
  for (const one of above(folder)) {
    if (existsSync(join(one, ".git"))) {
      return one;
    }
  }
  return undefined;
}

const within = (folder, top) => folder === top || folder.startsWith(top.endsWith(sep) ? top : top + sep);

/** The folders where the search for configuration files ends. */
export function tops(here, folders) {
  const tops = new Set();
  for (const folder of folders) {
    if (![...above(folder)].some((one) => tops.has(one))) {
      tops.add(repository(folder) ?? (within(folder, here) ? here : folder));
    }
  }
  return tops;
}

function read(path, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    throw new Error(`cannot read the ${what} \`${path}\`: ${reason(error)}`);
  }
}

/** Why something failed, as a short phrase. */
export function reason(error) {
  const known = { ENOENT: "no such file", EACCES: "permission denied", EPERM: "permission denied" };
  return known[error.code] ?? (error.code ? error.message.replace(/^[A-Z]+: /, "").replace(/,.*/s, "") : error.message);
}

/** A configuration file and everything that it extends, the nearest first. */
function load(path, chain = []) {
  const text = read(path, "configuration");
  const identity = realpathSync(path);
  if (chain.includes(identity)) {
    const way = [...chain, identity].map((one) => `\`${one}\``).join(" → ");
    throw new Error(`configuration files extend each other in a circle: ${way}`);
  }
  const pointers = readConfig(text, path);
  const folder = dirname(path);
  const root = basename(folder) === ".config" ? dirname(folder) : folder;
  const own = pointers.rules === null ? [] : userRules(join(folder, pointers.rules));
  const baseline = pointers.baseline === null ? undefined : [resolve(folder, pointers.baseline), resolve(root)];
  const files = [{ text, name: path }];
  if (pointers.extends === null) {
    return { files, rules: own, baseline };
  }
  let base;
  try {
    base = load(join(folder, pointers.extends), [...chain, identity]);
  } catch (error) {
    throw new Error(`\`${path}\` extends it: ${error.message}`);
  }
  const id = ([path]) => basename(path);
  const rules = base.rules.filter((rule) => !own.some((nearer) => id(nearer) === id(rule)));
  return { files: [...files, ...base.files], rules: [...rules, ...own], baseline: baseline ?? base.baseline };
}

/** The rule files of a folder: `ID.toml` for secrets, or `FAMILY/ID.toml`. */
function userRules(folder) {
  const rules = [];
  for (const family of ["", ...families]) {
    const inner = join(folder, family);
    if (family && !isFolder(inner)) {
      continue;
    }
    let entries;
    try {
      entries = readdirSync(inner);
    } catch (error) {
      throw new Error(`cannot read the rules in \`${inner}\`: ${reason(error)}`);
    }
    for (const name of entries.filter((name) => name.endsWith(".toml")).sort()) {
      rules.push([`${family || "secret"}/${name}`, read(join(inner, name), "rule")]);
    }
  }
  return rules;
}

/** The configurations of a run, by folder. */
export class Scopes {
  constructor(options, tops) {
    this.options = options;
    this.tops = tops;
    this.byFolder = new Map();
    this.scanners = new Map();
    this.baselines = new Map();
  }

  /** The configuration in force in a folder, which is absolute. */
  of(folder) {
    let scope = this.byFolder.get(folder);
    if (!scope) {
      const found = this.find(folder);
      const parent = dirname(folder);
      if (found) {
        scope = this.build(folder, load(found));
      } else if (parent !== folder && !this.tops.has(folder)) {
        scope = this.of(parent);
      } else {
        const { config } = this.options;
        scope = this.build(folder, config ? load(config) : { files: [], rules: [] });
      }
      this.byFolder.set(folder, scope);
    }
    return scope;
  }

  find(folder) {
    if (this.options.config || this.options.isolated) {
      return undefined;
    }
    return names.map((name) => join(folder, name)).find(isFile);
  }

  /** The baseline that is named, or stands beside the configuration or above it: its file and the folder of its paths. */
  baselineOf(base, loaded) {
    const top = [...above(base)].find((one) => this.tops.has(one)) ?? base;
    if (this.options.baseline) {
      return [resolve(this.options.baseline), top];
    }
    if (loaded.baseline) {
      return loaded.baseline;
    }
    if (this.options.isolated) {
      return undefined;
    }
    for (const one of above(base)) {
      if (!within(one, top)) {
        break;
      }
      if (isFile(join(one, baselineName))) {
        return [join(one, baselineName), one];
      }
    }
    return undefined;
  }

  build(base, loaded) {
    const place = this.baselineOf(base, loaded);
    let text;
    if (place) {
      text = this.baselines.get(place[0]) ?? read(place[0], "baseline");
      this.baselines.set(place[0], text);
    }
    const { options } = this;
    const chosen = [
      options.preview ? "preview = true\n" : "",
      options["rules-edition"] ? `rules-edition = "${options["rules-edition"]}"\n` : "",
    ].join("");
    const files = [...(chosen ? [{ text: chosen, name: "command line" }] : []), ...loaded.files];
    const key = JSON.stringify([files.map((file) => file.text), loaded.rules, text]);
    let scanner = this.scanners.get(key);
    if (!scanner) {
      scanner = createScanner(files.map((file) => file.text), {
        name: files.map((file) => file.name),
        rules: loaded.rules,
        baseline: text,
        baselineName: place?.[0],
        policyType: options["policy-type"],
        compliance: options.compliance,
        failOn: options["fail-on"],
        minConfidence: options["min-confidence"],
      });
      this.scanners.set(key, scanner);
    }
    const inside = (path, folder) => (within(path, folder) ? slashed(relative(folder, path)) : undefined);
    return {
      base,
      scanner,
      // What stands before paths relative to `base` in the paths of the baseline.
      prefix: place ? (inside(base, place[1]) ?? "") : undefined,
      root: place?.[1],
      own: place ? inside(place[0], base) : undefined,
      name: (path) => inside(path, base) ?? slashed(path),
    };
  }
}
