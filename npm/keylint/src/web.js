// The entry for browsers, workers and bundlers, which find the files by `new URL(…, import.meta.url)`.

import { start, textsFrom } from "./api.js";

/** The start that is under way. */
let starting;

/** Fetches and starts the module, once; and the texts of the rules, unless `texts` is `false`. */
export function init(source, { texts = true } = {}) {
  starting ??= Promise.all([
    start(source ?? new URL("../dist/keylint.wasm", import.meta.url)),
    texts === false ? undefined : loadTexts(texts === true ? undefined : texts),
  ]).catch((error) => {
    starting = undefined;
    throw error;
  });
  return starting.then(() => {});
}

/** Fetches the texts of the rules, which reports for people, SARIF, `rules` and `explain` need. */
export async function loadTexts(source) {
  let from = (await source) ?? new URL("../dist/keylint.texts.bin", import.meta.url);
  if (typeof from === "string" || from instanceof URL || from instanceof Request) {
    from = await fetch(from);
  }
  if (from instanceof Response) {
    if (!from.ok) {
      throw new Error(`cannot fetch the texts of the rules: ${from.status}`);
    }
    from = await from.arrayBuffer();
  }
  textsFrom(() => from);
}

export * from "./public.js";
