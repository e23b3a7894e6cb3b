// The command line: the options of the native program that make sense without it. Not here: what they do.

import { formats } from "../src/node.js";

/** Wrong usage: said in one line, and the exit code is 2. */
export class Usage extends Error {}

const severities = ["info", "low", "medium", "high", "critical", "never"];
const confidences = ["low", "medium", "high", "certain"];

const one = (known) => (word, option) => {
  if (!known.includes(word)) {
    throw new Usage(`invalid value \`${word}\` for \`${option}\`: expected ${known.slice(0, -1).join(", ")} or ${known.at(-1)}`);
  }
  return word;
};
const text = (word) => word;
const edition = (word, option) => {
  if (!/^\d{1,5}\.\d{1,5}\.\d{1,5}$/.test(word)) {
    throw new Usage(`invalid value \`${word}\` for \`${option}\`: expected a version such as 0.1.0`);
  }
  return word;
};

/** Options with a value: how it is read. */
const valued = {
  "--files-from": text,
  "--stdin-filename": text,
  "--threads": text,
  "--format": (word, option) => (option.list ? one(["text", "json"])(word, "--format") : report(word)),
  "--fail-on": one(severities),
  "--min-confidence": one(confidences),
  "--config": text,
  "--baseline": text,
  "--policy-type": text,
  "--compliance": text,
  "--rules-edition": edition,
  "--color": one(["auto", "always", "never"]),
};

const switches = [
  "--staged",
  "--force-exclude",
  "--show-secrets",
  "--show-suppressed",
  "--no-new-suppressions",
  "--exit-zero",
  "--isolated",
  "--preview",
  "--quiet",
  "--verbose",
  "--help",
  "--version",
  "--no-cache",
];

const short = { "-q": "--quiet", "-v": "--verbose", "-h": "--help", "-V": "--version", "-j": "--threads" };
const commands = ["check", "redact", "rules", "explain"];

/** What only the native program has. */
const absent = {
  options: ["--since", "--range", "--archives", "--all", "--diff", "--fix", "--unsafe", "--author", "--watch"],
  commands: [
    "git", "image", "baseline", "migrate", "triage", "respond", "merge", "init", "config", "completions", "man", "lsp",
    "install-hook", "pre-push", "commit-msg", "pre-receive", "guard", "policy",
  ],
};

function report(word) {
  const colon = word.indexOf(":");
  const [format, path] = colon < 0 ? [word, undefined] : [word.slice(0, colon), word.slice(colon + 1)];
  if (path === "") {
    throw new Usage("a path is missing after the `:`");
  }
  if (!formats().includes(format)) {
    throw new Usage(`no format is called \`${format}\`: there are ${formats().join(", ")}`);
  }
  return { format, path: path === "-" ? undefined : path };
}

/** Reads the words behind `keylint`. */
export function parse(words) {
  const args = { command: "check", paths: [], formats: [], options: {} };
  let rest = [...words];
  if (commands.includes(rest[0])) {
    args.command = rest.shift();
  } else if (absent.commands.includes(rest[0])) {
    throw new Usage(`\`keylint ${rest[0]}\` needs the native program, which is not installed here`);
  }
  const list = args.command === "rules";
  let plain = false;
  while (rest.length > 0) {
    let word = rest.shift();
    if (plain || word === "-" || !word.startsWith("-")) {
      args.paths.push(word);
      continue;
    }
    if (word === "--") {
      plain = true;
      continue;
    }
    let value;
    const equals = word.indexOf("=");
    if (word.startsWith("--") && equals > 0) {
      [word, value] = [word.slice(0, equals), word.slice(equals + 1)];
    } else if (!word.startsWith("--") && word.length > 2) {
      // `-j4`, or `-qv`.
      if (valued[short[word.slice(0, 2)]]) {
        value = word.slice(2);
      } else {
        rest.unshift(`-${word.slice(2)}`);
      }
      word = word.slice(0, 2);
    }
    word = short[word] ?? word;
    if (absent.options.includes(word)) {
      throw new Usage(`\`${word}\` needs the native program, which is not installed here`);
    } else if (switches.includes(word) && value === undefined) {
      args.options[word.slice(2)] = true;
    } else if (valued[word]) {
      value ??= rest.shift();
      if (value === undefined) {
        throw new Usage(`a value is required for \`${word}\``);
      }
      if (word === "--format" && !list) {
        args.formats.push(report(value));
      } else if (word === "--compliance") {
        (args.options.compliance ??= []).push(value);
      } else {
        args.options[word.slice(2)] = word === "--format" ? one(["text", "json"])(value, word) : valued[word](value, word);
      }
    } else {
      throw new Usage(`unexpected argument \`${word}\``);
    }
  }
  check(args);
  return args;
}

function check({ formats, options, paths }) {
  const clash = (a, b) => {
    if (options[a] !== undefined && options[b] !== undefined) {
      throw new Usage(`\`--${a}\` cannot be used with \`--${b}\``);
    }
  };
  clash("config", "isolated");
  clash("quiet", "verbose");
  clash("staged", "files-from");
  clash("staged", "stdin-filename");
  if (options.staged && paths.length > 0) {
    throw new Usage("`--staged` cannot be used with paths");
  }
  if (options["no-new-suppressions"] && !options.staged) {
    throw new Usage("`--no-new-suppressions` needs `--staged`");
  }
  formats.forEach((one, at) => {
    if (formats.slice(0, at).some((other) => other.path === one.path)) {
      throw new Usage(
        one.path === undefined
          ? `two reports would be written to standard output; name a file for one: \`--format ${one.format}:PATH\``
          : `two reports would be written to \`${one.path}\``,
      );
    }
  });
}

export const help = `\
Finds leaked credentials in files, without a network (WebAssembly; the native program has more commands)

Usage: keylint [check] [OPTIONS] [PATHS]...   files and folders, \`-\` for standard input
       keylint redact [FILE]                  a text with placeholders in place of its secrets
       keylint rules [--format text|json]     all rules
       keylint explain RULE                   what a rule finds, and what to do

Scope:
      --staged                 the lines that the next commit adds
      --files-from FILE        also the files listed in this file
      --stdin-filename PATH    the path that standard input is taken to have
      --force-exclude          leave out ignored files even where they are named
Output:
      --format FORMAT[:PATH]   a report; repeatable
      --show-secrets           print secrets as they are
      --show-suppressed        also what is suppressed
      --color auto|always|never
  -q, --quiet
  -v, --verbose
Gate:
      --fail-on SEVERITY       info, low, medium, high, critical or never [default: high]
      --min-confidence C       low, medium, high or certain [default: medium]
      --no-new-suppressions    comments on added lines suppress nothing (with --staged)
      --exit-zero
Configuration:
      --config PATH, --isolated, --baseline PATH, --preview, --rules-edition VERSION, --policy-type TYPE,
      --compliance CONTROL

Exit codes: 0 clean, 1 findings at the gate, 2 usage or configuration error, 3 scan incomplete.
`;
