// Serves the built page, opens it in Debian's Chromium without any other network, and makes tokens. Not here: what is
// tested. KEYLINT_TOOLS is where the packages are installed, KEYLINT_PAGE the built page.

import { createReadStream, existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { expand } from "../src/expand.js";

const require = createRequire(join(process.env.KEYLINT_TOOLS, "package.json"));
const { chromium } = require("playwright-core");

/** The source of axe-core, to run in a page. */
export const axe = require("axe-core").source;

/** A token that GitHub never gave out, with the right checksum. */
export const token = expand("ghp_{github:30}", 5);
/** A comment that suppresses the finding below, in a text that has one; here there is none. */
export const ignored = ["keylint", "ignore[generic-password] a test value"].join(": ");
/** A password that only its name tells. */
export const password = expand("{alnum:20}", 6);

/** Milliseconds after which something that does not come will not. */
const PATIENCE = 120_000;
const shots = process.env.KEYLINT_SHOTS ?? join(process.env.KEYLINT_TOOLS, "shots");
mkdirSync(shots, { recursive: true });

/** Where a screenshot goes. */
export const shot = (name) => join(shots, `${name}.png`);

const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serves the page as any host of static files would: the policy is in the page itself. */
export async function serve() {
  const server = createServer((request, response) => {
    const name = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    const path = join(process.env.KEYLINT_PAGE, name === "/" ? "index.html" : name);
    if (!existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** Chromium that finds no host but this machine. */
export function browser() {
  const args = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"];
  return chromium.launch({ executablePath: process.env.KEYLINT_CHROMIUM ?? "/usr/bin/chromium", args });
}

/**
 * Opens `url` and waits until the scanner has begun. `requests` are the addresses that were asked for, `complaints` what
 * the console and the security policy said.
 */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const requests = [];
  const complaints = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  await started(page);
  return { context, page, requests, complaints };
}

/** Waits until the first scan is shown and the texts of the rules are there. */
export function started(page) {
  return page.waitForFunction(() => Number(document.documentElement.dataset.scans) >= 2);
}

/** The long words that the page made for a sample: its secrets, as `template` does not have them. */
export function made(text, template) {
  return (text.match(/[A-Za-z0-9+/]{16,}/g) ?? []).filter((word) => !template.includes(word));
}

/** Replaces the text of the editor as somebody would who pastes. */
export async function paste(page, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

/** The rules of the findings in the list. */
export function rules(page) {
  return page.locator(".finding > .meta:first-of-type code").allInnerTexts();
}
