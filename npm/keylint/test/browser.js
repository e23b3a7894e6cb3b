// A page made by Vite from the packed package, and Debian's Chromium to open it. Not here: what is tested on it.

import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { modules } from "./setup.js";

const page = `
  import { createScanner, init, loadTexts, explain } from "keylint";
  let report;
  globalThis.ready = init();
  globalThis.explain = explain;
  globalThis.begin = () => { report = createScanner([], { minConfidence: "low", failOn: "info" }).report(); };
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const folder = (path) => path.slice(0, path.lastIndexOf("/") + 1);
  const beside = new Map();
  globalThis.know = (documents) => {
    for (const [path, base64] of documents) {
      const known = beside.get(folder(path)) ?? [];
      beside.set(folder(path), [...known, { path, text: bytes(base64) }]);
    }
  };
  globalThis.add = (documents) => {
    for (const [path, base64] of documents) {
      report.add(path, bytes(base64), { beside: beside.get(folder(path)) });
    }
  };
  globalThis.render = (options) => report.render("json", options);
`;

/** Builds the page in `host`, which has the package installed; gives the folder. */
export function build(host) {
  const app = join(host, "app");
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, "index.html"), '<!doctype html><meta charset="utf-8"><script type="module" src="./main.mjs"></script>');
  writeFileSync(join(app, "main.mjs"), page);
  execFileSync(modules(".bin/vite"), ["build", "--logLevel", "warn", "--outDir", join(app, "dist")], { cwd: app, stdio: "inherit" });
  return join(app, "dist");
}

const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
/** No page may reach anything else, and no code but its own and the module's runs. */
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** Serves a folder. */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const name = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    const path = join(folder, name === "/" ? "index.html" : name);
    if (!existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-security-policy": policy });
    createReadStream(path).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** Debian's Chromium. */
export async function chromium() {
  const { chromium } = await import("playwright-core");
  const args = ["--no-sandbox", "--disable-gpu"];
  return chromium.launch({ executablePath: process.env.KEYLINT_CHROMIUM ?? "/usr/bin/chromium", args });
}
