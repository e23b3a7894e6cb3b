// The entry for `require`: becomes `dist/node.cjs`, which starts at once from the file beside it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { initSync, textsFrom } from "./api.js";

const file = (name) => readFileSync(join(__dirname, name));

initSync(file("keylint.wasm"));
textsFrom(() => file("keylint.texts.bin"));

/** The module has started, and the texts are at hand. */
export async function init() {}
export async function loadTexts() {}

export * from "./public.js";
