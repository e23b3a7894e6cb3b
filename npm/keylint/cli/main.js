// The command over WebAssembly: the same options, reports and exit codes as the native program for files, folders,
// standard input and what is staged. Not here: the command line (`args.js`), walking, git, configurations.

import { existsSync, openSync, readFileSync, readSync, closeSync, statSync, fstatSync, writeFileSync, writeSync, realpathSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { explain, rules, version } from "../src/node.js";
import { Usage, help, parse } from "./args.js";
import { blobs, head, staged, workTree } from "./git.js";
import { Scopes, reason, slashed, tops } from "./scopes.js";
import { isOfModule, Modules } from "./modules.js";
import { ignored, irregular, ownIgnores, walk } from "./walk.js";

/** WebAssembly's memory ends at 4 GiB, and a text is in it twice; the native program streams larger files. */
const maxSize = 1 << 30;
/** A folder's worth of staged objects at a time. */
const batch = 200;
const stdinName = "<stdin>";

/** Runs the command line; gives the exit code. */
export async function main(words) {
  try {
    const args = parse(words);
    if (args.options.help) {
      return print(help);
    }
    if (args.options.version) {
      return print(`keylint ${version()}\n`);
    }
    return { check, redact, rules: listRules, explain: explainRule }[args.command](args);
  } catch (error) {
    if (error.code === "EPIPE") {
      return 0;
    }
    const hint = error instanceof Usage ? "; `keylint --help` lists the options" : "";
    say("error", `${error.message}${hint}`);
    return 2;
  }
}

/** Characters that act on a terminal, hide, or reorder what stands around them; a line end does no harm. */
const hostile = /(?!\n)[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Says something on standard error; it may quote a file or its name, which must not reach the terminal as it is. */
function say(kind, text) {
  const visible = text.replace(hostile, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
  process.stderr.write(`${kind}: ${visible}\n`);
}

/** All of it, before the process ends: standard output may be a pipe. */
function print(text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") {
        throw error;
      }
      pause();
    }
  }
  return 0;
}

/** The other side of a pipe is slow: a millisecond, so that nothing spins. */
function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

/** A path as reports name it: without a leading `./`. */
function shown(path) {
  const text = slashed(path);
  const rest = text.startsWith("./") ? text.slice(2).replace(/^\/+/, "") : "";
  return rest || text;
}

function check({ paths, formats, options }) {
  const started = performance.now();
  const here = realpathSync(process.cwd());
  const target = options.staged ? { root: realpathSync(workTree(here)) } : named(here, paths, options);
  const folders = options.staged ? [target.root] : target.roots.map((root) => folderOf(here, root));
  if (folders.length === 0) {
    folders.push(here);
  }
  const scopes = new Scopes(options, tops(here, folders));
  const first = scopes.of(folders[0]);
  const report = first.scanner.report();
  const run = { here, options, scopes, report, seen: new Set(), modules: new Modules() };

  let kind = "paths";
  if (options.staged) {
    kind = "index";
    scanStaged(run, target.root);
  } else {
    if (target.stdin) {
      kind = target.roots.length === 0 ? "stdin" : "paths";
      scanStdin(run);
    }
    for (const root of target.roots) {
      if (options["force-exclude"] && ignored(resolve(here, root), isFolder(root))) {
        report.skip(shown(root), "excluded", "ignored");
      } else {
        walk(here, root, calls(run));
      }
    }
  }
  gone(run);
  return write(run, { formats, kind, folder: folders[0], started, first });
}

