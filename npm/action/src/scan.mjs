// Scans what a change brought: every commit for itself, and what is left of all of them in the end.
// Not here: getting the commits (`range.mjs`), or what is said of the findings (`summary.mjs`, `annotations.mjs`).
//
// The end alone would miss a secret that one commit adds and a later one removes; it is out all the same. The commits
// alone would not say where a secret stands now. So both are scanned, each version of a file once.

import { posix } from "node:path";

import * as changes from "./changes.mjs";
import { value } from "./masks.mjs";

export class Scan {
  /** `guarded`: comments that the change adds suppress nothing. `paths`: only below these, if there are any. */
  constructor({ git, objects, settings, report, guarded, paths }) {
    Object.assign(this, { git, objects, settings, report, guarded, paths });
    /** The commit that lines are compared with. */
    this.before = undefined;
    /** What was found in a version of a file, by path and blob. */
    this.versions = new Map();
    /** By secret: where it stands in the end, the first commit that brought it, and the last version that has it. */
    this.seen = new Map();
    /** Names that files had before, by the names that they have. */
    this.renamed = new Map();
    /** Files whose change would change what is in force. */
    this.concerned = new Set();
    /** Secrets that comments of the change suppress, where these count. */
    this.accepted = new Set();
    this.commits = 0;
  }

  /** Scans all files of a commit. */
  async tree(commit) {
    for (const entry of await changes.tree(this.git, commit)) await this.end(entry, commit);
  }

  /** Tells the baselines which of their documents are gone: a secret that moved from there is no new one. */
  async moved(commit) {
    for (const { scanner, baseline } of this.settings.all()) {
      for (const path of scanner.settings.baselinePaths ?? []) {
        const object = await this.objects.read(`${commit}:${posix.join(baseline.root, path)}`);
        if (object === undefined) this.report.gone(path, scanner);
      }
    }
  }

  /** Scans what is left of a change in the end. */
  async net(before, tip) {
    this.before = before;
    for (const entry of await changes.between(this.git, before, tip)) {
      if (before !== undefined && this.settings.concerns(entry.path)) this.concerned.add(entry.path);
      if (entry.from !== undefined) this.renamed.set(entry.path, entry.from);
      await this.end(entry, tip);
    }
  }

  /** Scans each commit for itself. */
  async each(commits) {
    for (const { commit, entries } of await changes.introduced(this.git, commits)) {
      this.commits += 1;
      for (const entry of entries) {
        if (entry.from !== undefined && !this.renamed.has(entry.path)) {
          this.renamed.set(entry.path, this.renamed.get(entry.from) ?? entry.from);
        }
        if (this.before !== undefined && this.settings.concerns(entry.path)) this.concerned.add(entry.path);
        await this.version(commit, entry);
      }
    }
  }

  /** Adds to the reports what commits brought and the end does not have any more; gives their places, by secret. */
  async gone() {
    const left = new Set(this.report.findings().map(key));
    const gone = new Map();
    const versions = new Map();
    for (const [id, { first }] of this.seen) {
      if (left.has(id) || !isSecret(first.finding)) continue;
      gone.set(id, first);
      const version = `${first.path}\0${first.blob}`;
      versions.set(version, [...(versions.get(version) ?? []), first]);
    }
    for (const list of versions.values()) {
      const [{ commit, path, blob }] = list;
      const data = await this.data(blob);
      const told = this.settings.told(path, await this.settings.of(path));
      const origin = { origin: "commit", commit: { id: commit.id, date: commit.date, inHead: false } };
      const lines = lineSpans(data, list.flatMap(({ finding }) => spans(finding)));
      this.report.add(path, data, { ...told, ...origin, lines, newSuppressions: !this.guarded });
    }
    return gone;
  }

  /** A file as it is in the end. */
  async end(entry, commit) {
    const document = await this.open(entry);
    if (!document) return;
    const { path, data, told } = document;
    const before = this.before === undefined ? undefined : await this.trusted(path, entry.before);
    const { findings } = this.report.add(path, data, { ...told, ...this.options(before) });
    this.versions.set(`${path}\0${entry.blob}`, findings);
    for (const finding of findings) this.note(finding, { path, blob: entry.blob, sha: commit, finding });
    if (before === undefined || this.guarded || !findings.some(({ suppressed }) => suppressed?.kind === "inline")) return;
    const strict = told.scanner.scan(path, data, { ...told, before, newSuppressions: false });
    for (const finding of strict.findings.filter(({ refused }) => refused)) this.accepted.add(key(finding));
  }

