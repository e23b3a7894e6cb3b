/**
 * keylint finds leaked credentials in text: offline, and without showing them again.
 *
 * Node, Bun, Deno and workerd start by themselves when the module is imported. In browsers and bundlers call
 * `await init()` once before anything else, or import `keylint/inline`, which carries the WebAssembly module inside
 * and starts by itself everywhere.
 */

/** How bad a finding is if it is true. */
export type Severity = "info" | "low" | "medium" | "high" | "critical";
/** How sure a finding is. */
export type Confidence = "low" | "medium" | "high" | "certain";
/** What rules are about. */
export type Family = "secret" | "policy" | "infrastructure" | "code";
/** Report formats: the ones of `keylint --format`. `formats()` lists them. */
export type Format = "text" | "concise" | "json" | "jsonl" | "sarif" | "github" | (string & {});
/** Where a document came from. */
export type Origin = "worktree" | "index" | "commit" | "archive" | "stdin";

/** A place in a text: both numbers from 0, `character` in UTF-16 units, as JavaScript strings and LSP count. */
export interface Position {
  line: number;
  character: number;
}

/** From `start` up to but not including `end`. */
export interface Range {
  start: Position;
  end: Position;
}

/** Bytes of the document as it is stored (of the UTF-8 form, for a string), half open. */
export interface Span {
  start: number;
  end: number;
}

/** One finding. It never holds the secret; `span` says where it stands. */
export interface Finding {
  rule: string;
  family: Family;
  severity: Severity;
  confidence: Confidence;
  /** One sentence, never built from the secret. */
  message: string;
  path: string;
  origin: Origin;
  /** The secret itself, or the offending part of a policy. */
  range: Range;
  span: Span;
  /** The line that it begins on, masked and cut. */
  excerpt: string;
  /** Whether it fails a run: at or above `failOn` and `minConfidence`, and not suppressed. */
  atGate: boolean;
  /** Other places that belong to it, such as the other half of a pair. */
  related: Related[];
  /** What speaks for and against it. */
  evidence: Evidence[];
  fixes: Fix[];
  /** 32 hexadecimal digits: the same secret found by the same rule has the same ones, wherever it stands. */
  fingerprint: string;
  /** The commit that brought it, where one was given, and whether it still stands in the one that is checked out. */
  commit?: { id: string; date: string; author?: string };
  inHead?: boolean;
  /** Why it does not count, if so. */
  suppressed: Suppression | null;
  /** A comment that would suppress it, but stands on an added line (`newSuppressions: false`). */
  refused?: Suppression;
  /** Where the comment stands that suppresses it, or would. */
  comment?: Span;
}

/** Another place that belongs to a finding. */
export interface Related {
  path: string;
  /** Absent in another document. */
  range?: Range;
  span: Span;
  text: string;
}

/** One fact for or against a finding. */
export interface Evidence {
  /** `checksum`, `structure`, `account`, `expiry`, `context`, `randomness`, `placeholder`, `partner`, `decoded`; more may come. */
  kind: string;
  text: string;
}

/** A way to mend it. */
export interface Fix {
  title: string;
  applicability: "safe" | "unsafe" | "display-only";
  edits: Edit[];
}

/** Replaces `span` of the document at `path`. */
export interface Edit {
  path: string;
  /** Absent in another document. */
  range?: Range;
  span: Span;
  /** In this order: text, and copies of parts of the document (which hold the secret, and so are not in a finding). */
  insert: Array<{ text: string } | { copyOf: Span }>;
}

/** Why a finding does not count. */
export interface Suppression {
  kind: "inline" | "baseline" | "config";
  reason: string | null;
  owner: string | null;
  /** `YYYY-MM-DD`. */
  until: string | null;
}

/** A document, or a part of one, that was not scanned. */
export interface Skip {
  path: string;
  /** `excluded`: left out on purpose, such as a binary file. `incomplete`: should have been scanned; the run exits with 3. */
  kind: "excluded" | "incomplete";
  reason: string;
}

/** What one document gave. */
export interface Scan {
  /** By span and rule; suppressed ones are there and say so. */
  findings: Finding[];
  skipped: Skip[];
}

/** A configuration; its keys are those of `keylint.toml`, in camel case. */
export interface Config {
  /** Rules to run: ids, families, `aws-*`; empty means all. */
  select?: string[];
  /** Rules not to run. */
  ignore?: string[];
  preview?: boolean;
  /** Only rules that this version had, `major.minor.patch`. */
  rulesEdition?: string;
  severity?: Record<string, Severity>;
  /** Globs of paths that are not scanned; see `Scanner.excludes`. */
  exclude?: string[];
  allow?: Array<{
    rules?: string[];
    paths?: string[];
    pathPatterns?: string[];
    patterns?: string[];
    words?: string[];
    reason?: string;
  }>;
  failOn?: Severity | "never";
  minConfidence?: Confidence;
  /** Whether comments that suppress findings are honoured. */
  inline?: boolean;
  foreignComments?: boolean;
  requireReason?: boolean;
}

/** The text of a `keylint.toml`, or the same as an object. */
export type ConfigSource = string | Config;

