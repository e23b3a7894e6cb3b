// VS Code for the Web with a server whose WebAssembly traps: it is said, started again and given up. Run by `cargo xtask
// test` as `node trap.mjs TOOLS EXTENSION WORKSPACE SHOTS`. Not here: how it comes to trap (trap.js).

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { check, withEditor } from "./editor.mjs";

const [tools, built, workspace, shots] = process.argv.slice(2);
const secret = readFileSync(join(workspace, "app.py"), "utf8").match(/TOKEN = "(.*)"/)[1];

const extension = `${built}-that-traps`;
cpSync(built, extension, { recursive: true });
const worker = join(extension, "dist/worker.js");
writeFileSync(worker, [join(import.meta.dirname, "trap.js"), worker].map((file) => readFileSync(file, "utf8")).join("\n"));

await withEditor({ tools, extension, workspace, shots }, async (page, said) => {
  const squiggles = (count) =>
    page.waitForFunction((count) => document.querySelectorAll(".squiggly-error").length === count, count);
  const toasts = page.locator(".notification-toast").filter({ hasText: "keylint itself failed" });
  const write = async (text) => {
    await page.locator(".monaco-editor .view-lines").first().click({ position: { x: 30, y: 10 } });
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText(text);
  };
  await page.getByRole("treeitem", { name: /app\.py/ }).first().dblclick();
  await squiggles(1);

  await write(`OTHER_TOKEN = "${secret}"  # †\n`);
  await toasts.first().waitFor();
  check("a trap is said", /failed \(unreachable.*\).*started again/s.test(await toasts.first().innerText()));
  await squiggles(2);
  check("the server that was started again knows what was typed", true);
  await page.screenshot({ path: join(shots, "trap.png") });
  await toasts.first().hover();
  await page.keyboard.press("Escape");

  await write("# ‡\n");
  const last = toasts.filter({ hasText: "not started again" });
  await last.first().waitFor();
  check("a server that traps again and again is given up", (await last.count()) === 1);
  await page.screenshot({ path: join(shots, "given-up.png") });
  const texts = (await toasts.allInnerTexts()).concat(said).join("\n");
  check("nothing that is said has the text", !texts.includes(secret) && !texts.includes("‡"));

  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Delete");
  await page.keyboard.press("F1");
  await page.keyboard.insertText(">keylint: Restart the Server");
  await page.keyboard.press("Enter");
  await squiggles(2);
  check("the user can start it", true);
});
