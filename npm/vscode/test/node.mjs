// The worker as a thread of Node, where the desktop runs it: it fetches what it needs, finds, and accepts in the baseline.
// Run by `cargo xtask test` as `node node.mjs EXTENSION WORKSPACE`. Not here: the editor (web.mjs).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

const [extension, workspace] = process.argv.slice(2);
const text = readFileSync(join(workspace, "app.py"), "utf8");
const secret = text.match(/TOKEN = "(.*)"/)[1];
const root = "virtual://host/w%20s";
const files = new Map([[`${root}/keylint.toml`, 'exclude = ["left/"]\n']]);
const asked = new Set();
const heard = [];
const answers = new Map();

function check(what, holds) {
  if (!holds) {
    throw new Error(`not so: ${what}`);
  }
  console.log(`ok: ${what}`);
}

const worker = new Worker(join(extension, "dist/worker.js"));
const read = (name) => readFileSync(join(extension, "dist", name));
const ready = new Promise((resolve, reject) => {
  worker.on("error", reject);
  worker.on("message", (message) => {
    const { kind, uri } = message;
    if (kind === "ready") {
      resolve();
    } else if (kind === "failed") {
      reject(new Error(message.reason));
    } else if (kind === "read") {
      asked.add(uri);
      const known = files.get(uri);
      const bytes = known === undefined ? null : new TextEncoder().encode(known);
      const large = uri.endsWith("large.txt");
      setTimeout(() => worker.postMessage({ kind: "file", uri, bytes: large ? null : bytes, large }), 5);
    } else if (kind === "list") {
      const uris = [...files.keys()].filter((file) => file.startsWith(uri));
      worker.postMessage({ kind: "listed", uri, deep: message.deep, uris });
    } else if (kind === "append") {
      files.set(uri, `${files.get(uri) ?? ""}${new TextDecoder().decode(message.line)}\n`);
      worker.postMessage({ kind: "written", uri, reason: null });
    } else {
      heard.push(message.text);
      const said = JSON.parse(message.text);
      answers.get(said.method ?? said.id)?.(said);
    }
  });
});
worker.postMessage({ kind: "start", module: read("keylint-lsp.wasm"), texts: read("keylint.texts.bin"), folders: [root] });
await ready;

const send = (message) => worker.postMessage({ kind: "message", text: JSON.stringify({ jsonrpc: "2.0", ...message }) });
const comes = (key) => new Promise((resolve) => answers.set(key, resolve));
let last = 0;
async function request(method, params) {
  last += 1;
  const answer = comes(last);
  send({ id: last, method, params });
  const { result, error } = await answer;
  if (error) {
    throw new Error(`${method}: ${error.message}`);
  }
  return result;
}
const open = (uri, typed = text) =>
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "python", version: 1, text: typed } } });
const pull = async (uri) => (await request("textDocument/diagnostic", { textDocument: { uri } })).items;

const textDocument = { diagnostic: {}, codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] }, codeActionLiteralSupport: {} } };
const capabilities = { workspace: { applyEdit: true, workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } }, textDocument };
await request("initialize", { capabilities, workspaceFolders: [{ uri: root, name: "w" }] });
open(`${root}/app.py`);
const found = await pull(`${root}/app.py`);
check("one finding, once the configuration was fetched", found.length === 1 && asked.has(`${root}/keylint.toml`));
open(`${root}/left/app.py`);
check("none where the configuration says so", (await pull(`${root}/left/app.py`)).length === 0);

const wanted = { textDocument: { uri: `${root}/app.py` }, range: found[0].range, context: { diagnostics: found } };
const actions = await request("textDocument/codeAction", wanted);
const accept = actions.find((action) => action.title.startsWith("Accept"));
const { edit } = await request("codeAction/resolve", accept);
const baseline = edit.documentChanges.find((change) => change.edits).edits[0].newText;
check("a baseline is made", JSON.parse(baseline).findings.length === 1);

