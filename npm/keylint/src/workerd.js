// The entry for workerd (Cloudflare Workers): a module is compiled when the worker is deployed, and starts at import.

import module from "../dist/keylint.wasm";
import texts from "../dist/keylint.texts.bin";
import { initSync, textsFrom } from "./api.js";

initSync(module);
textsFrom(() => texts);

/** The module has started, and the texts are at hand. */
export async function init() {}
export async function loadTexts() {}

export * from "./public.js";
