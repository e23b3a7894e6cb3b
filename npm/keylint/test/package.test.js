// The packed package in the hosts that people run it in. Not here: whether it finds what the program finds
// (`parity.test.js`), or browsers (`browser.test.js`).

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { host, modules, packed, token } from "./setup.js";

/** What every host must say: one finding on line 1, UTF-16 columns, masked, redacted, explained. */
const body = `
  const token = ${JSON.stringify(token)};
  const text = "\\u00e9\\ud83d\\ude00 first\\nT\\ud83d\\ude00KEN = \\"" + token + "\\"\\n";
  const scanner = createScanner({ failOn: "high", severity: { "json-web-token": "low" }, allow: [{ paths: ["docs/**"] }] });
  const { findings, skipped } = scanner.scan("a.py", text);
  const check = (right, what) => { if (!right) { throw new Error(what + ": " + JSON.stringify(findings)); } };
  check(findings.length === 1 && skipped.length === 0, "one finding");
  const [{ range, rule, excerpt, atGate }] = findings;
  check(text.split("\\n")[range.start.line].slice(range.start.character, range.end.character) === token, "range");
  check(rule === "github-personal-access-token" && atGate && !excerpt.includes(token), "finding");
  check(scanner.scan("a.py", new TextEncoder().encode(text)).findings[0].span.start === findings[0].span.start, "bytes");
  check(scanner.scan("docs/a.py", text).findings[0].suppressed.kind === "config", "allow");
  check(!redact(text).includes(token) && redact(text).includes("first"), "redact");
  check(JSON.parse(sarif([{ path: "a.py", text }])).runs[0].results.length === 1, "sarif");
  check(explain(rule).docs.length > 50 && rules().length > 1000, "explain");
  let refused = "";
  try { createScanner("selct = []", { name: "keylint.toml" }); } catch (error) { refused = error.message; }
  check(refused === "keylint.toml:1: unknown key \`selct\`, did you mean \`select\`?", "error: " + refused);
`;
const names = "createScanner, redact, sarif, explain, rules";
const esm = (entry) => `import { ${names} } from "${entry}";\n${body}\nconsole.log("ok");\n`;
const cjs = (entry) => `const { ${names} } = require("${entry}");\n${body}\nconsole.log("ok");\n`;

const scripts = {
  "esm.mjs": esm("keylint"),
  "inline.mjs": esm("keylint/inline"),
  "cjs.cjs": cjs("keylint"),
  "inline.cjs": cjs("keylint/inline"),
};
for (const [name, text] of Object.entries(scripts)) {
  writeFileSync(join(host, name), text);
}