const isFolder = (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
const folderOf = (here, root) => (isFolder(root) ? resolve(here, root) : dirname(resolve(here, root)));

/** The files and folders to scan, and whether standard input is scanned too. */
function named(here, paths, options) {
  const stdin = paths.includes("-") || options["stdin-filename"] !== undefined;
  const list = options["files-from"];
  if (stdin && list === "-") {
    throw new Error("standard input cannot be both a document and the list of files");
  }
  let roots = paths.filter((path) => path !== "-");
  for (const root of roots) {
    if (!existsSync(root)) {
      throw new Error(`cannot scan \`${root}\`: no such file or folder`);
    }
  }
  if (list !== undefined) {
    const text = readFileSync(list === "-" ? 0 : list).toString();
    const lines = text.includes("\0") ? text.split("\0") : text.split("\n").map((line) => line.replace(/\r$/, ""));
    roots.push(...lines.filter((line) => line !== ""));
  }
  roots = roots.map((root) => {
    const inner = isAbsolute(root) ? relative(here, root) : undefined;
    return inner === undefined || inner.startsWith("..") || isAbsolute(inner) ? root : inner || ".";
  });
  if (roots.length === 0 && !stdin && list === undefined) {
    roots.push(".");
  }
  return { roots, stdin };
}

/** What a walk does with what it meets. */
function calls(run) {
  const { here, options, scopes, report } = run;
  return {
    skip: (path, kind, why) => report.skip(shown(path), kind, why),
    enters: (path) => {
      const scope = scopes.of(dirname(path));
      return !scope.scanner.excludes(scope.name(path));
    },
    file: (path, named) => {
      const full = resolve(here, path);
      const scope = scopes.of(dirname(full));
      const name = scope.name(full);
      if ((!named || options["force-exclude"]) && (scope.own === name || scope.scanner.excludes(name))) {
        return report.skip(shown(path), "excluded", "excluded by the configuration");
      }
      const text = read(full);
      if (text.skip) {
        const hole = named && text.skip !== "binary" ? "incomplete" : text.kind;
        return report.skip(shown(path), hole, text.skip);
      }
      const beside = isOfModule(full) ? run.modules.onDisk(dirname(full), shown(path)) : undefined;
      add(run, scope, shown(path), name, text.bytes, { beside });
    },
  };
}

/** The bytes of a file, or why there are none. */
function read(path) {
  let file;
  try {
    file = openSync(path, "r");
    const stat = fstatSync(file);
    const kind = irregular(stat);
    if (kind) {
      return { skip: kind, kind: "excluded" };
    }
    if (stat.size > maxSize) {
      return { skip: "larger than 1 GiB; the native program streams such files", kind: "incomplete" };
    }
    // A binary file is told by its head, so that a large one is not read.
    const headBytes = Buffer.alloc(Math.min(stat.size, 8192));
    if (stat.size > 1 << 20 && readSync(file, headBytes, 0, headBytes.length, 0) > 0) {
      const wide = headBytes[0] >= 0xfe || headBytes.subarray(0, 512).includes(0);
      if (!wide && headBytes.includes(0)) {
        return { skip: "binary", kind: "excluded" };
      }
    }
    return { bytes: readFileSync(file) };
  } catch (error) {
    return { skip: reason(error), kind: "incomplete" };
  } finally {
    if (file !== undefined) {
      closeSync(file);
    }
  }
}

function add(run, scope, path, name, bytes, options) {
  const baselinePath = scope.prefix === undefined ? undefined : join(scope.prefix, name).replaceAll("\\", "/");
  run.report.add(path, bytes, { path: name, baselinePath, scanner: scope.scanner, ...options });
}

function scanStdin(run) {
  const { here, options, scopes } = run;
  const path = options["stdin-filename"] ?? stdinName;
  const full = resolve(here, path);
  const scope = scopes.of(dirname(full));
  const name = scope.name(full);
  if (options["force-exclude"] && (scope.own === name || scope.scanner.excludes(name))) {
    return run.report.skip(shown(path), "excluded", "excluded by the configuration");
  }
  add(run, scope, shown(path), name, readFileSync(0), { origin: "stdin" });
}

function scanStaged(run, root) {
  const { options, scopes, report } = run;
  const leftOut = ownIgnores(root);
  const wanted = [];
  for (const change of staged(root)) {
    const { path, mode, status } = change;
    if (status === "D") {
      continue;
    }
    const full = join(root, path);
    const scope = scopes.of(dirname(full));
    const name = scope.name(full);
    if (status === "U") {
      report.skip(path, "incomplete", "unresolved merge conflict");
    } else if (mode === "120000") {
      report.skip(path, "excluded", "symbolic link");
    } else if (mode === "160000") {
      report.skip(path, "excluded", "submodule");
    } else if (leftOut(path)) {
      report.skip(path, "excluded", "ignored");
    } else if (scope.own === name || scope.scanner.excludes(name)) {
      report.skip(path, "excluded", "excluded by the configuration");
    } else if (change.before !== change.blob) {
      wanted.push({ ...change, scope, name });
    }
  }
  for (let at = 0; at < wanted.length; at += batch) {
    const some = wanted.slice(at, at + batch);
    const contents = blobs(root, some.flatMap(({ blob, before }) => (before ? [blob, before] : [blob])));
    for (const { path, blob, before, scope, name } of some) {
      const text = contents.get(blob);
      if (text === undefined) {
        report.skip(path, "incomplete", "its object is missing");
        continue;
      }
      const older = before ? (contents.get(before) ?? "") : "";
      add(run, scope, path, name, text, {
        origin: "index",
        before: older,
        beside: isOfModule(path) ? run.modules.staged(root, path) : undefined,
        newSuppressions: options["no-new-suppressions"] ? false : undefined,
      });
    }
  }
}

/** Tells the baselines which of their files do not exist any more. */
function gone({ scopes, report }) {
  for (const { scanner, root } of new Set(scopes.byFolder.values())) {
    for (const path of root === undefined ? [] : scanner.settings.baselinePaths) {
      if (!existsSync(join(root, path))) {
        report.gone(path, scanner);
      }
    }
  }
}

function write({ options, report }, { formats, kind, folder, started, first }) {
  const summary = report.summary();
  if (summary.files === 0 && summary.complete && !options.quiet) {
    say("note", "nothing was scanned: no file is there, or all of them are left out (`-v` lists what was)");
  }
  if (first.scanner.settings.expandExamples && !options.quiet) {
    say("note", "`expand-examples` needs the native program; templates were scanned as they stand");
  }
  const nothing = summary.findings === 0 && Object.values(summary.suppressed).every((count) => count === 0);
  const silent = options.quiet && nothing && summary.complete;
  let commit;
  for (const { format, path } of formats.length > 0 ? formats : [{ format: "text", path: undefined }]) {
    const machine = format !== "text" && format !== "concise";
    if (silent && !machine && path === undefined) {
      continue;
    }
    if (machine) {
      commit ??= head(folder);
    }
    const text = report.render(format, {
      ...(path === undefined ? terminal(options) : {}),
      showSecrets: options["show-secrets"] ?? false,
      showSuppressed: options["show-suppressed"] ?? false,
      verbose: options.verbose ?? false,
      scope: { kind, commit: machine ? commit : undefined },
      elapsed: Math.floor(performance.now() - started),
    });
    try {
      path === undefined ? print(text) : writeFileSync(path, text);
    } catch (error) {
      // A reader that has seen enough is no error. What else is to be written is written, and the exit code stays.
      if (path === undefined && error.code === "EPIPE") {
        continue;
      }
      throw new Error(`cannot write the report to ${path === undefined ? "standard output" : `\`${path}\``}: ${reason(error)}`);
    }
  }
  return options["exit-zero"] && summary.exitCode === 1 ? (summary.complete ? 0 : 3) : summary.exitCode;
}

/** What the terminal can show. */
function terminal(options) {
  const { env, stdout } = process;
  const isTerminal = stdout.isTTY ?? false;
  const dumb = env.TERM === "dumb";
  const set = (name) => env[name] !== undefined && env[name] !== "" && env[name] !== "0";
  const auto = () => {
    if (env.NO_COLOR) {
      return false;
    }
    return set("FORCE_COLOR") || set("CLICOLOR_FORCE") || (isTerminal && !dumb && env.CLICOLOR !== "0");
  };
  const choice = options.color ?? "auto";
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value);
  return {
    color: choice === "always" || (choice === "auto" && auto()),
    hyperlinks: isTerminal && !dumb && choice !== "never",
    width: isTerminal ? stdout.columns : undefined,
    ascii: isTerminal && locale !== undefined && !/utf-?8/i.test(locale),
  };
}

function redact({ paths, options }) {
  const file = paths.find((path) => path !== "-");
  const here = process.cwd();
  const folder = file === undefined ? here : dirname(resolve(here, file));
  const scopes = new Scopes(options, tops(here, [folder]));
  const path = file ?? options["stdin-filename"] ?? "";
  const scanner = scopes.of(folder).scanner;
  const redactor = scanner.redactor({ path: extname(path) ? path : basename(path), minConfidence: options["min-confidence"] });
  const input = file === undefined ? 0 : openSync(file, "r");
  const buffer = Buffer.alloc(64 << 10);
  for (;;) {
    let length;
    try {
      length = readSync(input, buffer, 0, buffer.length, null);
    } catch (error) {
      if (error.code === "EOF") {
        break;
      }
      if (error.code === "EAGAIN") {
        pause();
        continue;
      }
      throw new Error(`cannot read the text to redact: ${reason(error)}`);
    }
    if (length === 0) {
      break;
    }
    print(redactor.push(buffer.subarray(0, length)));
  }
  return print(redactor.finish());
}

function listRules({ options }) {
  const all = rules();
  if (options.format === "json") {
    return print(`${JSON.stringify({ version: 1, rules: all }, null, 2)}\n`);
  }
  const width = Math.max(...all.map((rule) => rule.id.length));
  const line = ({ id, severity, title, stage }) =>
    `${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}${stage === "preview" ? " (preview)" : ""}\n`;
  return print(all.map(line).join(""));
}

function explainRule({ paths }) {
  const rule = paths[0] === undefined ? undefined : explain(paths[0]);
  if (!rule) {
    throw new Error(`no rule is called \`${paths[0] ?? ""}\`; \`keylint rules\` lists them`);
  }
  const { id, title, family, severity, since, docs, response, references, page } = rule;
  const sections = [
    ["", `family ${family} · severity ${severity} · since ${since}`],
    ["", docs],
    ["If it leaked", response.contain],
    ["Revoke", response.revoke],
    ["See what was done with it", response.audit],
    ["References", [...references, page].join("\n")],
  ];
  const indented = (text, indent) => text.split("\n").map((line) => `${indent}${line}\n`).join("");
  const body = sections.filter(([, text]) => text).map(([head, text]) => `\n${head ? `${head}\n` : ""}${indented(text, head ? "  " : "")}`);
  return print(`${id}: ${title}\n${body.join("")}`);
}
