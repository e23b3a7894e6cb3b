// The native program, WebAssembly in Node and WebAssembly in Chromium give the same bytes, on every example of every
// rule and on real files. Not here: which documents these are (`documents.js`).

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build, chromium, serve } from "./browser.js";
import { documents, real } from "./documents.js";
import { host } from "./setup.js";

// Outside of any repository: the path from its root says that a document is a test, and a page knows no such root.
const outside = mkdtempSync(join(tmpdir(), "keylint-"));
const examples = join(outside, "a");
cpSync(process.env.KEYLINT_EXAMPLES, examples, { recursive: true });
const realFiles = join(outside, "b");
const { createScanner, formats } = await import(join(host, "node_modules/keylint/src/node.js"));

const plants = documents(examples).map(({ bytes }) => bytes.toString()).filter((text) => text.length < 4000);
const count = real(realFiles, plants);

const command = join(host, "node_modules/keylint/bin/keylint.js");
const words = ["check", "--isolated", "--exit-zero", "--min-confidence", "low", "--fail-on", "info"];

/** Scans a folder with a program, all formats at once; an empty one is WebAssembly. Gives the reports by format. */
function run(program, folder, name) {
  const out = join(host, name);
  mkdirSync(out, { recursive: true });
  const reports = formats().flatMap((format) => ["--format", `${format}:${join(out, format)}`]);
  const options = { cwd: folder, encoding: "utf8", env: { ...process.env, KEYLINT_BINARY: program } };
  const { status, stderr } = spawnSync(process.execPath, [command, ...words, ...reports, "."], options);
  assert.ok(status === 0 || status === 3, stderr);
  return new Map(formats().map((format) => [format, readFileSync(join(out, format), "utf8")]));
}

/** How long it took is the one thing that differs. */
const timeless = (text) => text.replace(/"elapsed":\d+/, '"elapsed":0').replace(/ in \d+(\.\d+)? (ms|s|min)\b/g, "");
const native = new Map();

/** Where two texts first differ, with a little of both; a report of thousands of findings is too long to print. */
function difference(got, want) {
  if (got === want) return undefined;
  let at = 0;
  while (got[at] === want[at]) at += 1;
  const piece = (text) => text.slice(Math.max(0, at - 80), at + 80);
  return { at, got: piece(got), want: piece(want) };
}

for (const [name, folder] of [["examples", examples], ["real files", realFiles]]) {
  test(`Node: ${name}`, () => {
    const want = run(process.env.KEYLINT_NATIVE, folder, `native ${name}`);
    const got = run("", folder, `webassembly ${name}`);
    for (const format of formats()) {
      assert.equal(difference(timeless(got.get(format)), timeless(want.get(format))), undefined, `${name}: ${format}`);
    }
    native.set(name, want.get("json"));
    const { summary } = JSON.parse(native.get(name));
    const counts = `${summary.files} documents, ${summary.findings} findings, ${summary.excluded} left out`;
    console.log(`parity in Node, ${name}, ${formats().length} formats: ${counts}`);
    assert.ok(summary.findings > 50);
    const joined = (text) => JSON.parse(text).diagnostics.some(({ rule, path }) => rule === "privilege-escalation" && path === "module/run.tf");
    assert.equal(joined(got.get("json")), name === "real files");
  });
}

test("real files are enough", () => assert.ok(count >= 300, `${count} files`));

let server;
let browser;
before(async () => {
  server = await serve(build(host));
  browser = await chromium();
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(outside, { recursive: true, force: true });
});

for (const [name, folder] of [["examples", examples], ["real files", realFiles]]) {
  test(`Chromium: ${name}`, async () => {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.evaluate(() => globalThis.ready);
    await page.context().setOffline(true);
    await page.evaluate(() => globalThis.begin());
    const all = documents(folder);
    const sent = (some) => some.map(({ path, bytes }) => [path, bytes.toString("base64")]);
    const modules = all.filter(({ path }) => path.endsWith(".tf"));
    await page.evaluate((modules) => globalThis.know(modules), sent(modules));
    for (let at = 0; at < all.length; at += 100) {
      const some = sent(all.slice(at, at + 100));
      await page.evaluate((some) => globalThis.add(some), some);
    }
    const want = native.get(name);
    const { commit } = JSON.parse(want).scope;
    const got = await page.evaluate((options) => globalThis.render(options), { elapsed: 0, scope: { commit } });
    assert.equal(difference(timeless(got), timeless(want)), undefined, `${name} differ`);
    console.log(`parity in Chromium, ${name}: ${all.length} documents, ${JSON.parse(got).summary.findings} findings`);
    await page.close();
  });
}

test("throughput and start", () => {
  const all = documents(realFiles);
  const scanner = createScanner();
  const bytes = all.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const round = () => {
    const start = performance.now();
    all.forEach(({ path, bytes }) => scanner.scan(path, bytes));
    return bytes / 1e3 / (performance.now() - start);
  };
  const speeds = [1, 2, 3, 4].map(round);
  console.log(`WebAssembly in Node on the real files: ${speeds.map((speed) => `${speed.toFixed(0)} MB/s`).join(", ")}`);
  const script = `const t = performance.now(); const k = await import(${JSON.stringify(join(host, "node_modules/keylint/src/node.js"))});
    k.createScanner().scan("a.py", "TIMEOUT = 30\\n"); console.log((performance.now() - t).toFixed(0));`;
  const starts = Array.from({ length: 9 }, () => Number(execFileSync(process.execPath, ["--input-type=module", "-e", script])));
  console.log(`start and first scan in Node: ${starts.sort((a, b) => a - b).join(", ")} ms`);
});
