// VS Code for the Web in Chromium: a squiggle, a hover, a quick fix, the workspace. Run by `cargo xtask test` as
// `node web.mjs TOOLS EXTENSION WORKSPACE SHOTS`. Not here: the desktop, or what the server says (tests/it/lsp.rs).

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { check, withEditor } from "./editor.mjs";

const [tools, extension, workspace, shots] = process.argv.slice(2);
const secret = readFileSync(join(workspace, "app.py"), "utf8").match(/TOKEN = "(.*)"/)[1];
await withEditor({ tools, extension, workspace, shots }, async (page, said) => {
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
    const menu = page.locator(".action-widget");
    // What the server says anew of the text closes a menu that has just been asked for; then one asks again.
    for (let left = 4; ; left--) {
      await page.keyboard.press("Control+.");
      const seen = await menu.waitFor({ timeout: left > 0 ? 10_000 : 60_000 }).then(() => true, () => false);
      if (seen) break;
      if (left === 0) throw new Error(`no menu with ${title}`);
      await page.keyboard.press("Escape");
    }
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
});
