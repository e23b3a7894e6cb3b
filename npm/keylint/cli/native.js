// Finds the native program: `KEYLINT_BINARY`, or the package of this platform. Not here: running it.

import { createRequire } from "node:module";

/** The path of the native program; `undefined` where there is none. An empty `KEYLINT_BINARY` asks for WebAssembly. */
export function native(env = process.env, platform = process.platform, arch = process.arch) {
  if (env.KEYLINT_BINARY !== undefined) {
    return env.KEYLINT_BINARY || undefined;
  }
  // One for all C libraries of Linux: the program is static.
  const file = platform === "win32" ? "keylint.exe" : "keylint";
  try {
    return createRequire(import.meta.url).resolve(`@keylint/cli-${platform}-${arch}/bin/${file}`);
  } catch {
    return undefined;
  }
}
