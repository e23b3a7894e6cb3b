// The page: starts the scanner, scans what is typed, and shows it. Not here: how each part looks or works.

import { createScanner, explain, init, loadTexts } from "keylint";
import { themed } from "./appearance.js";
import { byId, element } from "./dom.js";
import { makeEditor } from "./editor.js";
import { makeList, summary } from "./findings.js";
import { decode } from "./link.js";
import { families, policyTypes, samples } from "./samples.js";
import { shared } from "./share.js";

/** A pause in typing, in milliseconds; a text that takes longer to scan waits longer. */
const PAUSE = 120;

/** Scanners by policy type; `""` lets the content tell. */
const scanners = new Map();
let started = false;
let texts = false;
let waiting = 0;
let took = 0;

const path = byId("path");
const policy = byId("policy");
const editor = makeEditor(byId("editor"), { nonce: NONCE, changed: later, moved });
const list = makeList(byId("findings"), {
  explain: (id) => (texts ? explain(id) : undefined),
  select: editor.select,
  apply: editor.apply,
});

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(scan, Math.max(PAUSE, 2 * took));
}

function moved(offset) {
  list.mark(editor.document().lineAt(offset).number - 1);
}

function name() {
  return path.value.trim() || "untitled.txt";
}

function scanner() {
  const type = policy.value;
  if (!scanners.has(type)) {
    scanners.set(type, createScanner(undefined, type ? { policyType: type } : {}));
  }
  return scanners.get(type);
}

function scan() {
  clearTimeout(waiting);
  if (!started) {
    return;
  }
  const began = performance.now();
  const { findings, skipped } = scanner().scan(name(), editor.text());
  took = performance.now() - began;
  // What is suppressed comes last: it is told, but asks for nothing.
  const shown = [...findings.filter(({ suppressed }) => !suppressed), ...findings.filter(({ suppressed }) => suppressed)];
  editor.show(name(), findings.filter(({ suppressed }) => !suppressed));
  list.show(shown, editor.document(), name());
  byId("summary").textContent = summary(findings, skipped);
  document.documentElement.dataset.scans = String(Number(document.documentElement.dataset.scans ?? 0) + 1);
}

function open(document) {
  path.value = document.path;
  policy.value = policyTypes.some(([word]) => word === document.policy) ? document.policy : "";
  editor.setPath(document.path);
  editor.setText(document.text);
  scan();
}

const select = byId("sample");
for (const family of families) {
  const options = samples.filter((sample) => sample.family === family).map(({ id, title }) => element("option", { value: id }, title));
  select.append(element("optgroup", { label: family }, options));
}
const own = element("option", { value: "" }, "Your own text");
select.append(own);
select.addEventListener("change", () => {
  const sample = samples.find(({ id }) => id === select.value);
  // The link that was opened says nothing of this text.
  history.replaceState(null, "", location.pathname + location.search);
  open(sample ? { path: sample.path, text: sample.text() } : { path: "untitled.txt", text: "" });
  if (!sample) {
    editor.view.focus();
  }
});
policy.append(element("option", { value: "" }, "By content"), ...policyTypes.map(([value, title]) => element("option", { value }, title)));
policy.addEventListener("change", scan);
path.addEventListener("input", () => {
  editor.setPath(name());
  later();
});

/** Opens the text of the link, where there is one. */
async function opened() {
  try {
    const document = await decode(location.hash.slice(1));
    if (document) {
      select.value = "";
      open(document);
    }
    return document !== null;
  } catch {
    byId("promise").textContent = "The link is broken: its text cannot be read.";
    return false;
  }
}

themed(byId("theme"));
shared(byId("share"), () => ({ scanner: scanner(), path: name(), text: editor.text(), policy: policy.value }));
addEventListener("hashchange", opened);
if (!(await opened())) {
  select.value = samples[0].id;
  open({ path: samples[0].path, text: samples[0].text() });
}

try {
  await init(new URL("keylint.wasm", document.baseURI), { texts: false });
  scanner();
  started = true;
  byId("share").disabled = false;
  scan();
  await loadTexts(new URL("keylint.texts.bin", document.baseURI));
  texts = true;
  scan();
} catch (error) {
  if (!started) {
    byId("summary").textContent = "not started";
    list.fail(`The scanner does not start: ${error.message}`);
  }
}

// Keeps the page for when there is no network; without it the page works as well.
navigator.serviceWorker?.register("sw.js").catch(() => {});