/** What a scanner is told beside its configuration. */
export interface ScannerOptions {
  /** How errors call the configuration; `configuration` by default. With several, one name for each. */
  name?: string | string[];
  /** Today, `YYYY-MM-DD`, or `null` for no clock: then nothing expires. The system's day (UTC) by default. */
  today?: string | null;
  /** Rules of your own, by path (`secret/my-token.toml`), in the format of keylint's own. */
  rules?: Record<string, string> | Array<[string, string]>;
  /** The text of a baseline. What it accepts is suppressed in a `Report`, not in what `scan` and `add` give. */
  baseline?: string;
  /** How errors call the baseline. */
  baselineName?: string;
  /** What policies are attached to, where their place does not say it: the words of `keylint --policy-type`. */
  policyType?: string;
  /** Only rules that speak to controls whose names begin so, as in `pci-dss-4` or `cis`. */
  compliance?: string[];
  /** The lowest severity that fails, before what the configuration says. */
  failOn?: Severity | "never";
  /** The lowest confidence that fails, before what the configuration says. */
  minConfidence?: Confidence;
}

/** What a document is beside its path and text. */
export interface DocumentOptions {
  /** The path that rules and globs see, relative to the configuration, where it differs from the one that is shown. */
  path?: string;
  /** The path in the baseline, where it differs from that one. */
  baselinePath?: string;
  /** `worktree` by default. */
  origin?: Origin;
  /** The commit that brought it, for `origin: "commit"`. */
  commit?: {
    id: string;
    /** `YYYY-MM-DDThh:mm:ss+hh:mm`. */
    date: string;
    author?: string;
    /** Whether what is found still stands in the commit that is checked out. */
    inHead: boolean;
  };
  /**
   * The older text: only findings that touch a line which it does not have count; the others are masked and left out.
   * An empty one makes every line new.
   */
  before?: string | Uint8Array;
  /**
   * The lines that count, as `[first, count]` with lines from 1 that end at `\n`: what git's `@@ -a,b +first,count @@`
   * says. Instead of `before`.
   */
  lines?: Array<[number, number]>;
  /** `false`: comments on the lines that count suppress nothing (`Finding.refused`). */
  newSuppressions?: boolean;
  /**
   * The documents of its folder: a Terraform file is scanned as a part of the module that they make together. Others than
   * Terraform files do not matter, and neither does whether the document itself is among them. A list that does not
   * change is read once.
   */
  beside?: ReadonlyArray<{ path: string; text: string | Uint8Array }>;
}

/** What a document of a report is. */
export interface ReportDocumentOptions extends DocumentOptions {
  /** The scanner of another configuration, such as that of a folder in a monorepo. */
  scanner?: Scanner;
}

/** How a report is printed. */
export interface RenderOptions {
  /** Prints secrets as they are (`text`, `json`, `jsonl`). Nothing else unmasks anything. */
  showSecrets?: boolean;
  /** Also shows what is suppressed (formats for people). */
  showSuppressed?: boolean;
  /** Says more (`text`). */
  verbose?: boolean;
  /** Colours (`text`). */
  color?: boolean;
  hyperlinks?: boolean;
  /** Columns of the terminal (`text`); 100 by default. */
  width?: number;
  ascii?: boolean;
  /** What was asked for; `paths` by default. */
  scope?: {
    kind?: "paths" | "stdin" | "index" | "range" | "history" | "document" | (string & {});
    repository?: string;
    commit?: string;
    configHash?: string;
  };
  /** How long it took, in milliseconds. */
  elapsed?: number;
}

/** Counts of a report. */
export interface Summary {
  files: number;
  bytes: number;
  /** Findings that are not suppressed. */
  findings: number;
  /** Findings that fail the run. */
  atGate: number;
  severities: Record<Severity, number>;
  suppressed: Record<"inline" | "baseline" | "config", number>;
  /** Documents left out on purpose. */
  excluded: number;
  /** Documents that should have been scanned and were not. */
  incomplete: number;
  complete: boolean;
  /** What the command line exits with: 0 clean, 1 findings at the gate, 3 incomplete. */
  exitCode: 0 | 1 | 3;
}

/** Gathers documents and prints them as `keylint` does, byte for byte. */
export interface Report {
  /** Scans a document and adds it; the order does not matter. Binary files and LFS pointers are noted as excluded. */
  add(path: string, text: string | Uint8Array, options?: ReportDocumentOptions): Scan;
  /** Notes a document that was not scanned. */
  skip(path: string, kind: "excluded" | "incomplete", reason: string): void;
  /** Notes that a path which the baseline names does not exist any more, so that a move can be told from a copy. */
  gone(path: string, scanner?: Scanner): void;
  /** What the documents so far give in a format, with the baseline applied; any number of times. */
  render(format: Format, options?: RenderOptions): string;
  /** All findings so far, in the order of reports, with the baseline applied. */
  findings(): Finding[];
  /** All that was not scanned so far. */
  skipped(): Skip[];
  /** The counts, with the baseline applied. */
  summary(): Summary;
  /** Gives its memory back. Also done when it is collected. */
  free(): void;
}