const run = (program, words) => execFileSync(program, words, { cwd: host, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const binary = (path) => {
  const file = modules(path);
  chmodSync(file, 0o755);
  return file;
};

for (const [version, path] of [["20", "node20/bin/node"], ["24", "node24/bin/node"]]) {
  test(`Node ${version}`, () => {
    const node = binary(path);
    assert.match(run(node, ["--version"]), new RegExp(`^v${version}\\.`));
    for (const name of Object.keys(scripts)) {
      assert.equal(run(node, [name]), "ok\n", name);
    }
  });
}

test("Deno, without permissions", () => {
  const deno = binary("@deno/linux-x64-glibc/deno");
  for (const name of ["esm.mjs", "inline.mjs"]) {
    assert.equal(run(deno, ["run", "--no-prompt", "--no-config", "--node-modules-dir=manual", name]), "ok\n", name);
  }
});

test("Bun", () => {
  const bun = binary("@oven/bun-linux-x64/bin/bun");
  for (const name of Object.keys(scripts)) {
    assert.equal(run(bun, ["run", name]), "ok\n", name);
  }
});

test("workerd", async () => {
  chmodSync(modules("@cloudflare/workerd-linux-64/bin/workerd"), 0o755);
  const { Miniflare } = await import("miniflare");
  const worker = `import { ${names} } from "./node_modules/keylint/src/workerd.js";
    export default { async fetch() { ${body} return new Response("ok"); } };`;
  writeFileSync(join(host, "worker.mjs"), worker);
  const own = join(host, "node_modules/keylint");
  const module = (type, path, contents) => ({ type, path, contents: contents ?? readFileSync(path) });
  const text = (path) => module("ESModule", path, readFileSync(path, "utf8"));
  const flare = new Miniflare({
    modulesRoot: host,
    modules: [
      text(join(host, "worker.mjs")),
      text(join(own, "src/workerd.js")),
      text(join(own, "src/api.js")),
      text(join(own, "src/public.js")),
      text(join(own, "dist/keylint.js")),
      module("CompiledWasm", join(own, "dist/keylint.wasm")),
      module("Data", join(own, "dist/keylint.texts.bin")),
    ],
    compatibilityDate: "2026-01-01",
  });
  try {
    const response = await flare.dispatchFetch("http://localhost/");
    assert.equal(await response.text(), "ok");
  } finally {
    await flare.dispose();
  }
});

test("texts may be a part of a larger buffer, and broken ones are said", () => {
  const script = `
    import { readFileSync } from "node:fs";
    const { explain, init, loadTexts } = await import("./node_modules/keylint/src/web.js");
    const read = (name) => readFileSync("node_modules/keylint/dist/" + name);
    await init(read("keylint.wasm"), { texts: false });
    const texts = read("keylint.texts.bin");
    const part = process.argv[2] === "whole" ? [7, 7 + texts.length] : [0, 9];
    await loadTexts(Buffer.concat([Buffer.alloc(7), texts, Buffer.alloc(5)]).subarray(...part));
    console.log(explain("github-personal-access-token").docs.length > 50 ? "ok" : "no text");
  `;
  writeFileSync(join(host, "part.mjs"), script);
  assert.equal(run(process.execPath, ["part.mjs", "whole"]), "ok\n");
  assert.throws(() => run(process.execPath, ["part.mjs", "broken"]), /the texts of the rules cannot be read/);
});

test("the command", () => {
  const folder = join(host, "command");
  mkdirSync(join(folder, "vendor"), { recursive: true });
  writeFileSync(join(folder, "a.py"), `TOKEN = "${token}"\n`);
  writeFileSync(join(folder, "vendor/b.py"), `TOKEN = "${token}"\n`);
  writeFileSync(join(folder, "keylint.toml"), 'exclude = ["vendor/"]\n');
  writeFileSync(join(folder, "clean.py"), "print(1)\n");
  const command = (...words) => {
    const env = { ...process.env, KEYLINT_BINARY: "" };
    return spawnSync(process.execPath, [join(host, "node_modules/keylint/bin/keylint.js"), ...words], { cwd: folder, env, encoding: "utf8" });
  };
  const check = (words, status, pattern) => {
    const { status: got, stdout, stderr } = command(...words);
    assert.equal(got, status, `${words.join(" ")}: ${stdout}${stderr}`);
    assert.match(stdout + stderr, pattern);
    assert.ok(!(stdout + stderr).includes(token));
  };
  check(["--format", "concise"], 1, /^a\.py:1:10: critical\[github-personal-access-token\]/m);
  check(["clean.py"], 0, /0 findings|no findings/);
  check(["--fail-on", "never"], 0, /1 finding/);
  check(["--exit-zero"], 0, /1 finding/);
  check(["missing.py"], 2, /^error: cannot scan `missing\.py`: no such file or folder/);
  check(["--format", "yaml"], 2, /no format is called `yaml`/);
  // A reader that goes away changes neither the exit code nor the other report.
  const program = join(host, "node_modules/keylint/bin/keylint.js");
  const piped = `"$1" "$2" --format text --format json:all.json | true; exit \${PIPESTATUS[0]}`;
  const env = { ...process.env, KEYLINT_BINARY: "" };
  const { status } = spawnSync("bash", ["-c", piped, "bash", process.execPath, program], { cwd: folder, env });
  assert.equal(status, 1);
  assert.equal(JSON.parse(readFileSync(join(folder, "all.json"), "utf8")).summary.findings, 1);
  mkdirSync(join(folder, "strange"));
  writeFileSync(join(folder, "strange/keylint.toml"), 'extends = "\\u001b[31m"\n');
  check(["strange"], 2, /^error: [^\x1b]*\\u\{1b\}[^\x1b]*$/);
  check(["--since", "main"], 2, /needs the native program/);
  check(["explain", "stripe-secret-key"], 0, /Revoke/);
  check(["redact", "a.py"], 0, /TOKEN = /);
  execFileSync("git", ["init", "-q"], { cwd: folder });
  execFileSync("git", ["add", "a.py", "clean.py"], { cwd: folder });
  check(["--staged", "--format", "concise"], 1, /^a\.py:1:10/m);
  writeFileSync(join(folder, "a.py"), "print(1)\n");
  check(["--staged", "--format", "concise"], 1, /^a\.py:1:10/m);
  execFileSync("git", ["add", "a.py"], { cwd: folder });
  check(["--staged", "--format", "concise"], 0, /^$/);
});

test("a Terraform module", () => {
  const policy = (name, actions) => `data "aws_iam_policy_document" "${name}" {
  statement {
    actions   = ${actions}
    resources = ["*"]
  }
}
`;
  const attached = (name) => `resource "aws_iam_role_policy" "${name}" {
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.${name}.json
}
`;
  const folder = join(host, "module");
  mkdirSync(join(folder, "iam"), { recursive: true });
  const write = (name, text) => writeFileSync(join(folder, "iam", name), text);
  const rule = "privilege-escalation";
  writeFileSync(join(folder, "keylint.toml"), `select = ["${rule}"]\n`);
  write("pass.tf", policy("pass", '["iam:PassRole"]'));
  write("roles.tf", attached("pass") + attached("run"));
  const git = (...words) => execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...words], { cwd: folder });
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "x");
  write("run.tf", policy("run", '["lambda:CreateFunction", "lambda:InvokeFunction"]'));
  git("add", ".");
  const check = (...words) => {
    const env = { ...process.env, KEYLINT_BINARY: "" };
    const command = [join(host, "node_modules/keylint/bin/keylint.js"), "--format", "concise", ...words];
    return spawnSync(process.execPath, command, { cwd: folder, env, encoding: "utf8" }).stdout;
  };
  const found = new RegExp(`^iam/run\\.tf:3:43: .*${rule}`, "m");
  assert.match(check("."), found);
  assert.match(check("--staged"), found);
  // What is not staged counts in the work tree only.
  write("roles.tf", attached("run"));
  assert.equal(check("."), "");
  assert.match(check("--staged"), found);
  git("add", ".");
  assert.equal(check("--staged"), "");

  const script = `
    import { readFileSync } from "node:fs";
    const { createScanner } = await import("./node_modules/keylint/src/node.js");
    const scanner = createScanner({ select: ["${rule}"] });
    const beside = ["pass.tf", "roles.tf", "run.tf"].map((name) => ({ path: "iam/" + name, text: readFileSync("module/iam/" + name) }));
    beside[1].text = ${JSON.stringify(attached("pass") + attached("run"))};
    const { path, text } = beside[2];
    const counts = [beside, undefined, beside].map((beside) => scanner.scan(path, text, { beside }).findings.length);
    const other = scanner.scan(path, "# another text", { beside }).findings.length;
    console.log([...counts, other, scanner.scan(path, text, { beside }).findings[0].related[0].path].join(" "));
  `;
  writeFileSync(join(host, "module.mjs"), script);
  assert.equal(run(process.execPath, ["module.mjs"]), "1 0 1 0 iam/pass.tf\n");
});

