// The typed API over the WebAssembly module, the same in every host. Not here: where the module comes from; the entry
// files (`node.js`, `web.js`, `workerd.js`, `inline.js`) say that.

import * as wasm from "../dist/keylint.js";

let started = false;
/** Gives the texts of the rules, where they are at hand. @type {(() => ArrayBuffer | ArrayBufferView) | null} */
let texts = null;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Starts the module from bytes or a compiled module. */
export function initSync(source) {
  if (!started) {
    wasm.initSync({ module: source instanceof WebAssembly.Module ? source : bytes(source) });
    started = true;
  }
}

/** Starts the module from what may have to be waited for. */
export async function start(source) {
  if (!started) {
    await wasm.default({ module_or_path: source });
    started = true;
  }
}

/** Takes what gives the texts of the rules when they are first needed. */
export function textsFrom(source) {
  texts ??= source;
}

/** The texts are first needed by what people read; a scan does without. */
function needTexts() {
  needStart();
  if (texts === null) {
    throw new Error("the texts of the rules are not there; do not call `init` with `texts: false`");
  }
  if (typeof texts === "function") {
    if (!wasm.provideTexts(bytes(texts()))) {
      throw new Error("the texts of the rules cannot be read");
    }
    texts = undefined;
  }
}

function needStart() {
  if (!started) {
    throw new Error("keylint has not started; `await init()` first, or import `keylint/inline`");
  }
}

/** Formats that hold texts of rules. */
const plain = new Set(["json", "jsonl", "concise", "csv"]);

