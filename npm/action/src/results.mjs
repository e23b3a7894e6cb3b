// What a run found, brought together with where and when. Not here: how it is shown.

import { key } from "./scan.mjs";

export const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const CONFIDENCES = ["certain", "high", "medium", "low"];

/**
 * Everything that a run says: `{ findings, silenced, skipped, summary }`. A finding is
 * `{ finding, path, sha, range, commit, gone, level }`: where it stands (`range` in the commit `sha`), the commit that
 * brought it, and whether a later one removed it. `silenced` are those that comments of the change suppress, or would.
 */
export function results(scan, report, { gone, tip, head }) {
  const findings = report.findings().map((finding) => {
    const id = key(finding);
    const { path } = finding;
    const { first, last } = scan.seen.get(id) ?? {};
    // In a pull request lines are counted in its head, whose diff people see; the tip is a merge with the base.
    const shown = gone.get(id) ?? (head !== tip && last?.commit && last.path === path ? last : { sha: tip, finding });
    const { sha, finding: { range } } = shown;
    return { finding, path, sha, range, commit: first?.commit, gone: gone.has(id), level: level(finding) };
  });
  findings.sort(worst);
  const silenced = findings.filter(({ finding }) => finding.refused || scan.accepted.has(key(finding)));
  const open = findings.filter(({ finding }) => finding.suppressed === null);
  return { findings: open, silenced, skipped: report.skipped(), summary: report.summary() };
}

/** How loudly a finding is said, as in the other reports. */
function level({ atGate, severity, confidence }) {
  if (atGate) return "error";
  const worth = ["critical", "high", "medium"].includes(severity) && confidence !== "low";
  return worth ? "warning" : "notice";
}

function worst(a, b) {
  const rank = ({ finding: { atGate, severity, confidence } }) =>
    (atGate ? 0 : 100) + 10 * SEVERITIES.indexOf(severity) + CONFIDENCES.indexOf(confidence);
  const start = ({ range }) => range.start.line;
  return rank(a) - rank(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : start(a) - start(b));
}