test("the native program is preferred", () => {
  const env = { ...process.env, KEYLINT_BINARY: process.env.KEYLINT_NATIVE };
  const words = [join(host, "node_modules/keylint/bin/keylint.js"), "--version"];
  assert.match(execFileSync(process.execPath, words, { env, encoding: "utf8" }), /^keylint \d/);
});

test("the package of the platform brings the native program", () => {
  const folder = join(host, `node_modules/@keylint/cli-${process.platform}-${process.arch}`);
  const targets = { "linux-x64": "x86_64-unknown-linux-musl", "linux-arm64": "aarch64-unknown-linux-musl" };
  const target = targets[`${process.platform}-${process.arch}`];
  const words = [join(process.env.KEYLINT_ROOT, "npm/platform/pack.mjs"), target, process.env.KEYLINT_NATIVE, folder];
  run(process.execPath, words);
  const { KEYLINT_BINARY, ...env } = process.env;
  const command = (...words) =>
    spawnSync(process.execPath, [join(host, "node_modules/keylint/bin/keylint.js"), ...words], { cwd: host, env, encoding: "utf8" });
  // What WebAssembly cannot do.
  assert.equal(command("git", "--help").status, 0);
  const lint = spawnSync(modules(".bin/publint"), ["--strict", folder], { encoding: "utf8" });
  assert.equal(lint.status, 0, lint.stdout);
  rmSync(folder, { recursive: true });
  assert.equal(command("git", "--help").status, 2);
});

test("publint and attw have nothing to say", () => {
  const { status, stdout } = spawnSync(modules(".bin/publint"), ["--strict", join(host, "node_modules/keylint")], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
  const attw = spawnSync(modules(".bin/attw"), [packed, "--profile", "node16", "--no-emoji", "--exclude-entrypoints", "schema.json", "report.schema.json"], { encoding: "utf8" });
  assert.equal(attw.status, 0, attw.stdout + attw.stderr);
});

test("the types are right", () => {
  const use = `import { createScanner, init, type Finding } from "keylint";
    import { redact } from "keylint/inline";
    await init();
    const scanner = createScanner({ select: ["secret"], failOn: "never" }, { today: null });
    const found: Finding[] = scanner.scan("a.py", "x").findings;
    const report = scanner.report();
    report.add("a", new Uint8Array(), { lines: [[1, 2]], newSuppressions: false, scanner });
    const code: 0 | 1 | 3 = report.summary().exitCode;
    console.log(found.length, code, redact("x"));
    // @ts-expect-error: there is no such severity
    createScanner({ failOn: "hihg" });`;
  writeFileSync(join(host, "use.mts"), use);
  const words = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom", "--types", "", "use.mts"];
  const { status, stdout } = spawnSync(modules(".bin/tsc"), words, { cwd: host, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
