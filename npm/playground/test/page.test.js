// The page in Chromium: findings, fixes, explanations, samples, themes, keyboard, and what it sends: nothing.
// Not here: links (`share.test.js`), or whether what is found is right (the tests of the rules).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, browser, ignored, open, paste, password, rules, serve, shot, started, token } from "./setup.js";

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

const leaky = `import os\n\nnames = ["é", "😀"]; TOKEN = "${token}"\n`;

test("finds what is pasted, and shows none of it", async () => {
  const { context, page, complaints } = await open(chromium, server.url);
  await page.getByLabel("Path").fill("app.py");
  const began = Date.now();
  await paste(page, leaky);
  await page.locator(".cm-lintRange-error", { hasText: token }).waitFor();
  await page.locator(".finding", { hasText: "github-personal-access-token" }).waitFor();
  console.log(`findings ${Date.now() - began} ms after the paste`);
  assert.deepEqual(await rules(page), ["github-personal-access-token"]);
  // Behind characters of several widths the squiggle is on the token and on nothing else.
  assert.equal((await page.locator(".cm-lintRange-error").allInnerTexts()).join(""), token);
  const list = await page.locator(".output").innerHTML();
  assert.ok(!list.includes(token) && !list.includes(token.slice(8, 24)));
  assert.match(await page.locator(".evidence").innerText(), /checksum/i);
  await paste(page, "nothing = 1\n");
  await page.getByText("Nothing found").waitFor();
  assert.equal(await page.locator(".cm-lintRange").count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("says what a rule is about, and goes to the place", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.getByLabel("Path").fill("app.py");
  await paste(page, leaky);
  const finding = page.locator(".finding", { hasText: "github-personal-access-token" });
  await finding.getByText("About this rule").click();
  await finding.getByText("Revoke", { exact: true }).waitFor();
  assert.ok((await finding.locator("details a").count()) > 0);
  await finding.locator(".go").click();
  await page.waitForFunction(() => document.activeElement?.classList.contains("cm-content"));
  assert.equal(await page.evaluate(() => String(getSelection())), token);
  assert.match(await finding.getAttribute("class"), /current/);
  // What is open stays open while one types.
  await page.keyboard.press("Control+End");
  const scans = await page.evaluate(() => Number(document.documentElement.dataset.scans));
  await page.keyboard.type("x = 1\n");
  await page.waitForFunction((scans) => Number(document.documentElement.dataset.scans) > scans, scans);
  assert.ok(await finding.locator("details").evaluate((details) => details.open));
  await context.close();
});

test("applies a fix", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.getByLabel("Sample").selectOption({ label: "IAM policy" });
  const finding = page.locator(".finding", { hasText: "invalid-action" });
  await finding.getByRole("button", { name: "Fix:" }).click();
  await finding.waitFor({ state: "detached" });
  assert.ok(!(await page.locator(".cm-content").innerText()).includes("s3:GetObejct"));
  await context.close();
});

test("every sample has findings of its families", async () => {
  const { context, page, complaints } = await open(chromium, server.url);
  const options = await page.locator("#sample option").evaluateAll((all) =>
    all.filter(({ value }) => value).map(({ value, parentElement }) => [value, parentElement.label]));
  assert.ok(options.length >= 8);
  for (const [value, family] of options) {
    await page.getByLabel("Sample").selectOption(value);
    assert.equal(await page.getByLabel("Path").inputValue(), value);
    await page.locator(".cm-lintRange").first().waitFor();
    const found = await rules(page);
    console.log(`${value}: ${found.join(", ")}`);
    const of = (word) => page.locator(`.finding[data-family="${word}"]`).count();
    assert.equal((await of("secret")) > 0, /Secrets/.test(family), value);
    assert.equal((await of("policy")) > 0, /policies/i.test(family), value);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the path decides the format", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.getByLabel("Sample").selectOption({ label: "IAM policy" });
  await page.locator(".finding").first().waitFor();
  await page.getByLabel("Path").fill("notes.md");
  await page.getByText("Nothing found").waitFor();
  await context.close();
});

test("the policy type decides what may stand in a policy", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.getByLabel("Sample").selectOption({ label: "KMS key policy" });
  const finding = page.locator(".finding", { hasText: "scp-syntax-error-principal" }).first();
  await page.getByLabel("Policy type").selectOption("scp");
  await finding.waitFor();
  await page.getByLabel("Policy type").selectOption("");
  await finding.waitFor({ state: "detached" });
  await context.close();
});

test("a comment suppresses, and the page says so", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.getByLabel("Path").fill("app.py");
  await paste(page, `password = "${password}"  # ${ignored}\n`);
  await page.locator(".finding.suppressed", { hasText: "a test value" }).waitFor();
  assert.equal(await page.locator(".cm-lintRange").count(), 0);
  await context.close();
});

