// The entry with everything inside: starts at import, in any host, and needs no file, no network and no permission.
// Becomes `dist/inline.js` and `dist/inline.cjs`.

import { module, texts } from "../dist/bytes.js";
import { initSync, textsFrom } from "./api.js";

function decode(base64) {
  if (typeof Uint8Array.fromBase64 === "function") {
    return Uint8Array.fromBase64(base64);
  }
  if (typeof Buffer === "function") {
    return Buffer.from(base64, "base64");
  }
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

initSync(decode(module));
textsFrom(() => decode(texts));

/** The module has started, and the texts are at hand. */
export async function init() {}
export async function loadTexts() {}

export * from "./public.js";
