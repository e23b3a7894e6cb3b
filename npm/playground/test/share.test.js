// Links: what is in them, and that no secret is. Not here: the rest of the page (`page.test.js`).

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { browser, ignored, made, open, paste, password, rules, serve, started, token } from "./setup.js";

let server;
let chromium;
before(async () => {
  server = await serve();
  chromium = await browser();
});
after(async () => {
  await chromium?.close();
  server?.close();
});

const folder = new URL("../samples/", import.meta.url);
const templates = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");

/** What a link holds, read without the page's own code. */
const inside = (link) => inflateRawSync(Buffer.from(new URL(link).hash.slice("#1.".length), "base64url")).toString();

async function link(page) {
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("dialog").waitFor();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  const preview = await page.locator("#preview").innerText();
  await page.getByRole("button", { name: "Close" }).click();
  return { made: link, preview };
}

test("a link brings the text back, without its secrets", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.getByLabel("Path").fill("app/settings.py");
  // Once under its name, once suppressed, once where nothing tells that it is one.
  const text = [
    `TOKEN = "${token}"`,
    `password = "${password}"  # ${ignored}`,
    `print("é 😀", "${password}")`,
    "",
  ].join("\n");
  await paste(page, text);
  await page.locator(".finding").first().waitFor();
  const { made, preview } = await link(page);
  for (const place of [made, inside(made), preview]) {
    assert.ok(!place.includes(token) && !place.includes(token.slice(4)) && !place.includes(password));
  }
  const opened = await open(chromium, made);
  assert.equal(await opened.page.getByLabel("Path").inputValue(), "app/settings.py");
  const shown = (await opened.page.locator(".cm-line").allInnerTexts()).join("\n");
  const [, masked] = JSON.parse(inside(made));
  assert.equal(shown.trimEnd(), masked.trimEnd());
  assert.match(shown, /print\("é 😀", "<secret:/);
  assert.deepEqual((await rules(opened.page)).filter((rule) => rule !== "unused-suppression"), []);
  // The fragment never reaches the server.
  assert.ok(opened.requests.every((address) => !address.includes("#") || address.startsWith(made)));
  await opened.context.close();
  await context.close();
});

test("no sample's secret gets into its link", async () => {
  const { context, page } = await open(chromium, server.url);
  const values = await page.locator("#sample option").evaluateAll((all) => all.map(({ value }) => value).filter(Boolean));
  for (const value of values) {
    await page.getByLabel("Sample").selectOption(value);
    await page.locator(".cm-lintRange").first().waitFor();
    const policies = await page.locator('.finding[data-family="policy"]').count();
    const text = (await page.locator(".cm-line").allInnerTexts()).join("\n");
    const secrets = made(text, templates);
    assert.equal(secrets.length > 0, !value.startsWith("iam/"), value);
    const shared = await link(page);
    for (const secret of secrets) {
      assert.ok(!inside(shared.made).includes(secret) && !shared.preview.includes(secret), `${value}: a secret stays`);
    }
    // The text of the link in another page: the policies are found again, the secrets are not.
    const opened = await open(chromium, shared.made);
    assert.equal(await opened.page.locator('.finding[data-family="policy"]').count(), policies, value);
    assert.equal(await opened.page.locator('.finding[data-family="secret"]').count(), 0, value);
    await opened.context.close();
  }
  await context.close();
});

test("a path with a secret is masked too", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.getByLabel("Path").fill(`backup/${token}/notes.txt`);
  await paste(page, "nothing here\n");
  await page.getByText("Nothing found").waitFor();
  const { made } = await link(page);
  assert.ok(!inside(made).includes(token));
  await context.close();
});

test("a broken link is told, and the page works", async () => {
  for (const broken of ["1.!!!!", "1.AAAA", "1."]) {
    const { context, page } = await open(chromium, `${server.url}#${broken}`);
    await page.getByText("The link is broken").waitFor();
    await page.locator(".finding").first().waitFor();
    await context.close();
  }
});

test("a link that unpacks to very much is refused", async () => {
  const bomb = deflateRawSync(JSON.stringify(["a.txt", "a".repeat(64 << 20)])).toString("base64url");
  const { context, page } = await open(chromium, `${server.url}#1.${bomb}`);
  await page.getByText("The link is broken").waitFor();
  await context.close();
});

test("a link opened in the page replaces the text", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.getByLabel("Path").fill("a.py");
  await paste(page, `first = "${token}"\n`);
  await page.locator(".finding", { hasText: "github" }).waitFor();
  const { made } = await link(page);
  await page.getByLabel("Sample").selectOption({ label: "IAM policy" });
  await page.evaluate((address) => { location.hash = new URL(address).hash; }, made);
  await page.locator(".cm-line", { hasText: "first =" }).waitFor();
  await started(page);
  assert.equal(await page.getByLabel("Path").inputValue(), "a.py");
  await context.close();
});