/** What a configuration says to the host. */
export interface Settings {
  exclude: string[];
  /** `null`: nothing fails. */
  failOn: Severity | null;
  minConfidence: Confidence;
  expandExamples: boolean;
  /** Tells two configurations apart. */
  configHash: string;
  /** The paths that the baseline names. */
  baselinePaths: string[];
}

/** What a configuration file points to, relative to its own folder; the host reads it. */
export interface Pointers {
  extends: string | null;
  /** The folder of user rules. */
  rules: string | null;
  baseline: string | null;
}

/** Replaces secrets by placeholders in a text that comes in pieces. */
export interface Redactor {
  /** Takes the next piece; gives what is settled. */
  push(piece: Uint8Array | string): Uint8Array;
  /** Ends the text; gives the rest. The redactor is used up. */
  finish(): Uint8Array;
}

/** A configuration ready to scan. */
export interface Scanner {
  /** Scans one document; `path` tells its kind. The same text gives the same findings everywhere. */
  scan(path: string, text: string | Uint8Array, options?: DocumentOptions): Scan;
  /** Begins a report over many documents. */
  report(): Report;
  /** The text with its secrets replaced by placeholders; the same secret has the same one. */
  redact(text: string, options?: { path?: string; minConfidence?: Confidence }): string;
  /** As `redact`, for a text that comes in pieces. */
  redactor(options?: { path?: string; minConfidence?: Confidence }): Redactor;
  /** A SARIF 2.1.0 log of documents, as GitHub code scanning takes it. */
  sarif(documents: Iterable<{ path: string; text: string | Uint8Array }>): string;
  /** Whether `exclude` of the configuration leaves out this path (a file or a folder). */
  excludes(path: string): boolean;
  /** What the configuration says to the host. */
  readonly settings: Settings;
  /** Gives its memory back. Also done when it is collected. */
  free(): void;
}

/** A rule. */
export interface Rule {
  id: string;
  family: Family;
  title: string;
  severity: Severity;
  stage: "stable" | "preview";
  /** The version that brought it. */
  since: string;
  /** Ids it had before. */
  formerly: string[];
  /** Its page on the web. */
  page: string;
  keywords: string[];
  /** What it is, what a thief can do with it, how to revoke it, what to use instead: Markdown. */
  docs: string;
  references: string[];
  response: { contain: string; revoke: string; audit: string };
}

/** What `init` takes: where the module is, its bytes, or the compiled module. */
export type InitSource = string | URL | Request | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/**
 * Starts the WebAssembly module; needed in browsers and bundlers only, once. Without an argument it is fetched from
 * beside the script. Does nothing where the module has started.
 *
 * What rules say to people is a second file. A page that wants to scan early says `texts: false` and calls `loadTexts`
 * later: `rules`, `explain`, and reports that quote rules, such as SARIF, throw before that.
 */
export function init(
  source?: InitSource | PromiseLike<InitSource>,
  options?: { texts?: boolean | TextsSource },
): Promise<void>;

/** What `loadTexts` takes: where the texts are, or their bytes. */
export type TextsSource = string | URL | Request | Response | ArrayBuffer | ArrayBufferView;

/** Loads what rules say to people; by default from beside the script. Does nothing where `init` does nothing. */
export function loadTexts(source?: TextsSource | PromiseLike<TextsSource>): Promise<void>;

/** As `init`, at once, from bytes or a compiled module. */
export function initSync(source: ArrayBuffer | ArrayBufferView | WebAssembly.Module): void;

/**
 * Makes a scanner; without a configuration every stable rule runs. Of several configurations each builds on the one
 * behind it, as with `extends`. Throws an `Error` that says what is wrong with the configuration, and where.
 */
export function createScanner(config?: ConfigSource | ConfigSource[], options?: ScannerOptions): Scanner;

/** Reads what a configuration file points to. Throws what is wrong with it. */
export function readConfig(text: string, name?: string): Pointers;

/** All built-in rules, by id. */
export function rules(): Rule[];

/** A built-in rule, by its id now or formerly; `undefined` when there is none. */
export function explain(id: string): Rule | undefined;

/** The text with its secrets replaced by placeholders, under no configuration. */
export function redact(text: string, options?: { path?: string; minConfidence?: Confidence }): string;

/** A SARIF 2.1.0 log of documents, under no configuration. */
export function sarif(documents: Iterable<{ path: string; text: string | Uint8Array }>): string;

/** The names of the report formats. */
export function formats(): string[];

/** The version of keylint, `major.minor.patch`. */
export function version(): string;

/** The ignore files of one name (`.gitignore`), with the meaning that git gives them: those of deeper folders win. */
export class Ignore {
  constructor();
  /** Takes the ignore file of `folder` (`/`-separated, relative to the root; `""` is the root). */
  add(folder: string, text: string): void;
  /** What is said of a path itself: `true` where it is ignored, `false` where it is not after all. */
  says(path: string, isFolder?: boolean): boolean | undefined;
  /** Whether a path is ignored, itself or by a folder above it. */
  ignores(path: string, isFolder?: boolean): boolean;
  free(): void;
}
