// The list of findings, with evidence, fixes and what their rules say. Not here: how they are found or underlined.

import { element } from "./dom.js";
import { changes } from "./places.js";
import { line, link, prose } from "./prose.js";

/** More would make the page slow, and nobody reads them. */
const MAX_SHOWN = 200;
/** Fixes that are only told; more would hide the rest. */
const MAX_TOLD = 2;

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Shows lists in `place`; `explain` gives a rule once the texts are there, `select` and `apply` act on the editor. */
export function makeList(place, { explain, select, apply }) {
  /** Rules whose explanation is open: it stays so while one types. */
  const open = new Set();
  let shown = [];

  function item(finding, text, path) {
    const { start } = finding.range;
    const where = `line ${start.line + 1}, column ${start.character + 1}`;
    const go = element("button", { type: "button", className: "go", onclick: () => select(finding.range) }, line(finding.message));
    const badge = element("span", { className: `badge ${finding.severity}` }, finding.severity);
    const made = element(
      "li",
      { className: finding.suppressed ? "finding suppressed" : "finding" },
      element("h3", {}, badge, " ", go),
      element("p", { className: "meta" }, element("code", {}, finding.rule), ` ${where} · ${finding.confidence === "certain" ? "certain" : `${finding.confidence} confidence`}`),
      element("pre", { className: "excerpt", tabIndex: 0, "aria-label": "The line, masked" }, finding.excerpt.trim()),
      finding.suppressed && element("p", { className: "meta" }, `Suppressed: ${finding.suppressed.reason ?? "no reason given"}`),
      finding.evidence.length > 0 && element("ul", { className: "evidence", "aria-label": "Evidence" }, finding.evidence.map(proof)),
      fixes(finding, text, path),
      about(finding.rule),
    );
    made.dataset.family = finding.family;
    return made;
  }

  function proof({ kind, text }) {
    return element("li", {}, element("span", { className: "kind" }, kind), " ", line(text));
  }

  function fixes(finding, text, path) {
    const buttons = [];
    const told = [];
    for (const fix of finding.fixes) {
      const edits = changes(text, path, fix);
      if (edits) {
        buttons.push(element("button", { type: "button", onclick: () => apply(edits) }, "Fix: ", line(fix.title)));
      } else {
        told.push(element("li", {}, line(fix.title)));
      }
    }
    const rest = told.splice(MAX_TOLD).length;
    if (rest > 0) {
      told.push(element("li", {}, `and ${plural(rest, "other way")} to mend it`));
    }
    const list = told.length > 0 && element("ul", { className: "told", "aria-label": "What to do" }, told);
    return element("div", { className: "fixes" }, buttons, list);
  }

  function about(id) {
    const details = element("details", { open: open.has(id) }, element("summary", {}, "About this rule"));
    const fill = () => {
      if (details.open) {
        open.add(id);
      } else {
        open.delete(id);
      }
      if (details.open && details.childElementCount === 1) {
        const rule = explain(id);
        // The texts come later than the first findings.
        details.append(...(rule ? explanation(rule) : [element("p", {}, "The texts of the rules are on their way.")]));
      }
    };
    details.addEventListener("toggle", fill);
    fill();
    return details;
  }

  return {
    /** Shows what one document gave. */
    show(findings, text, path) {
      shown = findings.slice(0, MAX_SHOWN).map((finding) => ({ finding, item: item(finding, text, path) }));
      const rest = findings.length - shown.length;
      if (findings.length === 0) {
        place.replaceChildren(element("p", { className: "empty" }, "Nothing found. Paste something, or choose a sample."));
        return;
      }
      const list = element("ol", { className: "list" }, shown.map(({ item }) => item));
      place.replaceChildren(list, ...(rest > 0 ? [element("p", { className: "empty" }, `And ${plural(rest, "more finding")}.`)] : []));
    },
    /** Marks the findings on a line, from 0. */
    mark(line) {
      for (const { finding, item } of shown) {
        const { start, end } = finding.range;
        item.classList.toggle("current", start.line <= line && line <= end.line);
      }
    },
    /** Shows what could not be done. */
    fail(message) {
      shown = [];
      place.replaceChildren(element("p", { className: "empty" }, message));
    },
  };
}

/** What a rule says. */
function explanation(rule) {
  const { contain, revoke, audit } = rule.response;
  const steps = [["Contain", contain], ["Revoke", revoke], ["Look for use", audit]].filter(([, text]) => text);
  return [
    element("p", { className: "title" }, line(rule.title)),
    ...prose(rule.docs),
    steps.length > 0 && element("dl", {}, steps.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, line(text))])),
    rule.references.length > 0 && element("ul", { className: "references" }, rule.references.map((to) => element("li", {}, link(to)))),
  ].filter(Boolean);
}

/** One line about all: counts by severity, worst first. */
export function summary(findings, skipped) {
  const counted = findings.filter((finding) => !finding.suppressed);
  const severities = ["critical", "high", "medium", "low", "info"];
  const counts = severities.map((word) => [counted.filter(({ severity }) => severity === word).length, word]);
  const parts = [counted.length === 0 ? "none" : `${counted.length}`];
  parts.push(...counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`));
  if (counted.length < findings.length) {
    parts.push(`${findings.length - counted.length} suppressed`);
  }
  parts.push(...skipped.map(({ reason }) => `not scanned: ${reason}`));
  return parts.join(" · ");
}