function bytes(source) {
  if (typeof source === "string") {
    return encoder.encode(source);
  }
  if (source instanceof Uint8Array) {
    return source;
  }
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function absent(value) {
  return value === undefined || value === null;
}

/** Joins what a report says of a finding with its places. */
function finding({ report, places }) {
  const { rule, family, severity, confidence, message, path, origin, span, excerpt, fingerprint, atGate, suppressed } =
    report;
  const { start, end, related, evidence, fixes, ...rest } = report;
  const range = places?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const ranged = (range) => (absent(range) ? {} : { range });
  const out = {
    ...rest,
    rule,
    family,
    severity,
    confidence,
    message,
    path,
    origin,
    range,
    span,
    excerpt,
    atGate,
    related: related.map(({ path, span, text }, at) => ({ path, ...ranged(places?.related[at]), span, text })),
    evidence,
    fixes: fixes.map((fix, at) => ({
      ...fix,
      edits: fix.edits.map((edit, inner) => ({
        path: edit.path,
        ...ranged(places?.edits[at]?.[inner]),
        span: edit.span,
        insert: edit.insert,
      })),
    })),
    fingerprint,
    suppressed,
  };
  if (places?.comment) {
    out.comment = places.comment;
  }
  if (places?.refused) {
    out.refused = places.refused;
  }
  return out;
}

function scanned(json) {
  const { findings, skipped } = JSON.parse(json);
  return { findings: findings.map(finding), skipped };
}

/** What the module is told of a document. */
function documentOptions(text, options) {
  const { before, scanner, beside, ...rest } = options;
  return JSON.stringify({ ...rest, string: typeof text === "string" });
}

function older(options) {
  return absent(options.before) ? undefined : bytes(options.before);
}

class Scanner {
  #inner;
  #settings;
  /** What was said last to stand beside a document. */
  #beside;

  constructor(inner) {
    this.#inner = inner;
    this.#settings = JSON.parse(inner.settings());
  }

  scan(path, text, options = {}) {
    this.#stand(options.beside);
    return scanned(this.#inner.scan(path, bytes(text), documentOptions(text, options), older(options)));
  }

  report() {
    return new Report(new wasm.Report(this.#inner), this);
  }

  redactor(options = {}) {
    const inner = this.#inner.redactor(options.path ?? "", options.minConfidence ?? "");
    return {
      push: (piece) => inner.push(bytes(piece)),
      finish: () => {
        const rest = inner.finish();
        inner.free();
        return rest;
      },
    };
  }

  redact(text, options = {}) {
    const redactor = this.redactor(options);
    return decoder.decode(redactor.push(text)) + decoder.decode(redactor.finish());
  }

  sarif(documents) {
    const report = this.report();
    try {
      for (const { path, text } of documents) {
        report.add(path, text);
      }
      return report.render("sarif", { scope: { kind: "document" } });
    } finally {
      report.free();
    }
  }

  excludes(path) {
    return this.#inner.excludes(path);
  }

  get settings() {
    return this.#settings;
  }

  free() {
    this.#inner.free();
  }

  /** Says what stands beside the next document; a list that was said is not read again. */
  #stand(beside) {
    if (this.#beside !== beside) {
      this.#inner.alone();
      beside?.forEach(({ path, text }) => this.#inner.beside(path, bytes(text)));
      this.#beside = beside;
    }
  }

  /** The scanner of the module, for a document with these beside it. */
  static inner(scanner, beside) {
    scanner.#stand(beside);
    return scanner.#inner;
  }
}

class Report {
  #inner;
  #scanner;

  constructor(inner, scanner) {
    this.#inner = inner;
    this.#scanner = scanner;
  }

  add(path, text, options = {}) {
    const scanner = Scanner.inner(options.scanner ?? this.#scanner, options.beside);
    return scanned(this.#inner.add(scanner, path, bytes(text), documentOptions(text, options), older(options)));
  }

  skip(path, kind, reason) {
    this.#inner.skip(path, kind === "excluded", reason);
  }

  gone(path, scanner = this.#scanner) {
    this.#inner.gone(Scanner.inner(scanner), path);
  }

  render(format, options = {}) {
    if (!plain.has(format)) {
      needTexts();
    }
    return this.#inner.render(format, JSON.stringify(options));
  }

  findings() {
    return JSON.parse(this.#inner.findings()).map(finding);
  }

  skipped() {
    return JSON.parse(this.#inner.skipped());
  }

  summary() {
    const summary = JSON.parse(this.#inner.summary());
    return {
      ...summary,
      severities: Object.fromEntries(summary.severities),
      suppressed: Object.fromEntries(summary.suppressed),
    };
  }

  free() {
    this.#inner.free();
  }
}

/** Ignore files with the meaning that git gives them. */
export class Ignore {
  #inner;

  constructor() {
    needStart();
    this.#inner = new wasm.Ignore();
  }

  add(folder, text) {
    this.#inner.add(folder, text);
  }

  says(path, isFolder = false) {
    return this.#inner.says(path, isFolder);
  }

  ignores(path, isFolder = false) {
    return this.#inner.ignores(path, isFolder);
  }

  free() {
    this.#inner.free();
  }
}

/** `rulesEdition` is `rules-edition` in TOML. */
const kebab = (key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A value as TOML: its strings are those of JSON but for U+007F. */
function tomlValue(value) {
  if (Array.isArray(value)) {
    return `[${value.map(tomlValue).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => !absent(inner));
    return `{ ${entries.map(([key, inner]) => `${tomlValue(kebab(key))} = ${tomlValue(inner)}`).join(", ")} }`;
  }
  return JSON.stringify(value).replaceAll("\x7f", "\\u007f");
}

/** A configuration as the text of a `keylint.toml`. Rule ids in `severity` are kebab-case already. */
function toml(config) {
  if (typeof config === "string") {
    return config;
  }
  const entries = Object.entries(config).filter(([, value]) => !absent(value));
  return entries.map(([key, value]) => `${tomlValue(kebab(key))} = ${tomlValue(value)}\n`).join("");
}

const today = () => new Date().toISOString().slice(0, 10);

export function createScanner(config, options = {}) {
  needStart();
  const configs = Array.isArray(config) ? config : absent(config) ? [] : [config];
  const names = Array.isArray(options.name) ? options.name : [options.name];
  const described = {
    configurations: configs.map((config, at) => ({ name: names[at] ?? "configuration", text: toml(config) })),
    today: options.today === undefined ? today() : options.today,
    rules: Array.isArray(options.rules) ? options.rules : Object.entries(options.rules ?? {}),
    baseline: options.baseline,
    baselineName: options.baselineName,
    policyType: options.policyType,
    compliance: options.compliance,
    failOn: options.failOn,
    minConfidence: options.minConfidence,
  };
  return new Scanner(new wasm.Scanner(JSON.stringify(described)));
}

export function readConfig(text, name = "configuration") {
  needStart();
  return JSON.parse(wasm.readConfig(text, name));
}

export function rules() {
  needTexts();
  return JSON.parse(wasm.rules());
}

export function explain(id) {
  needTexts();
  const rule = wasm.explain(id);
  return rule === undefined ? undefined : JSON.parse(rule);
}

/** The scanner of no configuration. */
let standard;

function standardScanner() {
  standard ??= createScanner();
  return standard;
}

export function redact(text, options) {
  return standardScanner().redact(text, options);
}

export function sarif(documents) {
  return standardScanner().sarif(documents);
}

export function formats() {
  needStart();
  return wasm.formats().split("\n");
}

export function version() {
  needStart();
  return wasm.version();
}
