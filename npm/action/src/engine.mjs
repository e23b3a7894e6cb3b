// The scanner, started from the bytes inside the bundle. Not here: anything of the Action.

import { gunzipSync } from "node:zlib";

// Compressed, and put here by `cargo xtask dist`.
import module from "packed-module";
import texts from "packed-texts";

import { initSync, textsFrom } from "../../keylint/src/api.js";

initSync(gunzipSync(module));
textsFrom(() => gunzipSync(texts));

export { Ignore, createScanner, explain, formats, readConfig } from "../../keylint/src/api.js";