const move = actions.find((action) => action.title.startsWith("Move"));
const applied = comes("workspace/applyEdit");
await request("workspace/executeCommand", move.command);
check("a change follows", JSON.stringify(await applied).includes("os.environ"));
check("after the value was kept", files.get(`${root}/.env`) === `GITHUB_TOKEN=${secret}\n` && files.get(`${root}/.gitignore`) === ".env\n");

files.set(`${root}/keylint.baseline.json`, baseline);
send({ method: "workspace/didChangeWatchedFiles", params: { changes: [{ uri: `${root}/keylint.baseline.json`, type: 1 }] } });
check("what was accepted is silent", (await pull(`${root}/app.py`)).length === 0);

// The files of a Terraform module are fetched for the one that is open, and again when one changes.
const policy = (name, actions) =>
  `data "aws_iam_policy_document" "${name}" {\n  statement {\n    actions   = ${actions}\n    resources = ["*"]\n  }\n}\n`;
const attached = (name) =>
  `resource "aws_iam_role_policy" "${name}" {\n  role   = aws_iam_role.app.id\n  policy = data.aws_iam_policy_document.${name}.json\n}\n`;
const run = policy("run", '["lambda:CreateFunction", "lambda:InvokeFunction"]');
files.set(`${root}/iam/pass.tf`, policy("pass", '["iam:PassRole"]'));
files.set(`${root}/iam/roles.tf`, attached("pass") + attached("run"));
open(`${root}/iam/run.tf`, run);
const escalates = async () => (await pull(`${root}/iam/run.tf`)).some(({ code }) => code === "privilege-escalation");
check("a module is read as one", await escalates());
files.set(`${root}/iam/roles.tf`, attached("run"));
send({ method: "workspace/didChangeWatchedFiles", params: { changes: [{ uri: `${root}/iam/roles.tf`, type: 2 }] } });
check("and again", !(await escalates()));
for (const name of ["pass", "roles", "run"]) {
  files.delete(`${root}/iam/${name}.tf`);
}

files.set(`${root}/sub/other.py`, text.replace("names", "other"));
files.set(`${root}/sub/large.txt`, "");
const report = await request("workspace/diagnostic", { previousResultIds: [] });
const reported = report.items.map((item) => item.uri);
check("the workspace is scanned", reported.length === 1 && reported[0] === `${root}/sub/other.py`);
check("a file that is too large is logged", heard.some((text) => /logMessage.*`large\.txt`.*too large/.test(text)));
check("no message holds the secret", !heard.some((text) => text.includes(secret)));
await request("shutdown");
await worker.terminate();

// A trap is told once and without the text, and nothing comes after it.
const parts = [join(import.meta.dirname, "trap.js"), join(extension, "dist/worker.js")];
const trapped = new Worker(parts.map((file) => readFileSync(file, "utf8")).join("\n"), { eval: true });
const told = [];
const say = (method, params) =>
  trapped.postMessage({ kind: "message", text: JSON.stringify({ jsonrpc: "2.0", id: method, method, params }) });
const reason = await new Promise((resolve, reject) => {
  trapped.on("error", reject);
  trapped.on("message", (message) => {
    told.push(message);
    if (message.kind === "ready") {
      say("initialize", { capabilities: {} });
      const document = { uri: `${root}/app.py`, languageId: "python", version: 1, text: `${text}# ‡` };
      say("textDocument/didOpen", { textDocument: document });
      say("shutdown");
    } else if (message.kind === "failed") {
      resolve(message.reason);
    }
  });
  trapped.postMessage({ kind: "start", module: read("keylint-lsp.wasm"), texts: read("keylint.texts.bin"), folders: [root] });
});
await trapped.terminate();
check("a trap is told", reason.startsWith("unreachable"));
check("and nothing after it", told.at(-1).kind === "failed" && !JSON.stringify(told).includes("‡"));
