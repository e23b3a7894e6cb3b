// The bundle as the runner starts it: an empty environment, a depth-1 checkout, a repository on a server.
// Not here: what it prints (`said.test.mjs`), the WebAssembly module, whose answers are those of the program (`npm/keylint`).

import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";

import { line, random, stripe } from "./secrets.mjs";
import { NOTHING, project, silent } from "./server.mjs";

let server;
let base;

const rules = (run) => run.annotations.filter(({ title }) => title.includes("[")).map(({ title }) => title);
/** A comment that suppresses findings, put together here, since it would speak of this file. */
const ignore = (words) => `# ${"keylint"}: ignore${words}`;

beforeEach(() => {
  server?.close();
  ({ server, base } = project());
});
after(() => server?.close());

describe("a pull request", () => {
  test("with a secret", () => {
    const secret = stripe();
    server.branch("change");
    server.commit({ "src/app.py": `import os\n\né = "😀"; STRIPE_KEY = "${secret}"\nprint(1)\n` });
    const brought = server.head();
    const happened = server.pull();
    const run = server.run(happened, { "sarif-file": "out/keylint.sarif", format: "json" });
    assert.equal(run.stderr, "");
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(run.masks, [secret]);
    silent(run, secret);

    assert.equal(run.annotations.length, 1, run.log);
    const [found] = run.annotations;
    assert.equal(found.level, "error");
    assert.equal(found.file, "src/app.py");
    const start = `é = "😀"; STRIPE_KEY = "`.length + 1;
    const place = { line: "3", endLine: "3", col: String(start), endColumn: String(start + secret.length) };
    assert.deepEqual({ ...found, ...place }, found);
    assert.match(found.title, /^(critical|high)\[stripe-/);
    assert.ok(found.message.includes(`commit ${brought.slice(0, 7)}`));
    assert.match(found.message, /revoke: /);

    const link = `https://github.example/example/project/blob/${brought}/src/app.py?plain=1#L3`;
    assert.ok(run.summary.includes(link), run.summary);
    assert.match(run.summary, /sk&#95;live&#95;/);
    assert.match(run.summary, /^## keylint: 1 finding$/m);

    assert.equal(run.outputs.findings, "1");
    assert.equal(run.outputs["at-gate"], "1");
    assert.equal(run.outputs["exit-code"], "1");
    assert.equal(run.outputs["new-suppressions"], "0");
    assert.equal(JSON.parse(run.outputs.counts)[run.outputs["highest-severity"]], 1);

    assert.equal(run.outputs["sarif-file"], "out/keylint.sarif");
    const sarif = JSON.parse(run.read("out/keylint.sarif"));
    assert.equal(sarif.runs.length, 1);
    const [result, ...others] = sarif.runs[0].results;
    assert.equal(others.length, 0);
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    assert.deepEqual(artifactLocation, { uri: "src/app.py", uriBaseId: "SRCROOT" });
    assert.equal(region.startLine, 3);
    assert.ok(result.partialFingerprints.primaryLocationLineHash);
    assert.equal(sarif.runs[0].tool.driver.rules[result.ruleIndex].id, result.ruleId);
    silent({ ...run, open: JSON.stringify(sarif) }, secret);

    assert.ok(run.outputs["report-file"].startsWith(run.temp));
  });

  test("with a secret that a later commit removes", () => {
    const secret = stripe();
    server.branch("change");
    const brought = server.commit({ "src/app.py": line("KEY", secret), "src/more.py": "a = 1\n" });
    server.commit({ "src/app.py": "import os\n", "docs/a.md": "text\n" });
    server.commit({ "src/more.py": "a = 2\n" });
    const happened = server.pull();
    const run = server.run(happened, { "sarif-file": "keylint.sarif", format: "json", "report-file": "report.json" });
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(run.masks, [secret]);
    silent(run, secret);
    const [found] = run.annotations;
    assert.equal(found.file, "src/app.py");
    assert.equal(found.line, undefined);
    assert.match(found.message, /removed later/);
    assert.ok(run.summary.includes(`/blob/${brought}/src/app.py?plain=1#L1`), run.summary);
    // Code scanning would show it as resolved; it is not.
    assert.deepEqual(JSON.parse(run.read("keylint.sarif")).runs[0].results, []);
    const [diagnostic] = JSON.parse(run.read("report.json")).diagnostics;
    assert.equal(diagnostic.commit.id, brought);
    assert.equal(diagnostic.inHead, false);

    const net = server.run(happened, { scope: "diff" });
    assert.equal(net.code, 0, net.log);
  });

  test("with a secret in a file that a later commit removes", () => {
    const secret = stripe();
    server.branch("change");
    server.commit({ "a/.env": `KEY=${secret}\n` });
    server.commit({ "a/.env": null });
    const run = server.run(server.pull());
    assert.equal(run.code, 1, run.log);
    silent(run, secret);
  });

  test("of many commits, with merges of the base", () => {
    const [own, others] = [stripe(), stripe()];
    server.branch("change");
    server.commit({ "own/0.py": "a = 0\n" });
    server.branch("main");
    for (let n = 0; n < 4; n++) server.commit({ [`main/${n}.py`]: n === 1 ? line("KEY", others) : `b = ${n}\n` });
    server.branch("change", "change");
    server.git("merge", "--quiet", "--no-ff", "-m", "merge main", "main");
    server.commit({ "own/1.py": line("KEY", own) });
    server.commit({ "own/1.py": "a = 1\n" });
    server.branch("main", "main");
    for (let n = 4; n < 8; n++) server.commit({ [`main/${n}.py`]: `b = ${n}\n` });
    const run = server.run(server.pull());
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(run.masks, [own]);
    assert.equal(run.outputs.findings, "1");
    assert.equal(run.annotations[0].file, "own/1.py");
  });

  test("with a secret that a merge itself brings", () => {
    const secret = stripe();
    server.branch("change");
    server.commit({ "a.py": "a = 1\n" });
    server.branch("main", "main");
    server.commit({ "b.py": "b = 1\n" });
    server.branch("change", "change");
    server.git("merge", "--quiet", "--no-ff", "--no-commit", "main");
    server.commit({ "b.py": line("KEY", secret) }, "merge");
    server.commit({ "b.py": "b = 1\n" });
    const run = server.run(server.pull());
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(run.masks, [secret]);
  });

  test("of a branch that is older than the base's own clean-up", () => {
    const secret = stripe();
    server.branch("main", "main");
    server.commit({ "a.py": `${line("KEY", secret)}x = 1\n\n\n\n\n\n\n\n\ny = 1\n` });
    server.branch("change");
    server.branch("main", "main");
    server.commit({ "a.py": "x = 1\n\n\n\n\n\n\n\n\ny = 1\n" });
    server.branch("change", "change");
    server.commit({ "a.py": `${line("KEY", secret)}x = 1\n\n\n\n\n\n\n\n\ny = 2\n` });
    const run = server.run(server.pull());
    assert.equal(run.code, 0, run.log);
  });

  test("that is clean", () => {
    server.branch("change");
    server.commit({ "src/app.py": "import sys\n" });
    const run = server.run(server.pull(), { "sarif-file": "keylint.sarif" });
    assert.equal(run.code, 0, run.log);
    assert.deepEqual(run.annotations, []);
    assert.deepEqual(run.masks, []);
    assert.match(run.summary, /^## keylint: no findings$/m);
    assert.equal(run.outputs.findings, "0");
    assert.equal(run.outputs["highest-severity"], "");
    assert.deepEqual(JSON.parse(run.read("keylint.sarif")).runs[0].results, []);
  });

  test("in a full checkout, which stays full", () => {
    const secret = stripe();
    server.branch("change");
    server.commit({ "a.py": line("KEY", secret) });
    server.commit({ "a.py": "a = 1\n" });
    const happened = server.pull();
    const folder = server.checkout(happened, 0);
    const run = server.run(happened, {}, { folder });
    assert.equal(run.code, 1, run.log);
    assert.ok(!run.log.includes("git fetch"), run.log);
  });

  test("with pull_request_target, whose checkout is the base", () => {
    const secret = stripe();
    server.branch("change");
    server.commit({ "a.py": line("KEY", secret), "keylint.toml": 'exclude = ["*"]\n' });
    const happened = server.pull();
    const { sha } = happened.event.pull_request.base;
    const run = server.run({ ...happened, name: "pull_request_target", sha, ref: "refs/heads/main" });
    assert.equal(run.code, 1, run.log);
    silent(run, secret);
    assert.equal(run.annotations[0].line, "1");
  });
});

describe("a fork cannot silence its own findings", () => {
  const check = (name, files, expected = {}) =>
    test(name, () => {
      const secret = stripe();
      server.branch("change");
      const steps = files(secret);
      steps.forEach((step) => server.commit(step));
      const happened = server.pull();
      const run = server.run(happened);
      assert.equal(run.code, 1, run.log);
      assert.equal(run.outputs["at-gate"], "1", run.log);
      assert.ok(run.masks.includes(secret));
      silent(run, secret);
      if (expected.summary) assert.match(run.summary, expected.summary);
      assert.equal(run.outputs["new-suppressions"], String(expected.suppressions ?? 0), run.summary);
      const head = server.run(happened, { trust: "head" });
      assert.equal(head.code, expected.head ?? 0, `with \`trust: head\`: ${head.log}`);
    });
  const edited = { summary: /edits the settings of keylint/ };
  const silenced = { summary: /This change would silence 1 finding/, suppressions: 1 };

  check("by an excluded path", (key) => [{ "a.py": line("KEY", key), "keylint.toml": 'exclude = ["a.py"]\n' }], edited);
  check("by rules that do not run", (key) => [{ "a.py": line("KEY", key), "keylint.toml": 'ignore = ["secret"]\n' }], edited);
  check("by a lower severity", (key) => [{ "a.py": line("KEY", key), ".keylint.toml": 'fail-on = "never"\n' }], edited);
  check(
    "by a configuration of a folder",
    (key) => [{ "x/a.py": line("KEY", key), "x/.config/keylint.toml": '[[allow]]\npaths = ["**"]\n' }],
    edited,
  );
  check("by an ignore file", (key) => [{ "x/a.py": line("KEY", key), "x/.keylintignore": "a.py\n" }], edited);
  check("by attributes", (key) => [{ "a.py": line("KEY", key), ".gitattributes": "* binary -diff -text\n" }], { head: 1 });
  check("by a comment", (key) => [{ "a.py": `KEY = "${key}"  ${ignore(" a fixture")}\n` }], silenced);
  check("by a comment of another scanner", (key) => [{ "a.py": `KEY = "${key}"  # gitleaks:allow\n` }], silenced);
  check(
    "by a comment that came first",
    (key) => [{ "a.py": `${ignore("-file")}\n` }, { "a.py": `${ignore("-file")}\n\n${line("KEY", key)}` }],
    silenced,
  );
  check(
    "by a comment that came first and went, with the secret",
    (key) => [
      { "a.py": `${ignore("-file")}\n` },
      { "a.py": `${ignore("-file")}\n\n${line("KEY", key)}` },
      { "a.py": "a = 1\n" },
    ],
    silenced,
  );
});

describe("what is in force", () => {
  test("comments of the base count, also in a file that has a new name", () => {
    const secret = stripe();
    const text = `# made up\nKEY = "${secret}"  ${ignore(" a fixture")}\n${"x = 1\n".repeat(20)}`;
    server.branch("main", "main");
    server.commit({ "a.py": text });
    server.branch("change");
    server.commit({ "a.py": null, "b/c.py": `${text}y = 2\n` });
    const run = server.run(server.pull());
    assert.equal(run.code, 0, run.log);
    assert.deepEqual(run.masks, []);
  });

  test("a comment added to a secret of the base is refused", () => {
    const secret = stripe();
    server.branch("main", "main");
    server.commit({ "a.py": line("KEY", secret) });
    server.branch("change");
    server.commit({ "a.py": `${ignore("-next-line old")}\n${line("KEY", secret)}` });
    const run = server.run(server.pull());
    assert.equal(run.code, 1, run.log);
    assert.equal(run.outputs["new-suppressions"], "1");
    assert.match(run.summary, /\| old \|/);
  });

  test("configurations of the base, with what they extend, rules and a baseline", () => {
    const [plain, excluded, own] = [stripe(), stripe(), `ownkey_${random(24)}`];
    server.branch("main", "main");
    const rule = [
      'title = "Own key"',
      'severity = "high"',
      'since = "0.1.0"',
      'references = ["https://example.org/keys"]',
      'docs = "A key of ours."',
      "[secret]",
      'keywords = ["ownkey_"]',
      "pattern = '(?<secret>ownkey_[A-Za-z0-9]{24})'",
    ].join("\n");
    server.commit({
      "keylint.toml": 'extends = "settings/base.toml"\nrules = "our-rules"\n',
      "settings/base.toml": 'exclude = ["vendor/"]\n',
      "our-rules/own-key.toml": rule,
      "part/keylint.toml": 'exclude = ["here/"]\n',
    });
    server.branch("change");
    server.commit({
      "vendor/a.py": line("KEY", excluded),
      "part/vendor/a.py": line("KEY", plain),
      "part/here/a.py": line("KEY", excluded),
      "b.py": line("x", own),
    });
    const run = server.run(server.pull(), { "sarif-file": "k.sarif", format: "json", "report-file": "k.json" });
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(new Set(run.masks), new Set([plain, own]));
    const files = run.annotations.map(({ file }) => file).sort();
    assert.deepEqual(files, ["b.py", "part/vendor/a.py"]);
    const uris = JSON.parse(run.read("k.sarif")).runs.map(({ results }) =>
      results.map(({ locations: [place] }) => place.physicalLocation.artifactLocation.uri).sort(),
    );
    assert.deepEqual(uris, [["b.py", "part/vendor/a.py"]]);
    assert.deepEqual(JSON.parse(run.read("k.json")).diagnostics.map(({ path }) => path).sort(), files);
  });

  test("`config` names a file of the base", () => {
    const secret = stripe();
    server.branch("main", "main");
    server.commit({ "ci/strict.toml": 'exclude = ["a.py"]\n' });
    server.branch("change");
    server.commit({ "a.py": line("KEY", secret) });
    const happened = server.pull();
    assert.equal(server.run(happened, { config: "./ci/strict.toml" }).code, 0);
    const missing = server.run(happened, { config: "ci/none.toml" });
    assert.equal(missing.code, 2);
    assert.match(missing.annotations[0].message, /there is no `ci\/none.toml` in the commit/);
  });

  test("the baseline of the base, not that of the change", () => {
    const secret = stripe();
    const baseline = (findings) => JSON.stringify({ version: 1, key: "5a".repeat(16), findings });
    server.branch("main", "main");
    server.commit({ "keylint.baseline.json": baseline([]) });
    server.branch("change");
    server.commit({ "x/a.py": line("KEY", secret) });
    const first = server.run(server.pull(), { format: "json", "report-file": "k.json" });
    assert.equal(first.code, 1, first.log);
    const [{ rule, fingerprint }] = JSON.parse(first.read("k.json")).diagnostics;
    const entry = { rule, fingerprint, paths: ["x/a.py"], reason: "known", added: "2026-01-01" };
    server.branch("change", "change");
    server.commit({ "keylint.baseline.json": baseline([entry]) });
    const own = server.run(server.pull());
    assert.equal(own.code, 1, own.log);
    assert.match(own.summary, /edits the settings of keylint/);
    assert.equal(server.run(server.pull(), { trust: "head" }).code, 0);
    server.branch("main", "main");
    server.commit({ "keylint.baseline.json": baseline([entry]) });
    server.branch("change");
    server.commit({ "x/a.py": line("KEY", secret) });
    const accepted = server.run(server.pull());
    assert.equal(accepted.code, 0, accepted.log);
    assert.equal(accepted.outputs.findings, "0");
    // A move is free, a copy is new.
    server.commit({ "x/a.py": line("KEY", secret) });
    const last = server.head();
    server.push(`${last}:refs/heads/main`);
    server.commit({ "x/a.py": null, "y/other.py": `# elsewhere, and with much around it\n${"z = 1\n".repeat(9)}${line("KEY", secret)}` });
    const moved = server.head();
    server.push(`${moved}:refs/heads/main`);
    assert.equal(server.run(server.pushed(last, moved)).code, 0);
    const copied = server.commit({ "x/a.py": line("KEY", secret) });
    server.push(`${copied}:refs/heads/main`);
    const run = server.run(server.pushed(last, copied));
    assert.equal(run.outputs.findings, "1", run.log);
  });

  test("inputs: the gate, the paths, what is said", () => {
    const secret = stripe();
    server.branch("change");
    server.commit({ "a/b.py": line("KEY", secret) });
    const happened = server.pull();
    const never = server.run(happened, { "fail-on": "never" });
    assert.equal(never.code, 0);
    assert.equal(never.outputs.findings, "1");
    assert.equal(never.annotations[0].level, "warning");
    const nowhere = server.run(happened, { paths: "src\nc/" });
    assert.equal(nowhere.outputs.findings, "0");
    assert.match(nowhere.annotations[0].message, /the input `paths` names `c`, which is not there/);
    assert.equal(server.run(happened, { paths: "src\n." }).outputs.findings, "1");
    const slip = server.run(happened, { scope: "tree", paths: "src\nc" });
    assert.equal(slip.code, 2);
    assert.match(slip.annotations[0].message, /names `c`, which is not there/);
    assert.equal(server.run(happened, { paths: "src\n./a/\n" }).outputs.findings, "1");
    const quiet = server.run(happened, { annotations: "false", summary: "false", mask: "false" });
    assert.equal(quiet.code, 1);
    assert.deepEqual([quiet.annotations, quiet.masks, quiet.summary], [[], [], ""]);
    silent(quiet, secret);
    const elsewhere = server.run(happened, {}, { env: { GITHUB_ACTIONS: "" } });
    assert.deepEqual(elsewhere.masks, []);
    silent(elsewhere, secret);
  });
});

describe("other events", () => {
  test("a push", () => {
    const [gone, old] = [stripe(), stripe()];
    server.branch("main", "main");
    const first = server.commit({ "old.py": line("KEY", old) });
    server.commit({ "a.py": line("KEY", gone) });
    const last = server.commit({ "a.py": "a = 1\n" });
    server.push("main");
    const run = server.run(server.pushed(first, last));
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(run.masks, [gone]);
  });

  test("a push counts its own suppressions, and lists them", () => {
    const secret = stripe();
    server.branch("main", "main");
    const last = server.commit({ "a.py": `KEY = "${secret}"  ${ignore(" a fixture")}\n` });
    server.push("main");
    const run = server.run(server.pushed(base, last));
    assert.equal(run.code, 0, run.log);
    assert.equal(run.outputs["new-suppressions"], "1");
    assert.match(run.summary, /a fixture/);
    silent(run, secret);
  });

  test("the first push of a repository", () => {
    const [gone, stays] = [stripe(), stripe()];
    server.branch("main", "main");
    server.commit({ "a.py": line("KEY", gone) });
    const last = server.commit({ "a.py": "a = 1\n", "b.py": line("KEY", stays) });
    server.push("main");
    const run = server.run(server.pushed(NOTHING, last, { created: true, commits: [] }));
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(new Set(run.masks), new Set([gone, stays]));
  });

  test("the first push of a branch", () => {
    const [old, secret] = [stripe(), stripe()];
    server.branch("main", "main");
    server.commit({ "old.py": line("KEY", old) });
    server.push("main");
    server.branch("feature");
    server.commit({ "a.py": line("KEY", secret) });
    const last = server.commit({ "a.py": "a = 1\n" });
    server.push("feature");
    const event = { created: true, commits: [], ref: "refs/heads/feature" };
    const run = server.run(server.pushed(NOTHING, last, event));
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(run.masks, [secret]);
  });

  test("a forced push, after which the old commits are gone", () => {
    const secret = stripe();
    server.branch("feature");
    server.commit({ "a.py": line("KEY", secret) });
    const last = server.commit({ "a.py": "a = 1\n" });
    server.push("feature");
    const event = { forced: true, commits: [], ref: "refs/heads/feature" };
    const run = server.run({ ...server.pushed(base, last, event), event: { ...server.pushed(base, last, event).event, before: "f".repeat(40) } });
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(run.masks, [secret]);
  });

  test("a push that deletes a branch", () => {
    const run = server.run(server.pushed(base, base, { deleted: true, after: NOTHING }));
    assert.equal(run.code, 0, run.log);
    assert.equal(run.outputs.findings, "0");
    assert.match(run.log, /nothing to scan/);
  });

  test("a merge group", () => {
    const secret = stripe();
    server.branch("queue");
    server.commit({ "a.py": line("KEY", secret), "keylint.toml": 'exclude = ["*"]\n' });
    const head = server.commit({ "a.py": "a = 1\n" });
    server.push("queue");
    const event = { merge_group: { base_sha: base, head_sha: head } };
    const run = server.run({ name: "merge_group", event, sha: head, ref: "refs/heads/queue" });
    assert.equal(run.code, 1, run.log);
    assert.deepEqual(run.masks, [secret]);
  });

  for (const name of ["schedule", "workflow_dispatch"]) {
    test(`${name}: all files`, () => {
      const secret = stripe();
      server.branch("main", "main");
      const last = server.commit({ "deep/er/a.py": line("KEY", secret), "b.py": 'x = "y"  # gitleaks:allow\n' });
      server.push("main");
      const run = server.run({ name, event: {}, sha: last, ref: "refs/heads/main" }, { "sarif-file": "k.sarif" });
      assert.equal(run.code, 1, run.log);
      assert.deepEqual(run.masks, [secret]);
      assert.ok(run.summary.includes(`/blob/${last}/deep/er/a.py?plain=1#L1`));
      assert.equal(JSON.parse(run.read("k.sarif")).runs[0].results.length, 1);
    });
  }
});
