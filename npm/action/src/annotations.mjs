// Annotations: what GitHub shows at the lines of a change. Not here: escaping (`commands.mjs`).

import { command } from "./commands.mjs";

/** GitHub shows this many of a level for a step, and drops the rest without a word. */
const MAX = 10;
/** Documents named in the annotation about what was not scanned. */
const MAX_NAMED = 10;

/** The commands for what `results` holds, worst first; `explain` gives a rule. */
export function annotations({ findings, silenced, skipped, notes }, explain) {
  const lists = { error: [], warning: [], notice: [] };
  for (const found of findings) lists[found.level].push(annotation(found, explain));
  const incomplete = skipped.filter((skip) => skip.kind === "incomplete");
  // What is said beside the findings needs a place of its own.
  const beside = { error: [], warning: [], notice: [...notes] };
  if (incomplete.length > 0) beside.warning.push(unscanned(incomplete));
  if (silenced.length > 0) {
    const many = silenced.length === 1 ? "1 finding that a comment" : `${silenced.length} findings that comments`;
    beside.notice.push(`this change adds suppressions: ${many} of the change would silence; the summary lists them`);
  }
  const cut = () => Object.entries(lists).reduce((sum, [level, list]) => sum + Math.max(0, list.length - room(level)), 0);
  const room = (level) => MAX - beside[level].length;
  if (cut() > 0) beside.notice.push("");
  if (cut() > 0) {
    const text = `${cut()} more findings are not shown as annotations, as GitHub shows ${MAX} of each level; the summary and the log have more`;
    beside.notice[beside.notice.length - 1] = text;
  }
  return Object.entries(lists).flatMap(([level, list]) => [
    ...list.slice(0, room(level)),
    ...beside[level].map((text) => command(level, { title: "keylint" }, text)),
  ]);
}

function unscanned(list) {
  const were = list.length === 1 ? "document was" : "documents were";
  const named = list.slice(0, MAX_NAMED).map(({ path, reason }) => `\n${path}: ${reason}`);
  return `${list.length} ${were} not scanned, so the scan is incomplete${named.join("")}`;
}

/** Columns stand only on a single line: with several, GitHub refuses them. What is gone has no line any more. */
function annotation({ finding, path, range: { start, end }, commit, gone, level }, explain) {
  const one = start.line === end.line;
  const lines = { line: start.line + 1, endLine: end.line + 1 };
  const columns = { col: start.character + 1, endColumn: end.character + 1 };
  const title = `${finding.severity}[${finding.rule}]`;
  const message = [
    finding.message + remark(commit, gone),
    ...(finding.evidence.length > 0 ? [`evidence: ${finding.evidence.map(({ text }) => text).join(", ")}`] : []),
    ...revoke(explain(finding.rule)),
  ].join("\n");
  return command(level, { file: path, ...(gone ? {} : { ...lines, ...(one ? columns : {}) }), title }, message);
}

/** ` (commit abc1234, removed later)`. */
export function remark(commit, gone) {
  if (!commit) return "";
  return ` (commit ${commit.id.slice(0, 7)}${gone ? ", removed later, but still in the history" : ""})`;
}

function revoke(rule) {
  const text = rule?.response.revoke.replace(/\s+/g, " ").trim();
  return text ? [`revoke: ${text}`] : [];
}