test("changes between light and dark, and remembers", async () => {
  const { context, page } = await open(chromium, server.url, { colorScheme: "light" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  const button = page.getByRole("button", { name: "Dark theme" });
  await button.click();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  const dark = await background();
  assert.notEqual(dark, light);
  await page.reload();
  await started(page);
  assert.equal(await background(), dark);
  await context.close();
  const follows = await open(chromium, server.url, { colorScheme: "dark" });
  assert.equal(await follows.page.evaluate(() => getComputedStyle(document.body).backgroundColor), dark);
  await follows.context.close();
});

test("works with the keyboard alone", async () => {
  const { context, page } = await open(chromium, server.url);
  const focused = () => page.evaluate(() => {
    const at = document.activeElement;
    return at.id || at.getAttribute("aria-label") || at.className || at.localName;
  });
  const seen = [];
  for (let step = 0; step < 16; step += 1) {
    await page.keyboard.press("Tab");
    seen.push(await focused());
  }
  // Tab goes through the editor and out of it.
  for (const name of ["share", "theme", "sample", "path", "policy", "Text to scan", "findings", "go"]) {
    assert.ok(seen.includes(name), `${name} in ${seen.join(", ")}`);
  }
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("F8");
  await page.locator(".finding.current").waitFor();
  await context.close();
});

test("asks nobody for anything, and cannot", async () => {
  const { context, page, requests } = await open(chromium, server.url);
  await paste(page, leaky);
  await page.locator(".finding").first().waitFor();
  assert.ok(requests.length >= 5);
  assert.deepEqual(requests.filter((address) => !address.startsWith(server.url)), []);
  assert.ok(requests.every((address) => !address.includes(token.slice(0, 8))));
  const refused = await page.evaluate(async () => {
    const violated = new Promise((done) => addEventListener("securitypolicyviolation", ({ effectiveDirective }) => done(effectiveDirective)));
    // The policy complains a moment after the request has failed; without one nothing complains.
    const failed = fetch("https://example.com/").catch(() => new Promise((done) => setTimeout(done, 5000, "nothing")));
    return Promise.race([violated, failed]);
  });
  assert.equal(refused, "connect-src");
  await context.close();
});

test("opens again without a network", async () => {
  const { context, page } = await open(chromium, server.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await page.reload();
  await started(page);
  await paste(page, leaky);
  await page.locator(".finding", { hasText: "github-personal-access-token" }).waitFor();
  await context.close();
});

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`has no serious accessibility fault, and fits: ${size}, ${colorScheme}`, async () => {
      const phone = size === "phone" ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {};
      const { context, page } = await open(chromium, server.url, { viewport, colorScheme, ...phone });
      await page.locator(".finding").first().waitFor();
      await page.locator(".finding summary").first().click();
      await page.locator(".finding details .references").first().waitFor();
      await page.screenshot({ path: shot(`${size}-${colorScheme}`), fullPage: size === "phone" });
      const faults = async () => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} (${any[0]?.message})`).join("; ")}`);
      };
      assert.deepEqual(await faults(), []);
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(await overflow(), 0);
      await page.getByRole("button", { name: "Share" }).click();
      await page.getByRole("dialog").waitFor();
      await page.screenshot({ path: shot(`${size}-${colorScheme}-share`) });
      assert.deepEqual(await faults(), []);
      await context.close();
    });
  }
}
