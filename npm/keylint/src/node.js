// The entry for Node and Bun: starts at import, from the file beside it.

import { readFileSync } from "node:fs";
import { initSync, textsFrom } from "./api.js";

const file = (name) => readFileSync(new URL(`../dist/${name}`, import.meta.url));

initSync(file("keylint.wasm"));
textsFrom(() => file("keylint.texts.bin"));

/** The module has started, and the texts are at hand. */
export async function init() {}
export async function loadTexts() {}

export * from "./public.js";
