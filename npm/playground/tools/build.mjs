// Builds the page: `node build.mjs TOOLS OUT`, where TOOLS is where the packages of this folder are installed and
// npm/keylint has been built. Not here: the page, or its tests.

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const tools = resolve(process.argv[2] ?? ".");
const playground = fileURLToPath(new URL("..", import.meta.url));
const out = resolve(process.argv[3] ?? join(playground, "dist"));
const keylint = join(playground, "../keylint");
const { build } = createRequire(join(tools, "package.json"))("esbuild");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const common = {
  absWorkingDir: playground,
  bundle: true,
  legalComments: "linked",
  loader: { ".txt": "text" },
  logLevel: "warning",
  minify: true,
  nodePaths: [join(tools, "node_modules")],
  outdir: out,
  target: ["chrome123", "firefox120", "safari17.5"],
};
/** CodeMirror sets style sheets; the policy of the page lets only those with this word in. */
const nonce = createHash("sha256").update(readFileSync(join(tools, "package-lock.json"))).digest("hex").slice(0, 16);
const alias = { keylint: join(keylint, "src/web.js") };
await build({ ...common, alias, define: { NONCE: JSON.stringify(nonce) }, entryPoints: ["src/main.js"], format: "esm" });
await build({ ...common, entryPoints: ["src/theme.js", "src/style.css"], format: "iife" });
for (const name of ["keylint.wasm", "keylint.texts.bin"]) {
  copyFileSync(join(keylint, "dist", name), join(out, name));
}
for (const name of ["icon.svg", "manifest.json"]) {
  copyFileSync(join(playground, "src", name), join(out, name));
}
const page = readFileSync(join(playground, "index.html"), "utf8");
writeFileSync(join(out, "index.html"), page.replace("{nonce}", nonce));

// The service worker comes last: its version is that of all other files.
const files = readdirSync(out).filter((name) => !name.endsWith(".LEGAL.txt") && name !== "index.html").sort();
const version = createHash("sha256");
for (const name of [...files, "index.html"]) {
  version.update(name).update(readFileSync(join(out, name)));
}
const define = { FILES: JSON.stringify(["./", ...files]), VERSION: JSON.stringify(version.digest("hex").slice(0, 12)) };
await build({ ...common, define, entryPoints: ["src/sw.js"], format: "iife" });