  /** A file as a commit brought it: what counts stands on lines that the commit added, and is not in force before. */
  async version(commit, entry) {
    const known = this.versions.get(`${entry.path}\0${entry.blob}`);
    if (known?.length === 0) return;
    const document = await this.open(entry);
    if (!document) return;
    const { path, data, told } = document;
    let found = known;
    if (!found) {
      const options = this.options(await this.trusted(path));
      found = told.scanner.scan(path, data, { ...told, ...options }).findings;
      this.versions.set(`${path}\0${entry.blob}`, found);
    }
    for (const parent of entry.parents) {
      if (found.length === 0) return;
      const before = parent === undefined ? Buffer.alloc(0) : await this.data(parent);
      const added = told.scanner.scan(path, data, { ...told, before, newSuppressions: false });
      const own = new Set(added.findings.map(place));
      found = found.filter((finding) => own.has(place(finding)));
    }
    for (const finding of found) this.note(finding, { path, blob: entry.blob, sha: commit.id, commit, finding });
  }

  /** The secrets that were found, as texts: what the rest of the job must not print. */
  async values() {
    const values = new Set();
    for (const { end, first, last } of this.seen.values()) {
      for (const { blob, path, finding } of new Set([end, first, last].filter(Boolean))) {
        if (!isSecret(finding) || finding.suppressed) continue;
        const data = await this.data(blob);
        // The other half of a pair is a secret as well.
        const halves = finding.related.filter((label) => label.range && label.path === path);
        for (const { span } of [finding, ...halves]) value(data, span).forEach((text) => values.add(text));
      }
    }
    return values;
  }

  note(finding, where) {
    const id = key(finding);
    const known = this.seen.get(id);
    if (!known) this.seen.set(id, { end: where.commit ? undefined : where, first: where.commit && where, last: where });
    else if (where.commit) Object.assign(known, { first: known.first ?? where, last: where });
  }

  options(before) {
    return before === undefined ? {} : { before, newSuppressions: !this.guarded };
  }

  /** What stands at `path` in the commit that the change is compared with; nothing where it does not. */
  async trusted(path, blob) {
    if (blob !== undefined) return this.data(blob);
    if (this.before === undefined) return Buffer.alloc(0);
    for (const name of [path, this.renamed.get(path)]) {
      const object = name === undefined ? undefined : await this.objects.read(`${this.before}:${name}`);
      if (object?.type === "blob" && object.data) return object.data;
    }
    return Buffer.alloc(0);
  }

  async data(blob) {
    return (await this.objects.read(blob))?.data ?? Buffer.alloc(0);
  }

  /** The document of an entry; nothing where it is not to be scanned, or cannot be, which is noted. */
  async open(entry) {
    const { path, blob } = entry;
    if (this.paths.length > 0 && !this.paths.some((wanted) => path === wanted || path.startsWith(`${wanted}/`))) return;
    const chosen = await this.settings.of(path);
    const skip = (kind, reason) => this.report.skip(path, kind, reason);
    if (entry.skip) return skip("excluded", entry.skip);
    const leftOut = await this.settings.leftOut(path, chosen);
    if (leftOut) return skip("excluded", leftOut);
    const object = await this.objects.read(blob);
    if (!object) return skip("incomplete", "its object is missing");
    if (!object.data) return object.binary ? skip("excluded", "binary") : skip("incomplete", "larger than 64 MiB");
    return { path, data: object.data, told: this.settings.told(path, chosen) };
  }
}

/** Tells secrets apart. */
export function key({ rule, fingerprint }) {
  return `${rule}\0${fingerprint}`;
}

/** Whether a finding is of a secret, which stays known when it is gone, and not of a policy. */
function isSecret({ family }) {
  return family === "secret";
}

/** Tells findings of one document apart. */
function place({ rule, span }) {
  return `${rule}\0${span.start}\0${span.end}`;
}

/** Where a finding stands, and the comment that would suppress it. */
function spans({ span, comment }) {
  return comment ? [span, comment] : [span];
}

/** The lines of `data` that hold `spans`, as `[first, count]`. */
function lineSpans(data, spans) {
  const ends = [];
  for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) ends.push(at);
  const line = (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
  return spans.map(({ start, end }) => {
    const first = line(start);
    return [first, line(Math.max(start, end - 1)) - first + 1];
  });
}
