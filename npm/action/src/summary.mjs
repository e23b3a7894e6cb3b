// The summary of the job: Markdown with masked secrets and permalinks. Not here: annotations.

import { visible } from "./commands.mjs";

/** Rows of a table; the rest is counted. */
const MAX_ROWS = 50;
/** GitHub refuses a summary of more than 1 MiB. */
const MAX_LENGTH = 1_000_000;

/** `text` so that nothing in it is Markdown or HTML, as code. */
export function code(text) {
  return `<code>${plain(text)}</code>`;
}

/** `text` so that nothing in it is Markdown or HTML: all punctuation as entities. */
export function plain(text) {
  const flat = visible(text).replace(/\s+/g, " ").trim();
  return flat.replace(/[!-/:-@[-`{-~]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The summary of `results`; `links` makes permalinks, `said` is what was scanned. */
export function summary({ findings, silenced, skipped, summary: counts, notes }, { links, scope, config, explain }) {
  const parts = [`## ${headline(findings, counts)}\n`];
  if (findings.length > 0) parts.push(table(findings, links));
  const again = findings.filter(({ gone }) => gone).length;
  if (again > 0) {
    parts.push(
      `A later commit removed ${again === 1 ? "one of them" : `${again} of them`}. Whoever can read the repository ` +
        "can still read the earlier commit: revoke the secret, removing it is not enough.\n",
    );
  }
  if (findings.length > 0) parts.push(remedies(findings, explain));
  if (silenced.length > 0) parts.push(suppressions(silenced, links));
  const incomplete = skipped.filter((skip) => skip.kind === "incomplete");
  if (incomplete.length > 0) parts.push(unscanned(incomplete));
  parts.push(...notes.map((note) => `> ${plain(note)}\n`));
  parts.push(`<sub>${scope} · ${size(counts)} · ${config}</sub>\n`);
  const text = `${parts.join("\n")}\n`;
  return text.length < MAX_LENGTH ? text : `${parts[0]}\nThe details are too long for a summary; the log has them.\n`;
}

function headline(findings, counts) {
  if (findings.length === 0) return counts.complete ? "keylint: no findings" : "keylint: the scan is incomplete";
  const all = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  if (counts.atGate === 0) return `keylint: ${all}, none fails the run`;
  return counts.atGate === findings.length ? `keylint: ${all}` : `keylint: ${all}, ${counts.atGate} fail the run`;
}

function table(findings, links) {
  const rows = findings.slice(0, MAX_ROWS).map((found) => {
    const { finding, commit, gone } = found;
    const brought = commit ? links.commit(commit.id) + (gone ? ", removed later" : "") : "";
    const cells = [finding.severity, code(finding.rule), links.place(found), code(finding.excerpt), brought];
    return `| ${cells.join(" | ")} |`;
  });
  const more = findings.length - rows.length;
  return [
    "| severity | rule | where | masked | commit |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    ...(more > 0 ? [`**${more} more**: see the log.`, ""] : []),
  ].join("\n");
}

/** What to do, once for each rule. */
function remedies(findings, explain) {
  const rules = [...new Set(findings.slice(0, MAX_ROWS).map(({ finding }) => finding.rule))];
  const lines = rules.map((id) => {
    const rule = explain(id);
    const text = rule?.response.revoke ?? "";
    const revoke = text && ` Revoke: ${/^https:\/\/[\w./?=#&%~+-]+$/.test(text) ? text : plain(text)}`;
    return `- ${code(id)}: ${plain(rule?.title ?? "rule of this repository")}.${revoke}`;
  });
  return ["<details><summary>What to do</summary>", "", ...lines, "", "</details>", ""].join("\n");
}

function suppressions(silenced, links) {
  const rows = silenced.slice(0, MAX_ROWS).map((found) => {
    const { finding } = found;
    const { reason } = finding.refused ?? finding.suppressed ?? {};
    const given = reason ? plain(reason) : "none";
    return `| ${code(finding.rule)} | ${links.place(found)} | ${given} |`;
  });
  const more = silenced.length - rows.length;
  const counted = silenced.some(({ finding }) => finding.suppressed === null);
  const many = silenced.length === 1 ? "1 finding" : `${silenced.length} findings`;
  return [
    `### This change would silence ${many}`,
    "",
    counted
      ? "Suppressions that a change adds do not count while it is checked; they count once they are merged."
      : "These suppressions are new, and count.",
    "",
    "| rule | where | reason given |",
    "|---|---|---|",
    ...rows,
    "",
    ...(more > 0 ? [`**${more} more**.`, ""] : []),
  ].join("\n");
}

function unscanned(incomplete) {
  const rows = incomplete.slice(0, MAX_ROWS).map(({ path, reason }) => `- ${code(path)}: ${plain(reason)}`);
  const more = incomplete.length - rows.length;
  return ["### Not scanned", "", ...rows, ...(more > 0 ? [`- ${more} more`] : []), ""].join("\n");
}

function size({ files, bytes, suppressed }) {
  const hidden = Object.values(suppressed).reduce((sum, count) => sum + count, 0);
  const silent = hidden > 0 ? `, ${hidden} suppressed` : "";
  return `${files} ${files === 1 ? "file" : "files"}, ${(bytes / 1024).toFixed(0)} KiB${silent}`;
}

/** Permalinks of the repository that a run belongs to; plain text where it is not known. */
export class Links {
  constructor(env) {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
    this.root = server && repository ? `${server}/${repository}` : undefined;
  }

  commit(id) {
    const short = code(id.slice(0, 7));
    return this.root ? `[${short}](${this.root}/commit/${id})` : short;
  }

  place({ path, sha, range: { start, end } }) {
    const last = end.line > start.line ? `-L${end.line + 1}` : "";
    const text = code(`${path}:${start.line + 1}`);
    if (!this.root) return text;
    const name = path.split("/").map(encodeURIComponent).join("/").replace(/[()'*!]/g, hex);
    return `[${text}](${this.root}/blob/${sha}/${name}?plain=1#L${start.line + 1}${last})`;
  }
}

function hex(c) {
  return `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
}
