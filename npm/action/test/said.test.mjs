// What a run prints and what it says where it stops: nothing that a runner obeys, nothing secret.
// Not here: what is found, and in which commits (`action.test.mjs`).

import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";

import { aws, line, privateKey, stripe } from "./secrets.mjs";
import { project, silent } from "./server.mjs";

let server;
let base;

beforeEach(() => {
  server?.close();
  ({ server, base } = project());
});
after(() => server?.close());

describe("what is printed", () => {
  test("hostile names command nothing", () => {
    const names = ["a\n::error::x,b:c%41.py", "##[error]|`x`<script>[a](b).py", "::set-output name=x::y.py", "-rf"];
    server.branch("change");
    const secrets = names.map(() => stripe());
    server.commit(Object.fromEntries(names.map((name, index) => [name, line("KEY", secrets[index])])));
    const run = server.run(server.pull());
    assert.equal(run.code, 1, run.log);
    const commands = run.log.split("\n").filter((text) => /^\s*::/.test(text) || text.includes("##["));
    for (const text of commands) assert.match(text, /^::(error|warning|notice) |^::add-mask::/);
    assert.equal(run.annotations.length, names.length, run.log);
    assert.deepEqual(new Set(run.annotations.map(({ file }) => file)), new Set(names));
    assert.ok(!/<script>|\[a\]\(b\)|`x`/.test(run.summary), run.summary);
    assert.ok(run.summary.split("\n").filter((row) => row.startsWith("| ")).every((row) => row.split(" | ").length === 5));
    silent(run, ...secrets);
  });

  test("every secret of a finding is masked, and every line of it", () => {
    const [pair, block, wide] = [aws(), privateKey(), stripe()];
    const utf16 = Buffer.from(`\ufeffKEY = "${wide}"\r\n`, "utf16le");
    server.branch("change");
    server.commit({
      "a.ini": `aws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n`,
      "key.pem": `${block}\n`,
      "w.ps1": utf16,
    });
    const run = server.run(server.pull());
    assert.equal(run.code, 1, run.log);
    const hidden = run.masks.flatMap((value) => value.split("\n")).map((text) => text.trim());
    for (const text of [pair.id, pair.secret, wide, ...block.split("\n").slice(1, -1)]) {
      assert.ok(hidden.includes(text), "a secret is not masked");
    }
    silent(run, pair.secret, wide, block.split("\n").slice(1, -1).join("\n"));
    const several = run.annotations.find(({ file }) => file === "key.pem");
    assert.notEqual(several.line, several.endLine);
    assert.deepEqual([several.col, several.endColumn], [undefined, undefined]);
  });

  test("GitHub's limits are kept, and what is left out is said", () => {
    server.branch("change");
    const keys = Array.from({ length: 34 }, (_, n) => line(`KEY_${n}`, stripe())).join("");
    server.commit({ "a.py": keys });
    const run = server.run(server.pull());
    const of = (level) => run.annotations.filter((found) => found.level === level);
    assert.equal(of("error").length, 10);
    assert.match(of("notice").at(-1).message, /^24 more findings are not shown/);
    assert.equal(run.outputs.findings, "34");
    const never = server.run(server.pull(), { "fail-on": "never" });
    const levels = never.annotations.reduce((sum, { level }) => ({ ...sum, [level]: (sum[level] ?? 0) + 1 }), {});
    assert.deepEqual(levels, { warning: 10, notice: 1 });
  });

  test("files that hold nothing to scan, and files that are missing", () => {
    server.branch("change");
    server.commit({ "b.bin": Buffer.from([0, 1, 2, 3]), "c.bin": "version https://git-lfs.github.com/spec/v1\noid x\n" });
    const run = server.run(server.pull());
    assert.equal(run.code, 0, run.log);
    assert.equal(run.outputs["exit-code"], "0");
  });
});

describe("what stops a run is said", () => {
  const check = (run, want, code = 2) => {
    assert.equal(run.code, code, run.log);
    assert.equal(run.outputs["exit-code"], String(code));
    assert.equal(run.annotations.length, 1, run.log);
    assert.match(run.annotations[0].message, want);
    assert.equal(run.annotations[0].level, "error");
  };

  test("no checkout", () => {
    const folder = server.root;
    check(server.run({ name: "push", event: {} }, {}, { folder }), /is not a git repository: run actions\/checkout/);
    check(server.run({ name: "push", event: {} }, { "working-directory": "no" }, { folder }), /there is no folder `no`/);
  });

  test("no git", () => {
    const happened = server.pushed(base, base);
    check(server.run(happened, {}, { env: { PATH: "/nonexistent" } }), /git is not installed/);
  });

  test("no permission, no remote", () => {
    server.branch("change");
    server.commit({ "a.py": "a = 1\n" });
    const happened = server.pull();
    const folder = server.checkout(happened);
    const git = (...args) => server.git("-C", folder, ...args);
    git("remote", "set-url", "origin", "https://user:pass@127.0.0.1:1/x.git");
    const offline = server.run(happened, {}, { folder });
    check(offline, /cannot fetch the commits of the change/);
    assert.ok(!offline.log.includes("user:pass"));
    git("remote", "remove", "origin");
    check(server.run(happened, {}, { folder }), /has no remote called `origin`/);
  });

  test("wrong inputs, events and configurations", () => {
    const happened = server.pushed(base, base);
    check(server.run(happened, { "fail-on": "hihg" }), /the input `fail-on` is `hihg`; it must be one of info, low/);
    check(server.run(happened, { mask: "yes" }), /the input `mask` is `yes`/);
    check(server.run({ ...happened, event: { after: "--x" } }), /the event holds no commit in `after`/);
    check(server.run({ ...happened, name: "schedule" }, { scope: "commits" }), /scope `commits` needs commits/);
    server.branch("main", "main");
    const last = server.commit({ "keylint.toml": "fail-no = 'high'\n" });
    server.push("main");
    check(server.run(server.pushed(base, last)), /`keylint.toml` is wrong: keylint.toml:1: unknown key `fail-no`/);
  });

  test("a report that a link of the checkout would lead elsewhere", async () => {
    const { symlinkSync, mkdirSync, existsSync } = await import("node:fs");
    const happened = server.pushed(base, base);
    const outside = `${server.root}/outside`;
    mkdirSync(outside);
    const folder = server.checkout(happened);
    symlinkSync(`${outside}/file`, `${folder}/k.sarif`);
    symlinkSync(outside, `${folder}/out`);
    check(server.run(happened, { "sarif-file": "k.sarif" }, { folder }), /it is a symbolic link/);
    check(server.run(happened, { "sarif-file": "out/k.sarif" }, { folder }), /leads out of the workspace/);
    assert.ok(!existsSync(`${outside}/file`) && !existsSync(`${outside}/k.sarif`));
  });
});
