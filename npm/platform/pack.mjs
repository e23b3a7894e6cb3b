// Makes the npm package of one platform's program: `node pack.mjs TARGET PROGRAM FOLDER` writes `@keylint/cli-OS-CPU`, for
// a target of Rust, into the folder, ready for `npm pack`. Not here: the package `keylint`, which runs it where it is there.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What Node calls the system and the processor. The programs for Linux are static: one for every C library. */
const PLATFORMS = {
  "aarch64-apple-darwin": ["darwin", "arm64"],
  "aarch64-pc-windows-msvc": ["win32", "arm64"],
  "aarch64-unknown-linux-musl": ["linux", "arm64"],
  "x86_64-apple-darwin": ["darwin", "x64"],
  "x86_64-pc-windows-msvc": ["win32", "x64"],
  "x86_64-unknown-linux-musl": ["linux", "x64"],
};

const LICENCES = ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"];

const [target, program, folder] = process.argv.slice(2);
const platform = PLATFORMS[target];
if (!platform || !program || !folder) {
  console.error(`usage: node pack.mjs TARGET PROGRAM FOLDER; targets: ${Object.keys(PLATFORMS).join(", ")}`);
  process.exit(2);
}
const [os, cpu] = platform;
const { version, license, author, repository, homepage, engines } = JSON.parse(
  readFileSync(join(root, "npm/keylint/package.json"), "utf8"),
);
const name = `@keylint/cli-${os}-${cpu}`;
const about = {
  name,
  version,
  description: `The native program of keylint for ${os} on ${cpu}; the package keylint runs it`,
  license,
  author,
  repository: { ...repository, directory: "npm/platform" },
  homepage,
  type: "commonjs",
  engines,
  os: [os],
  cpu: [cpu],
  files: ["bin", ...LICENCES],
};
const readme = `# ${name}

The native program of [keylint](${homepage}) for ${os} on ${cpu}. Install it beside the package \`keylint\`, whose command
then runs it in place of WebAssembly:

\`\`\`sh
npm install keylint ${name}
\`\`\`
`;
mkdirSync(join(folder, "bin"), { recursive: true });
writeFileSync(join(folder, "package.json"), `${JSON.stringify(about, null, 2)}\n`);
writeFileSync(join(folder, "README.md"), readme);
for (const file of LICENCES) {
  copyFileSync(join(root, file), join(folder, file));
}
const file = join(folder, "bin", os === "win32" ? "keylint.exe" : "keylint");
copyFileSync(program, file);
chmodSync(file, 0o755);
